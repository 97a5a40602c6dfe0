"""People of the stories: they say things to the bot, press buttons, and read what it answers."""

import json
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from typing import Any

import requests
from bot_at_work import BotAtWork, person_id
from card_schema import check_card

from bot.sandbox.ids import new_id
from bot.sandbox.records import Membership, Space
from bot.sandbox.records import Person as WebexPerson
from bot.sandbox.world import World

Message = dict[str, Any]
Element = dict[str, Any]


class Person:
    """Somebody with a Webex client. The bot is written to directly unless a space is named."""

    def __init__(self, bot: BotAtWork, name: str) -> None:
        self._bot = bot
        self.name = name
        self._url = bot.sandbox.api_url
        self._client = requests.Session()
        self._client.trust_env = False  # or each request looks for a proxy in the environment
        self._client.headers["Authorization"] = f"Bearer sandbox-{name}"
        self.room_id = ""
        self._seen = ""
        self._seen_at = (-1, "")

    # what they do

    def says(self, text: str, *, in_space: str | None = None, parent: Message | None = None) -> None:
        """Write to the bot, and wait until it has answered. In a group space the bot is mentioned first."""
        body: dict[str, Any] = {"markdown": text}
        if in_space:
            self.room_id = self._room(in_space)
            body["markdown"] = self.mentioning(text)
        elif not self.room_id:
            self._has_met_the_bot()
        if parent:
            body["parentId"] = parent["id"]
        sent = self._post("messages", {**body, "roomId": self.room_id})
        self._bot.queue.wait_for(sent["id"])

    def writes(self, text: str, room_id: str = "", parent: Message | None = None) -> Message:
        """Write into a space, where the bot may not hear of it; the message."""
        thread = {"parentId": parent["id"]} if parent else {}
        return self._post("messages", {"markdown": text, "roomId": room_id or self.room_id, **thread})

    def makes_space(self, title: str) -> str:
        """Make a group space without the bot; its id."""
        return str(self._post("rooms", {"title": title})["id"])

    def mentioning(self, text: str) -> str:
        """The text as it mentions the bot."""
        return f"<@personId:{self._bot.services.own_id}|Extensions> {text}"

    def meets_the_bot(self) -> None:
        """Begin a direct space. The bot hears of the message and of its membership, in no certain order."""
        sent = self._post("messages", {"toPersonId": self._bot.services.own_id, "markdown": "hello"})
        self.room_id = sent["roomId"]
        members = self._get("memberships", {"roomId": self.room_id})["items"]
        membership = next(one for one in members if one["personId"] == self._bot.services.own_id)
        for event in (sent, membership):
            self._bot.queue.wait_for(event["id"])

    def opens(self, title: str) -> None:
        """Look at a group space."""
        self.room_id = self._room(title)

    def lets_in(self, person_id: str, room_id: str) -> str:
        """Add somebody to a space; the id of the membership."""
        return str(self._post("memberships", {"roomId": room_id, "personId": person_id})["id"])

    def takes_out(self, membership_id: str) -> None:
        """Take somebody out of a space."""
        self._client.delete(f"{self._url}/memberships/{membership_id}", timeout=30)

    def clicks(self, title: str, *, on: Message | None = None, **inputs: str) -> None:
        """Press a button, and wait until the bot has answered."""
        self._bot.queue.wait_for(self.presses(title, on=on, **inputs)["id"])

    def presses(self, title: str, *, on: Message | None = None, **inputs: str) -> Message:
        """Fill in the form of the answer (or of an earlier message) and press the button of that title.

        A choice is made by what it says, or by its value. The bot may not hear of it; the submission.
        """
        message = on or self.answer
        pressable = {button["title"]: (button, sent) for button, sent in buttons(card_of(message))}
        assert title in pressable, f"There is no button {title!r}, only {sorted(pressable)}."
        button, sent = pressable[title]
        unknown = inputs.keys() - {field["id"] for field in sent}
        assert not unknown, f"The button sends no input {unknown}."
        filled = {field["id"]: _filled(field, inputs.get(field["id"])) for field in sent}
        return self._submit(message, {**filled, **button["data"]})

    def submits(self, message: Message, inputs: dict[str, Any]) -> Message:
        """Send a card submission made by hand, and wait until the bot has answered; the submission."""
        action = self._submit(message, inputs)
        self._bot.queue.wait_for(action["id"])
        return action

    # what they see

    def sees(self, *texts: str) -> None:
        """The bot's latest answer says all of this, on the card and in the text beside it."""
        answer = self.answer
        card, twin = visible(card_of(answer)), answer["markdown"]
        for text in texts:
            assert text in card, f"The card does not say {text!r}, but:\n{card}"
            assert plain(text) in plain(twin), f"The text does not say {text!r}, but:\n{twin}"

    def sees_on_card(self, *texts: str) -> None:
        """The bot's latest answer says all of this on its card."""
        card = visible(card_of(self.answer))
        for text in texts:
            assert text in card, f"The card does not say {text!r}, but:\n{card}"

    def does_not_see(self, *texts: str) -> None:
        """The bot's latest answer says nothing of this."""
        answer = self.answer
        for text in texts:
            assert text not in visible(card_of(answer)) + answer["markdown"]

    def sees_buttons(self, *titles: str) -> None:
        """The latest answer has exactly these buttons."""
        assert [action["title"] for action in card_of(self.answer).get("actions", [])] == list(titles)

    def sees_rows(self, *firsts: str) -> None:
        """The list or choice has exactly these rows, by extension or range name, on the card and in the text."""
        answer = self.answer
        rows = next(field for field in fields(card_of(answer)) if field["id"] == "target")
        assert [choice["title"].split(" · ")[0] for choice in rows["choices"]] == list(firsts)
        written = [line for line in answer["markdown"].splitlines() if line.startswith("- **")]
        assert [plain(line).removeprefix("- ").split(" · ")[0] for line in written] == list(firsts)

    def sees_mistake(self, name: str, *texts: str) -> None:
        """The form says this directly below that input, and the text beside the card says it too."""
        answer = self.answer
        below = _below(card_of(answer), name)
        for text in texts:
            assert text in below, f"Below {name!r} the card says {below!r}, not {text!r}."
            assert text in plain(answer["markdown"])

    def sees_in_form(self, **values: str) -> None:
        """The inputs of the latest answer hold these values."""
        held = {field["id"]: field.get("value", "") for field in fields(card_of(self.answer))}
        assert {name: held.get(name) for name in values} == values

    @property
    def answer(self) -> Message:
        """The message of the bot that was written or replaced last in the space."""
        from_bot = [one for one in self.messages() if one["personId"] == self._bot.services.own_id]
        assert from_bot, "The bot has said nothing here."
        latest: Message = max(from_bot, key=lambda one: one.get("updated") or one["created"])
        check_card(card_of(latest))
        return latest

    def messages(self) -> list[Message]:
        """The latest messages of the space, newest first, fetched anew where anything has happened since."""
        now = (self._bot.happened, self.room_id)
        if self._seen_at != now:
            self._seen = self._read("messages", {"roomId": self.room_id, "max": "50"})
            self._seen_at = now
        items: list[Message] = json.loads(self._seen)["items"]
        return items

    def sees_no_decision_left(self, plan_id: str) -> None:
        """No card of the space that this person looks at has a button that would decide on the plan."""
        shown = [card_of(one) for one in self.messages() if one.get("attachments")]
        live = [one["title"] for card in shown for one in actions(card) if _decides_on(one["data"], plan_id)]
        assert live == []

    def plan_id(self) -> str:
        """The id of the plan that the latest answer shows."""
        confirm = next(one for one in actions(card_of(self.answer)) if one["data"]["command"] == "plans.confirm")
        return str(confirm["data"]["with_target"])

    def _has_met_the_bot(self) -> None:
        """Know the direct space with the bot: the one of this story, or one of before, where nothing is left."""
        world, bot_id = self._bot.sandbox.world, self._bot.services.own_id
        me = world.people[person_id(self._bot, self.name)]
        with world.lock:
            space = world.direct_space(me.id, bot_id) or _old_space(world, me, bot_id)
        self.room_id = space.id

    def _submit(self, message: Message, inputs: dict[str, Any]) -> Message:
        body = {"type": "submit", "messageId": message["id"], "inputs": inputs}
        action = self._post("attachment/actions", body)
        self.room_id = action["roomId"]
        return action

    def _room(self, title: str) -> str:
        rooms = self._get("rooms", {})["items"]
        return next(str(room["id"]) for room in rooms if room["title"] == title)

    def _get(self, path: str, query: dict[str, str]) -> Message:
        found: Message = json.loads(self._read(path, query))
        return found

    def _read(self, path: str, query: dict[str, str]) -> str:
        answer = self._client.get(f"{self._url}/{path}", params=query, timeout=30)
        assert answer.ok, answer.text
        return answer.text

    def _post(self, path: str, body: dict[str, Any]) -> Message:
        answer = self._client.post(f"{self._url}/{path}", json=body, timeout=30)
        assert answer.ok, answer.text
        made: Message = answer.json()
        return made


