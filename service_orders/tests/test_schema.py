"""Test the OpenAPI document of both contracts."""

from drf_spectacular.validation import validate_schema

from core.api.views import openapi

SHARED = ["/api/v1/orders", "/api/v1/orders/{order_id}", "/api/v1/orders/{order_id}/history"]


def shapes(content: dict) -> list[str]:
    schema = content["content"]["application/json"]["schema"]
    return [each["$ref"].rsplit("/")[-1] for each in schema.get("anyOf", [schema])]


def test_the_schema_is_valid():
    validate_schema(openapi())


def test_shared_paths_document_both_contracts():
    paths = openapi()["paths"]
    assert [list(paths[path]) for path in SHARED] == [["get", "post"], ["get"], ["get"]]
    create = paths["/api/v1/orders"]["post"]
    assert shapes(create["requestBody"]) == ["PlaceOrderInput", "PlaceServiceOrderInput"]
    assert shapes(create["responses"]["201"]) == ["OrderOutputReply", "PlacedOutputReply"]
    assert shapes(create["responses"]["4XX"]) == ["ErrorReply", "TerritoryErrorReply"]
    assert shapes(paths["/api/v1/orders"]["get"]["responses"]["200"]) == [
        "OrderOutputPageReply",
        "ServiceOrderOutputPageReply",
    ]


def test_a_status_is_patched_in_one_contract_and_put_in_the_other():
    status = openapi()["paths"]["/api/v1/orders/{order_id}/status"]
    assert shapes(status["patch"]["responses"]["200"]) == ["OrderOutputReply"]
    assert shapes(status["put"]["responses"]["200"]) == ["ServiceOrderStatusOutputReply"]


def test_the_header_is_optional_on_shared_operations_only():
    paths = openapi()["paths"]

    def is_required(operation: dict) -> bool:
        [header] = [each for each in operation["parameters"] if each["name"] == "Territory-Id"]
        return header.get("required", False)

    assert is_required(paths["/api/v1/orders/{order_id}/status"]["put"])
    assert not is_required(paths["/api/v1/orders"]["get"])
    assert not [path for path in paths if "~" in path]
