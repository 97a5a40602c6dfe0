"""What of the organization a person may see."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from bot.calling.client import CallingClient
from bot.calling.models import Extension, Range
from bot.calling.requests import ExtensionFilter
from bot.calling.token import StaticToken
from bot.errors import NotAllowed, UserError
from bot.places import Locations, View, place_of
from bot.policy import EVERYWHERE, ORGANIZATION, Place, Reach
from bot.sandbox.seed import LYON_ID
from bot.sandbox.server import SandboxServer
from bot.webex.ids import name_in

REFUSAL = "You need the permission “read”."
AT_LYON = Reach(locations=frozenset({name_in(LYON_ID)}))


@pytest.fixture
def locations(sandbox: SandboxServer) -> Iterator[Locations]:
    with closing(CallingClient(sandbox.api_url, StaticToken("sandbox-calling"))) as calling:
        yield Locations(calling, lambda: datetime.now(UTC))


def view(locations: Locations, reach: Reach) -> View:
    return View(locations, reach, reach.includes, REFUSAL)


@pytest.mark.parametrize(
    ("reach", "limits"),
    [
        (EVERYWHERE, ""),
        (AT_LYON, "only at Lyon"),
        (AT_LYON | Reach(organization=True), "only at Lyon, organization level"),
        (Reach(locations=frozenset({"Tokyo", "denver", "Paris"})), "only at Denver, Tokyo"),
        (Reach(organization=True), "only at organization level"),
        (Reach(locations=frozenset({"Paris"})), "only at no location"),
    ],
)
def test_a_view_says_where_it_is_limited_to(locations: Locations, reach: Reach, limits: str) -> None:
    assert view(locations, reach).limits() == limits


def test_a_location_is_found_among_those_that_may_be_seen(locations: Locations) -> None:
    limited = view(locations, AT_LYON)
    assert limited.find_location("lyon").id == limited.find_location(LYON_ID).id == LYON_ID
    assert view(locations, EVERYWHERE).find_location("den").name == "Denver"


def test_a_location_elsewhere_is_refused_like_one_that_is_not_there(locations: Locations) -> None:
    refusals = []
    for named in ("Denver", "Nowhere"):
        with pytest.raises(NotAllowed) as refused:
            view(locations, AT_LYON).find_location(named)
        refusals.append(str(refused.value).replace(named, "…"))
    assert refusals == [f"There is no location “…” with Webex Calling where you may do that. {REFUSAL}"] * 2


def test_who_sees_everything_is_told_what_there_is(locations: Locations) -> None:
    with pytest.raises(UserError) as wrong:
        view(locations, EVERYWHERE).find_location("Nowhere")
    assert str(wrong.value) == (
        "There is no location “Nowhere” with Webex Calling. Choose one of Denver, Lyon, Munich, Tokyo."
    )


@pytest.mark.parametrize(
    ("reach", "narrowed"),
    [
        (EVERYWHERE, {}),
        (AT_LYON, {"location_id": LYON_ID}),
        (AT_LYON | Reach(organization=True), {}),
        (Reach(locations=frozenset({"Lyon", "Denver"})), {}),
        (Reach(organization=True), {"org_level_only": True}),
    ],
)
def test_webex_is_asked_for_as_little_as_can_be(
    locations: Locations, reach: Reach, narrowed: dict[str, object]
) -> None:
    assert view(locations, reach).narrow(ExtensionFilter()) == ExtensionFilter(**narrowed)


def test_where_a_thing_is_said_to_be() -> None:
    at_lyon = Extension(id="E1", level="LOCATION", location_id=LYON_ID, location_name="Lyon")
    assert place_of(at_lyon) == Place(LYON_ID, "Lyon")
    assert place_of(Extension(id="E1", level="ORGANIZATION")) == ORGANIZATION
    assert place_of(Range(id="R1", level="ORGANIZATION", location_id="")) == ORGANIZATION


def test_what_is_at_an_unknown_location_is_not_at_organization_level() -> None:
    """Webex need not say at which: then it is for those who may be everywhere, or have the name."""
    unnamed, named = (
        place_of(Range(id="R1", level="LOCATION")),
        place_of(Extension(id="E1", level="LOCATION", location_name="Lyon")),
    )
    assert EVERYWHERE.includes(unnamed)
    assert not Reach(organization=True).includes(unnamed)
    assert not Reach(locations=frozenset({"", "Lyon"})).includes(unnamed)
    assert Reach(locations=frozenset({"Lyon"})).includes(named)
    assert not Reach(organization=True).includes(named)
