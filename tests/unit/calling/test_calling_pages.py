"""Lists: every item, once, in order, with hardly a call too many."""

import math

import httpx
import pytest
from scripted_calling import EXTENSION_ID, Script, Shelf, answered, client_of

from bot.calling.requests import ExtensionFilter, RangeFilter
from bot.errors import Refused

EVERYTHING = ExtensionFilter()


def extensions_on(shelf: Shelf) -> list[int]:
    client = client_of(shelf)
    found = client.all_extensions(EVERYTHING)
    client.close()
    return [int(item.extension) for item in found]


@pytest.mark.parametrize("linked", ["offset", "cursor", None])
@pytest.mark.parametrize("count", [0, 1, 9, 10, 99, 100, 101, 200, 350, 1000, 1234])
def test_every_item_is_read_once_and_in_order(count: int, linked: str | None) -> None:
    assert extensions_on(Shelf(count, linked)) == list(range(count))


@pytest.mark.parametrize("linked", ["offset", "cursor"])
@pytest.mark.parametrize("cap", [7, 50])
def test_a_server_that_gives_smaller_pages_than_asked_for_is_followed(cap: int, linked: str) -> None:
    assert extensions_on(Shelf(333, linked, cap=cap)) == list(range(333))


def test_a_server_that_heeds_neither_max_nor_sends_links_is_read_to_the_end() -> None:
    assert extensions_on(Shelf(48, None, cap=10)) == list(range(48))


@pytest.mark.parametrize("count", [650, 1250, 5000])
def test_a_server_that_refuses_offsets_behind_the_end_is_read_to_the_end(count: int) -> None:
    assert extensions_on(Shelf(count, strict=True)) == list(range(count))


@pytest.mark.parametrize("count", [100, 500, 1000, 1750, 2600, 3999, 5000, 8000])
def test_long_lists_take_at_most_a_tenth_more_calls_than_needed(count: int) -> None:
    shelf = Shelf(count)
    assert extensions_on(shelf) == list(range(count))
    needed = math.ceil(count / 100)
    assert shelf.calls <= max(needed + 1, needed * 1.1)
    assert shelf.most_open <= 8


@pytest.mark.parametrize("count", [0, 5, 99])
def test_a_short_list_takes_one_call(count: int) -> None:
    shelf = Shelf(count)
    extensions_on(shelf)
    assert shelf.calls == 1


def test_an_item_that_moved_between_pages_is_told_once() -> None:
    first = [{"id": f"{EXTENSION_ID}{number}"} for number in range(100)]
    link = {"Link": '<https://webex.test/v1/x?start=100&max=100>; rel="next"'}
    script = Script(
        [
            answered(json={"virtualExtensions": first}, headers=link),
            answered(json={"virtualExtensions": first[99:]}),
        ]
    )
    assert len(client_of(script).all_extensions(EVERYTHING)) == 100


def test_an_empty_page_with_a_link_does_not_end_the_list() -> None:
    def service(request: httpx.Request) -> httpx.Response:
        start = int(request.url.params["start"])
        link = {"Link": f'<https://webex.test/v1/x?start={start + 100}>; rel="next"'} if start < 300 else {}
        return answered(json={} if start < 300 else {"virtualExtensions": [{"id": EXTENSION_ID}]}, headers=link)

    assert [item.id for item in client_of(service).all_extensions(EVERYTHING)] == [EXTENSION_ID]


def test_a_link_that_leads_back_is_followed_once() -> None:
    link = {"Link": '<https://webex.test/v1/x?cursor=abc>; rel="next"'}
    script = Script([answered(json={"virtualExtensions": [{"id": EXTENSION_ID}]}, headers=link)])
    assert len(client_of(script).all_extensions(EVERYTHING)) == 1
    assert len(script.requests) == 2


def test_filters_go_with_every_page_and_the_token_only_to_webex() -> None:
    hosts, names = set(), set()
    shelf = Shelf(450)

    def service(request: httpx.Request) -> httpx.Response:
        hosts.add(request.url.host)
        names.add(request.url.params.get("name"))
        return shelf(request)

    client_of(service).all_extensions(ExtensionFilter(name="Doe"))
    assert hosts == {"webex.test"}
    assert names == {"Doe"}


def test_a_page_that_fails_fails_the_list() -> None:
    shelf = Shelf(1500)

    def service(request: httpx.Request) -> httpx.Response:
        return answered(403, {"message": "no"}) if request.url.params["start"] == "700" else shelf(request)

    client = client_of(service)
    with pytest.raises(Refused):
        client.all_extensions(EVERYTHING)
    client.close()


@pytest.mark.parametrize("linked", ["offset", None])
def test_one_page_says_whether_more_follows(linked: str | None) -> None:
    shelf = Shelf(25, linked)
    client = client_of(shelf)
    pages = [client.list_extensions(EVERYTHING, start=start) for start in (0, 10, 20)]
    assert [len(page.items) for page in pages] == [10, 10, 5]
    assert [page.more for page in pages] == [True, True, False]
    assert not client.list_extensions(EVERYTHING, start=15).more
    assert shelf.calls == 4


def test_ranges_and_locations_are_read_to_the_end_too() -> None:
    client = client_of(Shelf(230, key="virtualExtensionRanges"))
    assert len(client.all_ranges(RangeFilter())) == 230
    assert len(client_of(Shelf(230, key="locations")).list_locations()) == 230
