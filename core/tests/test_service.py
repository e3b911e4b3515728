import re

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.templatetags.static import static
from django.test import override_settings

from core.api.views import openapi

SWAGGER_FILES = [".css", "-bundle.js", "-standalone-preset.js"]
NOWHERE = "redis://127.0.0.1:1/0"


def test_the_service_says_that_it_lives_without_a_token(api):
    response = api().get("/health/live")
    assert (response.status_code, response.body["success"], response.body["data"]) == (200, True, None)


def test_the_service_is_ready_when_database_broker_and_channel_layer_answer(api):
    assert api().get("/health/ready").status_code == 200


def test_readiness_names_the_broker_that_does_not_answer(api, settings):
    settings.CELERY_BROKER_URL = NOWHERE
    response = api().get("/health/ready")
    assert response.status_code == 503
    assert response.body["success"] is False
    assert response.body["message"] == "Service unavailable"
    assert response.body["errorDetails"] == "No answer from: broker"
    assert response.body["errorCode"] == "503"


def test_readiness_names_all_that_do_not_answer_while_the_process_still_lives(api, settings):
    settings.CELERY_BROKER_URL = NOWHERE
    layer = {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [NOWHERE]}}
    with override_settings(CHANNEL_LAYERS={"default": layer}):
        assert api().get("/health/ready").body["errorDetails"] == "No answer from: broker, channel layer"
        assert api().get("/health/live").status_code == 200


def test_the_database_is_asked_over_a_connection_of_its_own(api, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    assert api().get("/health/ready").body["errorDetails"] == "No answer from: database"


def test_health_checks_ignore_tokens(api):
    assert api().get("/health/live", HTTP_AUTHORIZATION="Bearer nonsense").status_code == 200


def test_the_schema_is_open_api_3_1_in_json_for_all(api):
    response = api().get("/schema", HTTP_AUTHORIZATION="Bearer nonsense")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.body["openapi"] == "3.1.0"
    assert "/api/v1/health/ready" in response.body["paths"]


def test_the_schema_is_also_there_in_yaml(api):
    response = api().get("/schema?format=yaml")
    assert response.content.startswith(b"openapi: 3.1.0")


def test_the_schema_shows_the_envelope_of_answers_and_refusals():
    responses = openapi()["paths"]["/api/v1/health/live"]["get"]["responses"]
    assert set(responses) == {"200", "4XX", "5XX"}
    reply = openapi()["components"]["schemas"]["NothingReply"]
    assert set(reply["properties"]) == {"success", "message", "data", "correlationId", "timestamp"}


def test_the_api_can_be_browsed_with_assets_of_its_own(client):
    page = client.get("/docs")
    assert page.status_code == 200
    sources = re.findall(rb'(?:src|href)="([^"]+)"', page.content)
    assert all(source.startswith(b"/") and not source.startswith(b"//") for source in sources)
    swagger = [f"drf_spectacular_sidecar/swagger-ui-dist/swagger-ui{end}" for end in SWAGGER_FILES]
    assets = ["backoffice/icon.svg", "core/docs.css", *swagger]
    assert {source.decode() for source in sources} == {"/docs?script=", *map(static, assets)}
    assert all(finders.find(asset) for asset in assets)


def test_the_browsable_page_starts_with_a_script_of_its_own(client):
    script = client.get("/docs?script=")
    assert script.headers["Content-Type"].startswith("application/javascript")
    assert b'url: "/api/v1/schema"' in script.content
    assert b'"validatorUrl": null' in script.content


@pytest.mark.parametrize("path", ["/", "/api/v1/docs"])
def test_who_comes_to_the_door_is_shown_to_the_docs(client, path):
    response = client.get(path)
    assert (response.status_code, response.headers["Location"]) == (302, "/docs")


def test_there_is_no_html_under_api_not_even_on_the_way_to_the_docs(client):
    assert client.get("/api/v1/docs").headers["Content-Type"] == "application/json"
