"""Mentions, and what a bot sees of a group space."""

from account import Account

MENTION = "<@personEmail:extensions@webex.bot|Extensions>"


def test_a_mention_is_a_tag_and_a_person_id(alice: Account, bot: Account) -> None:
    bot_id = bot.me()["id"]
    posted = alice.says(alice.group(), f"{MENTION} show 5012")
    tag = f'<spark-mention data-object-type="person" data-object-id="{bot_id}">Extensions</spark-mention>'
    assert posted["html"] == f"<p>{tag} show 5012</p>"
    assert posted["text"] == "Extensions show 5012"
    assert posted["mentionedPeople"] == [bot_id]


def test_a_mention_by_id_anywhere_counts_once(alice: Account, bot: Account) -> None:
    bot_id = bot.me()["id"]
    posted = alice.says(alice.group(), f"show 5012, <@personId:{bot_id}> and <@personId:{bot_id}|B&B>")
    assert posted["mentionedPeople"] == [bot_id]
    assert posted["text"] == "show 5012, Extensions and B&B"
    assert "B&amp;B</spark-mention>" in posted["html"]


def test_all_is_a_group(alice: Account, bot: Account) -> None:
    posted = alice.says(alice.group(), "<@all> hello")
    tag = '<spark-mention data-object-type="groupMention" data-group-type="all">All</spark-mention>'
    assert posted["html"] == f"<p>{tag} hello</p>"
    assert posted["mentionedGroups"] == ["all"]
    assert bot.get(f"/messages/{posted['id']}").status_code == 404


def test_a_mention_in_code_or_of_an_outsider_is_none(alice: Account) -> None:
    posted = alice.says(alice.group(), f"`{MENTION}` <@personEmail:oscar@example.org|Oscar>")
    assert "mentionedPeople" not in posted
    assert "spark-mention" not in posted["html"]


def test_a_bot_sees_only_what_mentions_it_or_is_its_own(alice: Account, bot: Account, nina: Account) -> None:
    room = alice.group()
    aside = alice.says(room, "between us")["id"]
    to_bot = alice.says(room, f"{MENTION} help")["id"]
    own = bot.says(room, "Here is what I can do.")["id"]
    seen = [bot.get(f"/messages/{message}").status_code for message in (aside, to_bot, own)]
    assert seen == [404, 200, 200]
    assert nina.get(f"/messages/{aside}").status_code == 200


def test_a_bot_lists_a_group_only_by_its_mentions(alice: Account, bot: Account) -> None:
    room = alice.group()
    alice.says(room, "between us")
    to_bot = alice.says(room, f"{MENTION} help")["id"]
    refused = bot.get("/messages", roomId=room)
    assert (refused.status_code, refused.json()["message"]) == (403, "Failed to get activity.")
    listed = bot.get("/messages", roomId=room, mentionedPeople="me").json()["items"]
    assert [message["id"] for message in listed] == [to_bot]


def test_a_bot_sees_everything_in_a_direct_room(alice: Account, bot: Account) -> None:
    message = alice.writes_to("extensions@webex.bot", "no mention")
    assert bot.get(f"/messages/{message['id']}").json()["text"] == "no mention"
    assert len(bot.get("/messages", roomId=message["roomId"]).json()["items"]) == 1


def test_who_left_sees_nothing(alice: Account, nina: Account) -> None:
    room = alice.group()
    message = alice.says(room, "still here")["id"]
    own = nina.get("/memberships", roomId=room, personId=nina.me()["id"]).json()["items"][0]
    assert nina.delete(f"/memberships/{own['id']}").status_code == 204
    assert nina.get(f"/messages/{message}").status_code == 404
