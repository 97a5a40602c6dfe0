"""Lists: filters, order, pages; and the locations that a picker shows."""

import pytest
from calling_caller import EXTENSIONS, RANGES, Caller, error_of

from bot.sandbox.ids import new_id
from bot.sandbox.seed import ORG_ID
from bot.sandbox.seed_numbers import location_id, seed_numbering

LYON = location_id("Lyon")


def extensions(admin: Caller, **filters: object) -> list[str]:
    answer = admin.send("GET", EXTENSIONS, max=1000, **filters).json()
    return [each["extension"] for each in answer.get("virtualExtensions", [])]


def names(admin: Caller, **filters: object) -> list[str]:
    answer = admin.send("GET", RANGES, **filters).json()
    return [each["name"] for each in answer.get("virtualExtensionRanges", [])]


def test_the_first_page_has_ten_unless_more_are_asked_for(admin: Caller) -> None:
    first = admin.send("GET", EXTENSIONS)
    assert len(first.json()["virtualExtensions"]) == 10
    assert first.links["next"]["url"].endswith("/v1/telephony/config/virtualExtensions?start=10&max=10")
    assert "next" not in admin.send("GET", EXTENSIONS, max=1000).links


def test_pages_hold_everything_once(admin: Caller) -> None:
    paged = [each.id for each in admin.virtual.list_extensions(max=7)]
    assert paged == [each.id for each in admin.virtual.list_extensions(max=1000)]
    assert len(set(paged)) == len(seed_numbering().extensions())
    assert len(list(admin.virtual.list_range(max=4))) == len(seed_numbering().ranges())


def test_a_link_keeps_the_filters(admin: Caller) -> None:
    found = list(admin.virtual.list_extensions(location_name="lyon", max=2, order="DSC"))
    assert {each.location_name for each in found} == {"Lyon"}
    assert len(found) == 7


def test_beyond_the_end_there_is_nothing(admin: Caller) -> None:
    assert admin.send("GET", EXTENSIONS, start=1000).json() == {}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"extension": "5001"}, ["5001", "5001"]),
        ({"extension": "500"}, []),
        ({"phoneNumber": "+442079460101"}, ["5001"]),
        ({"phoneNumber": "+4420"}, []),
        ({"name": "SMITH"}, ["4002", "5001"]),
        ({"name": "o'b"}, ["5002"]),
        ({"name": "weiß"}, ["4201"]),
        ({"name": "佐藤"}, ["4301"]),
        ({"name": "Freight Desk"}, ["5006"]),
        ({"name": "d'angelo"}, ["5007"]),
        ({"name": "smith", "locationId": LYON}, ["4002"]),
        ({"name": "smith", "locationName": "LYO"}, ["4002"]),
        ({"name": "smith", "orgLevelOnly": "true"}, ["5001"]),
        ({"name": "smith", "orgLevelOnly": "True"}, ["5001"]),
        ({"name": "smith", "orgLevelOnly": "false"}, ["4002", "5001"]),
        ({"name": "smith", "locationName": "Paris"}, []),
        ({"name": "smith", "locationId": f"{LYON}=="}, ["4002"]),
        ({"locationId": new_id("LOCATION")}, []),
    ],
)
def test_filters_of_virtual_extensions(admin: Caller, filters: dict[str, str], found: list[str]) -> None:
    assert extensions(admin, **filters) == found


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"name": "o"}, ["Boulder", "Kyoto", "London"]),
        ({"prefix": "+3319900"}, ["Paris"]),
        ({"prefix": "+33"}, []),
        ({"locationId": LYON}, ["Paris"]),
        ({"orgLevelOnly": "true"}, ["London", "Suppliers"]),
    ],
)
def test_filters_of_ranges(admin: Caller, filters: dict[str, str], found: list[str]) -> None:
    assert names(admin, **filters) == found


