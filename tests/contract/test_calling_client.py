"""Our client of the virtual extension API against the sandbox, over HTTP."""

from collections.abc import Callable, Iterator

import pytest

from bot.calling.client import CallingClient
from bot.calling.errors import explain
from bot.calling.requests import (
    ExtensionFilter,
    ExtensionUpdate,
    NewExtension,
    NewRange,
    RangeCheck,
    RangeFilter,
    RangeUpdate,
)
from bot.calling.token import StaticToken
from bot.errors import Conflict, Invalid, NotFound, Refused, Unreachable, WebexError
from bot.sandbox.faults import Fault
from bot.sandbox.ids import new_id
from bot.sandbox.seed import ORG_ID
from bot.sandbox.seed_numbers import location_id
from bot.sandbox.server import SandboxServer
from bot.telephony import Mode, Order, PatternAction

DENVER = location_id("Denver")
JANE = NewExtension(
    display_name="Jane Doe", phone_number="+14085550123", extension="5012", first_name="Jane", location_id=DENVER
)
BERLIN = NewRange(name="Berlin", prefix="+4930555", patterns=("5XXX", "6XXX"))

ClientOf = Callable[[str], CallingClient]


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    with SandboxServer(extensions=1234) as server:
        yield server


@pytest.fixture
def client_of(sandbox: SandboxServer) -> Iterator[ClientOf]:
    clients: list[CallingClient] = []

    def open_client(token: str) -> CallingClient:
        clients.append(CallingClient(sandbox.api_url, StaticToken(token), org_id=ORG_ID, sleep=lambda _: None))
        return clients[-1]

    yield open_client
    for client in clients:
        client.close()


@pytest.fixture
def client(client_of: ClientOf) -> CallingClient:
    return client_of("sandbox-calling")


def test_an_extension_from_creation_to_deletion(client: CallingClient) -> None:
    created = client.create_extension(JANE)
    assert created.id
    assert created.tracking_id
    changed = client.update_extension(created.id, ExtensionUpdate(display_name="Jane Roe", first_name=""))
    assert changed.tracking_id
    assert changed.tracking_id != created.tracking_id
    found = client.get_extension(created.id)
    assert (found.extension, found.esn, found.phone_number) == ("5012", "77025012", "+14085550123")
    assert (found.display_name, found.first_name, found.location_name) == ("Jane Roe", None, "Denver")
    assert client.all_extensions(ExtensionFilter(extension="5012", location_id=DENVER)) == [found]
    assert client.delete_extension(created.id).tracking_id
    with pytest.raises(NotFound):
        client.get_extension(created.id)


def test_a_range_from_creation_to_deletion(client: CallingClient) -> None:
    created = client.create_range(BERLIN)
    assert created.id
    client.update_range(created.id, RangeUpdate(name="Spree", patterns=("7XXX",), action=PatternAction.ADD))
    details = client.get_range(created.id)
    assert (details.name, details.patterns) == ("Spree", ("5XXX", "6XXX", "7XXX"))
    (listed,) = client.all_ranges(RangeFilter(name="Spree", org_level_only=True))
    assert (listed.id, listed.level, listed.patterns) == (created.id, "ORGANIZATION", None)
    client.delete_range(created.id)
    with pytest.raises(NotFound):
        client.get_range(created.id)


def test_the_mode_is_changed(client: CallingClient) -> None:
    assert client.get_mode() == "STANDARD"
    assert client.set_mode(Mode.ENHANCED).tracking_id
    assert client.get_mode() == "ENHANCED"


def test_pages_and_the_whole_list_agree(client: CallingClient) -> None:
    in_lyon = ExtensionFilter(location_id=location_id("Lyon"))
    everything = client.all_extensions(in_lyon)
    paged, start, more = [], 0, True
    while more:
        page = client.list_extensions(in_lyon, start=start, max_items=60)
        paged, start, more = [*paged, *page.items], start + len(page.items), page.more
    assert paged == everything
    assert len({item.id for item in everything}) == len(everything) > 100


def test_a_long_list_is_read_whole_with_hardly_a_call_too_many(
    client: CallingClient, sandbox: SandboxServer
) -> None:
    found = client.all_extensions(ExtensionFilter())
    assert len({item.id for item in found}) == len(found) == 1234
    assert [item.extension for item in found] == sorted(item.extension for item in found)
    assert len(sandbox.world.calls) <= 14


def test_the_order_turns_round(client: CallingClient) -> None:
    up = [item.extension for item in client.all_extensions(ExtensionFilter(order=Order.ASC))]
    down = [item.extension for item in client.all_extensions(ExtensionFilter(order=Order.DSC))]
    assert down == up[::-1]


def test_what_matches_nothing_is_an_empty_list(client: CallingClient) -> None:
    assert client.all_extensions(ExtensionFilter(extension="9999")) == []
    assert client.all_ranges(RangeFilter(name="nowhere")) == []
    assert client.list_locations("nowhere") == []


def test_locations_are_listed_with_their_routing_prefix(client: CallingClient) -> None:
    assert {"Lyon", "Denver", "Munich", "Tokyo"} <= {place.name for place in client.list_locations()}
    assert [(place.id, place.routing_prefix) for place in client.list_locations("denv")] == [(DENVER, "7702")]