def _old_space(world: World, person: WebexPerson, bot_id: str) -> Space:
    """A direct space that comes to be without anybody's being told: the bot was told long ago."""
    since = world.stamp()
    space = Space(new_id("ROOM"), person.display_name, "direct", person.id, person.org_id, since, since)
    world.spaces[space.id] = space
    for one_id in (person.id, bot_id):
        world.add_membership(Membership(new_id("MEMBERSHIP"), space.id, one_id, since))
    return space


def _decides_on(pressed: dict[str, Any], plan_id: str) -> bool:
    decisions = {"plans.confirm", "plans.cancel", "plans.approve", "plans.reject"}
    return pressed["command"] in decisions and pressed.get("with_target") == plan_id


def card_of(message: Message) -> dict[str, Any]:
    """The Adaptive Card of a message."""
    content: dict[str, Any] = message["attachments"][0]["content"]
    return content


def actions(card: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All buttons that submit, those of unfolding forms too."""
    return (one for one in elements(card) if one.get("type") == "Action.Submit")


def fields(card: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All inputs, those of unfolding forms too."""
    return (one for one in elements(card) if str(one.get("type", "")).startswith("Input."))


def buttons(card: dict[str, Any], outer: tuple[Element, ...] = ()) -> Iterator[tuple[Element, list[Element]]]:
    """Each button, and the inputs that a client sends with it: those of its card and of the cards around it."""
    inputs = (*outer, *fields({"body": card["body"]}))
    for action in card.get("actions", []):
        if action["type"] == "Action.ShowCard":
            yield from buttons(action["card"], inputs)
        elif action["type"] == "Action.Submit":
            yield action, [] if action.get("associatedInputs") == "none" else list(inputs)


def _filled(field: Element, given: str | None) -> str:
    """What a client sends for an input: what was given (the value behind a choice), or what it holds."""
    if given is None:
        return str(field.get("value", ""))
    if "choices" not in field:
        return given
    values = {choice["title"]: choice["value"] for choice in field["choices"]}
    assert given in values or given in values.values(), f"{given!r} is no choice of {sorted(values)}."
    return str(values.get(given, given))


def _below(card: Element, name: str) -> str:
    """The words of the element that follows an input."""
    for group in elements(card):
        inner = group.get("body", group.get("items", []))
        for element, following in pairwise([*inner, {}]):
            if element.get("id") == name:
                return plain(following.get("text", ""))
    raise AssertionError(f"The card has no input {name!r}.")


def visible(card: dict[str, Any]) -> str:
    """The words on a card, one element a line, without the marks that protect them from being read as markup."""
    words = [
        str(one[key])
        for one in elements(card)
        for key in ("text", "title", "value", "label", "placeholder")
        if key in one and not str(one.get("type", "")).startswith("Action.S" if key == "value" else "-")
    ]
    return plain("\n".join(words))


def plain(markdown: str) -> str:
    """The text without backslashes, entities and emphasis."""
    return unescape(markdown.replace("\\", "").replace("**", "").replace("`", ""))


def elements(node: Any) -> Iterator[dict[str, Any]]:
    """All objects that a card consists of, from the outermost inwards."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from elements(value)
    elif isinstance(node, list):
        for value in node:
            yield from elements(value)
