"""People, roles and tokens: who sees what of whom."""

import pytest
import requests
from account import Account

FULL_ADMIN = "Y2lzY29zcGFyazovL3VzL1JPTEUvaWRfZnVsbF9hZG1pbg"
READ_ONLY_ADMIN = "Y2lzY29zcGFyazovL3VzL1JPTEUvaWRfcmVhZG9ubHlfYWRtaW4"
ADMIN_FIELDS = {"roles", "licenses", "loginEnabled", "invitePending"}


def test_the_bot_sees_the_basic_profile(bot: Account, alice: Account) -> None:
    profile = bot.get(f"/people/{alice.me()['id']}").json()
    assert (profile["displayName"], profile["emails"]) == ("Alice Martin", ["alice@example.com"])
    assert not ADMIN_FIELDS & profile.keys()


def test_the_admin_token_sees_roles_of_its_own_organization(app: Account, alice: Account, oscar: Account) -> None:
    profile = app.get(f"/people/{alice.me()['id']}").json()
    assert profile["roles"] == [FULL_ADMIN]
    assert profile.keys() >= ADMIN_FIELDS
    assert not ADMIN_FIELDS & app.get(f"/people/{oscar.me()['id']}").json().keys()


def test_me_is_the_owner_of_the_token(bot: Account, app: Account) -> None:
    assert (bot.me()["displayName"], bot.me()["type"]) == ("Extensions", "bot")
    assert app.me()["type"] == "appuser"
    assert bot.get(f"/people/{bot.me()['id']}").json() == bot.me()


def test_a_list_has_no_admin_fields_and_only_the_organization(app: Account) -> None:
    items = app.get("/people").json()["items"]
    assert [person["firstName"] for person in items] == ["Alice", "Rita", "Leo", "Nina", "Extensions"]
    assert not any(ADMIN_FIELDS & person.keys() for person in items)


def test_finds_people_by_email_name_id_and_role(app: Account, alice: Account) -> None:
    alice_id = alice.me()["id"]

    def found(**query: str) -> list[str]:
        return [person["firstName"] for person in app.get("/people", **query).json()["items"]]

    assert found(email="Alice@Example.com") == ["Alice"]
    assert found(email="oscar@example.org") == []
    assert found(displayName="ni") == ["Nina"]
    assert found(id=f"{alice_id},unknown") == ["Alice"]
    assert found(roles=READ_ONLY_ADMIN) == ["Rita"]


def test_people_without_a_role_must_say_whom_they_look_for(nina: Account) -> None:
    assert nina.get("/people").status_code == 400
    assert nina.get("/people", email="alice@example.com").json()["items"][0]["displayName"] == "Alice Martin"
    assert nina.get("/people", email="alice@example.com", roles=FULL_ADMIN).status_code == 403


def test_an_unknown_person_is_not_found(bot: Account) -> None:
    assert bot.get("/people/unknown").status_code == 404


def test_roles_are_for_administrators(app: Account, bot: Account, nina: Account) -> None:
    roles = {role["name"]: role["id"] for role in app.get("/roles").json()["items"]}
    assert roles["Full Administrator"] == FULL_ADMIN
    assert roles["Read-only Administrator"] == READ_ONLY_ADMIN
    assert app.get(f"/roles/{FULL_ADMIN}").json() == {"id": FULL_ADMIN, "name": "Full Administrator"}
    assert app.get("/roles/unknown").status_code == 404
    assert [who.get("/roles").status_code for who in (bot, nina)] == [403, 403]


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "sandbox-alice"}])
def test_without_a_token_nobody_is_answered(alice: Account, header: dict[str, str]) -> None:
    answer = requests.get(f"{alice.api_url}/people/me", headers=header, timeout=30)
    sentence = "The request requires a valid access token set in the Authorization request header."
    assert answer.status_code == 401
    assert answer.json() == {
        "message": sentence,
        "errors": [{"description": sentence}],
        "trackingId": answer.headers["trackingId"],
    }


def test_every_answer_has_a_tracking_id_of_its_own(alice: Account) -> None:
    answers = [alice.get("/people/me"), alice.get("/people/me"), alice.get("/nowhere"), alice.put("/people/me")]
    assert [answer.status_code for answer in answers] == [200, 200, 404, 405]
    assert len({answer.headers["trackingId"] for answer in answers}) == 4
    assert answers[2].json()["trackingId"] == answers[2].headers["trackingId"]


def test_a_token_without_the_scope_is_refused_by_its_name(app: Account) -> None:
    refused = app.post("/messages", toPersonEmail="alice@example.com", text="hello")
    assert (refused.status_code, refused.json()["message"]) == (
        403,
        "Missing required scope: spark:messages_write",
    )


def test_ids_are_the_same_in_every_sandbox(alice: Account) -> None:
    assert alice.me()["id"] == ("Y2lzY29zcGFyazovL3VzL1BFT1BMRS9mZmJlMzZiOC0zNTg1LTViMDItOGI4Yy0xNTNjYzRhOWQ1NDY")