@pytest.mark.parametrize("order", ["DSC", "DESC", "dsc"])
def test_virtual_extensions_descending(admin: Caller, order: str) -> None:
    ascending = extensions(admin)
    assert ascending == extensions(admin, order="ASC") == sorted(ascending)
    assert extensions(admin, order=order) == ascending[::-1]


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("ASC", ["Boulder", "Hamburg", "Kyoto", "London", "Paris", "Suppliers"]),
        ("name", ["Boulder", "Hamburg", "Kyoto", "London", "Paris", "Suppliers"]),
        ("DSC", ["Suppliers", "Paris", "London", "Kyoto", "Hamburg", "Boulder"]),
        ("name-DSC", ["Suppliers", "Paris", "London", "Kyoto", "Hamburg", "Boulder"]),
        ("prefix", ["Suppliers", "Boulder", "Paris", "London", "Hamburg", "Kyoto"]),
        ("prefix-desc", ["Kyoto", "Hamburg", "London", "Paris", "Boulder", "Suppliers"]),
    ],
)
def test_order_of_ranges(admin: Caller, order: str, found: list[str]) -> None:
    assert names(admin, order=order) == found


@pytest.mark.parametrize("path", [EXTENSIONS, RANGES])
@pytest.mark.parametrize(
    "query",
    [{"max": "0"}, {"max": "ten"}, {"start": "-1"}, {"order": "up"}, {"orgLevelOnly": "1"}],
)
def test_a_parameter_that_can_not_be_read(admin: Caller, path: str, query: dict[str, str]) -> None:
    (name, value), *_ = query.items()
    refused = error_of(admin.send("GET", path, **query))
    assert refused == (400, None, f"Invalid value for the query parameter {name}: {value}")


@pytest.mark.parametrize("path", [EXTENSIONS, RANGES])
def test_only_one_filter_of_the_place(admin: Caller, path: str) -> None:
    status, _, description = error_of(admin.send("GET", path, locationId=LYON, orgLevelOnly="true"))
    assert status == 400
    assert description.endswith("locationId, orgLevelOnly is allowed at the same time.")
    assert admin.send("GET", EXTENSIONS, locationId=LYON, locationName="Lyon").status_code == 400


@pytest.mark.parametrize("path", [EXTENSIONS, RANGES])
def test_the_place_has_to_be_the_id_of_a_location(admin: Caller, path: str) -> None:
    refused = admin.send("GET", path, locationId=new_id("VIRTUAL_EXTENSION"))
    assert error_of(refused) == (400, None, "Wrong type of Webex ID provided")


def test_calling_locations(admin: Caller) -> None:
    found = list(admin.api.telephony.location.list())
    assert [(each.name, each.routing_prefix) for each in found] == [
        ("Denver", "7702"),
        ("Lyon", "7701"),
        ("Munich", "7703"),
        ("Tokyo", "7704"),
    ]
    assert next(each.name for each in admin.api.telephony.location.list(order="name-desc")) == "Tokyo"
    assert [each.name for each in admin.api.telephony.location.list(name="ny")] == []
    assert [each.name for each in admin.api.telephony.location.list(name="ON")] == ["Lyon"]


def test_pages_of_calling_locations(admin: Caller) -> None:
    path = "/telephony/config/locations"
    first = admin.send("GET", path, max=3)
    assert first.links["next"]["url"].endswith("max=3&start=3")
    assert [each["name"] for each in admin.send("GET", path, max=3, start=3).json()["locations"]] == ["Tokyo"]
    assert admin.send("GET", path, start=9).json() == {"locations": []}
    assert admin.send("GET", path, order="DSC").status_code == 400


def test_all_locations(admin: Caller) -> None:
    found = list(admin.api.locations.list())
    assert [each.name for each in found] == ["Denver", "Lyon", "Munich", "Tokyo"]
    assert {each.org_id for each in found} == {ORG_ID}
    assert found[1].location_id == LYON
    assert [each.name for each in admin.api.locations.list(name="LY")] == ["Lyon"]
    assert [each.name for each in admin.api.locations.list(location_id=LYON)] == ["Lyon"]
