"""The text that a person wrote to the bot: the html without the bot's own mention, else the plain text."""

import re
from collections.abc import Iterator
from html import unescape

from bot.events import IncomingMessage
from bot.webex.ids import name_in

BLOCKS = {"p", "br", "div", "li", "ul", "ol", "blockquote", "pre", "h1", "h2", "h3"}
MENTION = "spark-mention"

# Possessive, so that a tag that never ends is looked at once: html.parser searches its end again for each one.
TAG = re.compile(r"<(?P<closing>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*+)(?P<attributes>[^<>]*+)>")
OBJECT_ID = re.compile(r"""\bdata-object-id=["']?([A-Za-z0-9_=-]*)""")


def text_for_bot(message: IncomingMessage, own_id: str) -> str:
    """What is left of the message when the bot is no longer addressed.

    The plain text has the mention as ordinary words, so the html is read wherever Webex sends it.
    """
    if not message.html:
        return message.text.strip()
    return "".join(_parts(message.html, name_in(own_id))).strip()


def _parts(html: str, own_name: str) -> Iterator[str]:
    """The words between the tags; block elements become line breaks, the bot's mention becomes nothing."""
    end, in_own_mention = 0, False
    for tag in TAG.finditer(html):
        if not in_own_mention:
            yield unescape(html[end : tag.start()])
        end = tag.end()
        opens, name = not tag["closing"], tag["name"].lower()
        if name == MENTION:
            in_own_mention = opens and _is_of(tag["attributes"], own_name)
        elif opens and name in BLOCKS and tag.start():
            yield "\n"
    if not in_own_mention:
        yield unescape(html[end:])


def _is_of(attributes: str, name: str) -> bool:
    found = OBJECT_ID.search(attributes)
    return found is not None and name_in(found[1]) == name
