"""Generate one OpenAPI document for both contracts, merging the operations of shared paths."""

from collections.abc import Mapping
from typing import Any

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator

from core.contracts import territory
from core.contracts.dispatch import ByContract

Operation = dict[str, Any]

# Separates the territory contract's operations until they are merged; no path of ours contains it.
_MARK = "~territory"


class _Endpoints(EndpointEnumerator):
    """Enumerate a shared path once per contract."""

    def _get_api_endpoints(self, patterns: Any, prefix: str) -> list[tuple]:
        found: Any = patterns or self.patterns
        apart = [one for pattern in found for one in _split_by_contract(pattern)]
        return super()._get_api_endpoints(apart, prefix)


class ContractsGenerator(SchemaGenerator):
    endpoint_inspector_cls = _Endpoints

    def parse(self, *args: Any, **options: Any) -> dict[str, dict[str, Operation]]:
        paths = super().parse(*args, **options)
        for marked in [route for route in paths if route.endswith(_MARK)]:
            operations = paths.setdefault(marked.removesuffix(_MARK), {})
            for method, operation in paths.pop(marked).items():
                operations[method] = _merge(operations[method], operation) if method in operations else operation
        return paths


def _split_by_contract(pattern: URLPattern | URLResolver) -> list[URLPattern | URLResolver]:
    if not isinstance(pattern.callback, ByContract):
        return [pattern]
    route, views = str(pattern.pattern), pattern.callback
    return [path(route, views.equipment), path(route + _MARK, views.territory)]


def _merge(plain: Operation, in_territory: Operation) -> Operation:
    """Merge two operations: `in_territory` applies if the header is sent, else `plain`."""
    merged = plain | {
        "description": _description(plain, in_territory),
        "parameters": _parameters(plain, in_territory),
        "responses": {
            code: _merge_content(plain["responses"].get(code), in_territory["responses"].get(code))
            for code in plain["responses"] | in_territory["responses"]
        },
    }
    if "requestBody" in plain and "requestBody" in in_territory:
        merged["requestBody"] = _merge_content(plain["requestBody"], in_territory["requestBody"])
    return merged


def _description(plain: Operation, in_territory: Operation) -> str:
    descriptions = [plain.get("description", ""), in_territory.get("description", "")]
    return f"{descriptions[0]}\n\nWith the header `{territory.HEADER}`: {descriptions[1]}"


def _parameters(plain: Operation, in_territory: Operation) -> list[dict[str, Any]]:
    by_name = {each["name"]: each for each in in_territory.get("parameters", []) + plain.get("parameters", [])}
    optional = {name: each for name, each in by_name[territory.HEADER].items() if name != "required"}
    return list((by_name | {territory.HEADER: optional}).values())


def _merge_content(plain: Mapping[str, Any] | None, in_territory: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if plain is None or in_territory is None:
        return plain or in_territory or {}
    shapes = [each["content"]["application/json"]["schema"] for each in (plain, in_territory) if "content" in each]
    return {**plain, "content": {"application/json": {"schema": {"anyOf": shapes}}}}
