"""Rooms and memberships."""

import pytest
from account import Account

BOT = "extensions@webex.bot"


def test_everybody_of_the_organization_and_the_bot_share_a_space(
    alice: Account, bot: Account, oscar: Account
) -> None:
    room = alice.get(f"/rooms/{alice.group()}").json()
    assert (room["title"], room["type"]) == ("Telephony", "group")
    assert bot.group() == room["id"]
    assert oscar.get("/rooms").json() == {"items": []}
    assert oscar.get(f"/rooms/{room['id']}").status_code == 404
    members = alice.get("/memberships", roomId=room["id"]).json()["items"]
    names = [member["personDisplayName"] for member in members]
    assert names == ["Alice Martin", "Rita Okafor", "Leo Laurent", "Nina Berg", "Extensions"]


def test_a_direct_room_has_the_name_of_the_other(alice: Account, bot: Account) -> None:
    room = alice.writes_to(BOT, "hello")["roomId"]
    assert alice.get(f"/rooms/{room}").json()["title"] == "Extensions"
    assert bot.get(f"/rooms/{room}").json()["title"] == "Alice Martin"


def test_rooms_by_type_and_by_activity(alice: Account) -> None:
    first = alice.post("/rooms", title="First").json()["id"]
    second = alice.post("/rooms", title="Second").json()["id"]
    direct = alice.writes_to(BOT, "hello")["roomId"]
    alice.says(first, "later")
    by_activity = [room["id"] for room in alice.get("/rooms", sortBy="lastactivity").json()["items"]]
    by_creation = [room["id"] for room in alice.get("/rooms", sortBy="created", type="group").json()["items"]]
    assert by_activity[:3] == [first, direct, second]
    assert by_creation[:2] == [second, first]
    assert [room["id"] for room in alice.get("/rooms", type="direct").json()["items"]] == [direct]


def test_rooms_come_in_pages(alice: Account) -> None:
    for number in range(4):
        alice.post("/rooms", title=str(number))
    first = alice.get("/rooms", max=3)
    rest = alice.get(first.links["next"]["url"])
    assert (len(first.json()["items"]), len(rest.json()["items"])) == (3, 2)


def test_a_room_is_renamed_and_deleted_by_its_moderator(alice: Account, nina: Account) -> None:
    room = alice.post("/rooms", title="Project").json()["id"]
    alice.post("/memberships", roomId=room, personEmail="nina@example.com")
    assert nina.put(f"/rooms/{room}", title="Renamed").json()["title"] == "Renamed"
    assert nina.delete(f"/rooms/{room}").status_code == 403
    message = alice.says(room, "gone soon")["id"]
    assert alice.delete(f"/rooms/{room}").status_code == 204
    assert alice.get(f"/rooms/{room}").status_code == 404
    assert alice.get(f"/messages/{message}").status_code == 404


@pytest.mark.parametrize("body", [{}, {"title": ""}, {"title": 5}])
def test_a_room_needs_a_title(alice: Account, body: dict[str, object]) -> None:
    assert alice.post("/rooms", **body).status_code == 400


def test_a_direct_room_can_not_be_changed(alice: Account) -> None:
    room = alice.writes_to(BOT, "hello")["roomId"]
    membership = alice.get("/memberships", roomId=room).json()["items"][0]["id"]
    assert alice.put(f"/rooms/{room}", title="x").status_code == 400
    assert alice.delete(f"/rooms/{room}").status_code == 400
    assert alice.delete(f"/memberships/{membership}").status_code == 400
    assert alice.post("/memberships", roomId=room, personEmail="nina@example.com").status_code == 400


def test_a_membership_tells_who_and_of_which_organization(alice: Account, oscar: Account) -> None:
    room = alice.post("/rooms", title="Project").json()["id"]
    membership = alice.post("/memberships", roomId=room, personEmail="Oscar@example.org").json()
    person = oscar.me()
    assert membership | {"id": "", "created": ""} == {
        "id": "",
        "roomId": room,
        "personId": person["id"],
        "personEmail": "oscar@example.org",
        "personDisplayName": person["displayName"],
        "personOrgId": person["orgId"],
        "isModerator": False,
        "isMonitor": False,
        "isRoomHidden": False,
        "roomType": "group",
        "created": "",
    }
    assert alice.get(f"/memberships/{membership['id']}").json() == membership


def test_memberships_of_a_person(alice: Account) -> None:
    room = alice.group()
    found = alice.get("/memberships", roomId=room, personEmail="nina@example.com").json()["items"]
    assert [member["personEmail"] for member in found] == ["nina@example.com"]
    assert [member["roomId"] for member in alice.get("/memberships").json()["items"]] == [room]


def test_nobody_joins_twice_or_uninvited(alice: Account, oscar: Account) -> None:
    room = alice.group()
    assert alice.post("/memberships", roomId=room, personEmail="nina@example.com").status_code == 409
    assert alice.post("/memberships", roomId=room, personEmail="nobody@example.com").status_code == 404
    assert alice.post("/memberships", roomId=room).status_code == 400
    assert oscar.post("/memberships", roomId=room, personId=oscar.me()["id"]).status_code == 404


def test_a_member_becomes_moderator(alice: Account) -> None:
    nina = alice.get("/memberships", roomId=alice.group(), personEmail="nina@example.com").json()["items"][0]
    assert alice.put(f"/memberships/{nina['id']}", isModerator=True).json() == nina | {"isModerator": True}