def test_numbers_are_validated_one_by_one(client: CallingClient) -> None:
    assert client.validate_numbers(["+14085550123"]).passed
    verdict = client.validate_numbers(["098765678", "+14085550123"])
    assert not verdict.passed
    assert [entry.status for entry in verdict.entries] == ["INVALID", "VALID"]


def test_a_range_is_validated_part_by_part(client: CallingClient) -> None:
    client.create_range(BERLIN)
    assert client.validate_range(RangeCheck(name="Spree", prefix="+4930556", patterns=("8XXX",))).passed
    verdict = client.validate_range(RangeCheck(name="Berlin", prefix="+4930556", patterns=("8XXX", "8XXX")))
    assert {(entry.name, entry.pattern, entry.status) for entry in verdict.entries} >= {
        ("Berlin", None, "DUPLICATE"),
        (None, "8XXX", "DUPLICATE_IN_LIST"),
    }


@pytest.mark.parametrize(
    ("changed", "kind", "field"),
    [
        ({}, Conflict, "extension"),
        ({"extension": "50a"}, Invalid, "extension"),
        ({"extension": "112"}, Invalid, "extension"),
        ({"extension": "5013", "display_name": ""}, Invalid, "display_name"),
        ({"extension": "5013", "phone_number": "123"}, Invalid, "phone_number"),
    ],
)
def test_a_refused_extension_is_explained_at_its_field(
    client: CallingClient, changed: dict[str, str], kind: type[WebexError], field: str
) -> None:
    client.create_extension(JANE)
    with pytest.raises(kind) as caught:
        client.create_extension(JANE.model_copy(update=changed))
    assert caught.value.call.tracking_id
    assert explain(caught.value).field == field


@pytest.mark.parametrize(
    ("changed", "kind", "field"),
    [
        ({}, Conflict, "name"),
        ({"name": "Spree", "prefix": "49"}, Invalid, "prefix"),
        ({"name": "Spree", "patterns": ("X",)}, Invalid, "patterns"),
        ({"name": ""}, Invalid, "name"),
    ],
)
def test_a_refused_range_is_explained_at_its_field(
    client: CallingClient, changed: dict[str, str], kind: type[WebexError], field: str
) -> None:
    client.create_range(BERLIN)
    with pytest.raises(kind) as caught:
        client.create_range(BERLIN.model_copy(update=changed))
    assert explain(caught.value).field == field


def test_a_role_or_a_token_that_is_missing_is_refused(client_of: ClientOf) -> None:
    assert client_of("sandbox-rita").get_mode() == "STANDARD"
    for token, status in (("sandbox-rita", 403), ("sandbox-bot", 403), ("sandbox-nobody", 401)):
        with pytest.raises(Refused) as caught:
            client_of(token).set_mode(Mode.ENHANCED)
        assert caught.value.call.status == status


def test_an_id_of_another_kind_is_invalid(client: CallingClient) -> None:
    with pytest.raises(Invalid) as caught:
        client.get_extension(new_id("VIRTUAL_LINE"))
    assert caught.value.call.message == "Wrong type of Webex ID provided"


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=429, headers={"Retry-After": "rand(30),add(30)"}, count=2),
        Fault(status=502, body="<html>Bad gateway</html>", count=2),
        Fault(drop="before", count=2),
        Fault(drop="after", count=2),
    ],
    ids=["busy", "gateway", "dropped before", "dropped after"],
)
def test_a_read_survives_what_passes(client: CallingClient, sandbox: SandboxServer, fault: Fault) -> None:
    sandbox.world.faults.add(fault)
    assert client.get_mode() == "STANDARD"
    assert [call.path for call in sandbox.world.calls][-1].endswith("/settings")


@pytest.mark.parametrize(
    ("fault", "created"),
    [(Fault(drop="before", count=1), 0), (Fault(drop="after", count=1), 1), (Fault(status=503, count=1), 0)],
    ids=["dropped before", "dropped after", "unavailable"],
)
def test_a_change_without_an_answer_is_left_to_be_looked_up(
    client: CallingClient, sandbox: SandboxServer, fault: Fault, created: int
) -> None:
    sandbox.world.faults.add(fault)
    with pytest.raises(Unreachable) as caught:
        client.create_extension(JANE)
    assert caught.value.call.outcome_unknown
    assert len(client.all_extensions(ExtensionFilter(extension="5012"))) == created


def test_a_change_that_is_told_to_wait_is_made_once(client: CallingClient, sandbox: SandboxServer) -> None:
    sandbox.world.faults.add(Fault(method="POST", status=429, headers={"Retry-After": "1"}, count=3))
    assert client.create_extension(JANE).id
    assert len(client.all_extensions(ExtensionFilter(extension="5012"))) == 1


def test_half_an_answer_is_none(client: CallingClient, sandbox: SandboxServer) -> None:
    sandbox.world.faults.add(Fault(truncate=True))
    with pytest.raises(Unreachable):
        client.all_extensions(ExtensionFilter())


def test_a_service_that_is_away_has_done_nothing() -> None:
    with SandboxServer() as sandbox:
        away = sandbox.api_url
    client = CallingClient(away, StaticToken("sandbox-calling"))
    with pytest.raises(Unreachable) as caught:
        client.create_extension(JANE)
    client.close()
    assert not caught.value.call.outcome_unknown
