import pytest

from notifications.models import PushToken

PATH = "/devices/push-token"


def kept():
    return sorted(PushToken.objects.values_list("user__name", "platform", "token"))


def test_a_phone_is_registered_for_push_messages(api, asha):
    answer = api(asha).post(PATH, {"platform": "ANDROID", "token": "a:token"})
    assert (answer.status_code, answer.body["data"]["platform"]) == (201, "ANDROID")
    assert "a:token" not in str(answer.body)
    assert kept() == [("Asha", "ANDROID", "a:token")]


def test_a_new_phone_replaces_the_former_of_its_platform_only(api, asha):
    asha = api(asha)
    asha.post(PATH, {"platform": "ANDROID", "token": "old"})
    asha.post(PATH, {"platform": "IOS", "token": "apple"})
    assert asha.post(PATH, {"platform": "ANDROID", "token": "new"}).status_code == 200
    assert kept() == [("Asha", "ANDROID", "new"), ("Asha", "IOS", "apple")]


def test_a_phone_that_changed_hands_is_its_new_owners_alone(api, asha, ravi):
    api(asha).post(PATH, {"platform": "ANDROID", "token": "shared"})
    api(ravi).post(PATH, {"platform": "ANDROID", "token": "shared"})
    assert kept() == [("Ravi", "ANDROID", "shared")]


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({}, "{platform=Platform is required, token=Token is required}"),
        ({"platform": "NOKIA", "token": "abc"}, "{platform=Platform must be ANDROID or IOS}"),
        ({"platform": "IOS", "token": None}, "{token=Token is required}"),
        ({"platform": "IOS", "token": ["abc"]}, "{token=Token must be text}"),
        ({"platform": "IOS", "token": "a\0b"}, "{token=Token must not contain control characters}"),
        ({"platform": "IOS", "token": "x" * 501}, "{token=Token must be at most 500 characters}"),
        ({"platform": {"a": 1}, "token": "abc"}, "{platform=Platform must be ANDROID or IOS}"),
    ],
)
def test_what_is_no_token_is_refused(api, asha, body, details):
    answer = api(asha).post(PATH, body)
    assert (answer.status_code, answer.body["errorDetails"]) == (400, details)
    assert kept() == []


def test_registering_a_phone_requires_authentication(api):
    assert api().post(PATH, {"platform": "IOS", "token": "abc"}).status_code == 401
