"""Answers of SCIM and of memberships in other forms than are documented: nobody gets a location by accident."""

from collections.abc import Iterator
from typing import Any

import pytest
from scripted_webex import Answer, ScriptedWebex, scripted_webex

from bot.errors import Refused, Unreachable
from bot.webex.directory import Directory
from bot.webex.messaging import Messaging

SCIM = "urn:scim:schemas:extension:cisco:webexidentity:2.0:User"
LYON = {"orgId": "o", "groupId": "lyon", "role": "location_full_admin"}


@pytest.fixture
def webex() -> Iterator[ScriptedWebex]:
    with scripted_webex() as server:
        yield server


def locations_of(webex: ScriptedWebex) -> list[str]:
    return Directory(webex.session()).list_managed_locations("org", "jane")


@pytest.mark.parametrize(
    ("extension", "locations"),
    [
        ({"managedGroups": [LYON]}, ["lyon"]),
        ({"managedGroups": [{**LYON, "role": "location_admin", "new": {}}]}, ["lyon"]),
        ({"managedGroups": [{**LYON, "role": "LOCATION_FULL_ADMIN"}]}, []),
        ({"managedGroups": [{**LYON, "role": None}]}, []),
        ({"managedGroups": [{**LYON, "role": ["location_full_admin"]}]}, []),
        ({"managedGroups": [{**LYON, "groupId": ""}]}, []),
        ({"managedGroups": [{**LYON, "groupId": None}, LYON]}, ["lyon"]),
        ({"managedGroups": [{**LYON, "groupId": 7}, LYON]}, ["lyon"]),
        ({"managedGroups": [{"role": "location_full_admin"}]}, []),
        ({"managedGroups": ["lyon", None, [LYON], LYON]}, ["lyon"]),
        ({"managedGroups": LYON}, []),
        ({"managedGroups": None}, []),
        ({"managedOrgs": []}, []),
        ({}, []),
        (None, []),
        ([LYON], []),
        ("location_full_admin", []),
    ],
)
def test_only_what_is_certain_counts(webex: ScriptedWebex, extension: Any, locations: list[str]) -> None:
    webex.will_answer(Answer(body={"id": "jane", SCIM: extension}))
    assert locations_of(webex) == locations
    assert webex.lines == ["GET /identity/scim/org/v2/Users/jane"]


def test_a_user_without_the_extension_administers_nothing(webex: ScriptedWebex) -> None:
    webex.will_answer(Answer(body={"id": "jane"}))
    assert locations_of(webex) == []


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"null", b"", b'"text"'])
def test_an_answer_that_is_no_object_is_none(webex: ScriptedWebex, body: bytes) -> None:
    webex.will_answer(Answer(body=body))
    with pytest.raises(Unreachable):
        locations_of(webex)


def test_a_scim_error_is_read_whatever_its_form(webex: ScriptedWebex) -> None:
    webex.will_answer(
        Answer(403, {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "detail": "x", "status": "403"})
    )
    with pytest.raises(Refused):
        locations_of(webex)


@pytest.mark.parametrize(
    ("body", "members"),
    [
        ({"items": [{"id": "M1", "personId": "P1"}, {"id": "M2", "personId": "P2"}]}, ["P1", "P2"]),
        ({"items": [{"id": "M1", "personId": "P1", "new": {}}]}, ["P1"]),
        ({"items": []}, []),
    ],
)
def test_members_are_read_by_their_person_ids(webex: ScriptedWebex, body: Any, members: list[str]) -> None:
    webex.will_answer(Answer(body=body))
    assert Messaging(webex.session()).list_members("R1") == members
    assert webex.lines == ["GET /v1/memberships?roomId=R1"]


def test_members_without_a_person_are_nobody(webex: ScriptedWebex) -> None:
    webex.will_answer(Answer(body={"items": [{"id": "M1", "personId": None}, {"id": "M2"}]}))
    assert not any(Messaging(webex.session()).list_members("R1"))


def test_an_answer_without_members_is_no_answer(webex: ScriptedWebex) -> None:
    webex.will_answer(Answer(body={"members": []}))
    with pytest.raises(Unreachable):
        Messaging(webex.session()).list_members("R1")
