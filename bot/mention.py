"""The text that a person wrote to the bot: the html without the bot's own mention, else the plain text."""

from html.parser import HTMLParser

from bot.events import IncomingMessage
from bot.webex.ids import name_in

BLOCKS = {"p", "br", "div", "li", "ul", "ol", "blockquote", "pre", "h1", "h2", "h3"}


def text_for_bot(message: IncomingMessage, own_id: str) -> str:
    """What is left of the message when the bot is no longer addressed.

    The plain text has the mention as ordinary words, so the html is read wherever Webex sends it.
    """
    if not message.html:
        return message.text.strip()
    reader = _Reader(own_id)
    reader.feed(message.html)
    reader.close()
    return "".join(reader.parts).strip()


class _Reader(HTMLParser):
    """Collects text; block elements become line breaks, the bot's mention becomes nothing."""

    def __init__(self, own_id: str) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._own_name = name_in(own_id)
        self._in_own_mention = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS and self.parts:
            self.parts.append("\n")
        if tag == "spark-mention":
            self._in_own_mention = name_in(dict(attrs).get("data-object-id") or "") == self._own_name

    def handle_endtag(self, tag: str) -> None:
        if tag == "spark-mention":
            self._in_own_mention = False

    def handle_data(self, data: str) -> None:
        if not self._in_own_mention:
            self.parts.append(data)
