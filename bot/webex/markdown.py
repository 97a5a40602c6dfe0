"""The markdown of messages, within what Webex takes."""

import re

MAX_BYTES = 7439
"""The longest markdown that Webex takes, in bytes of UTF-8. POST /messages"""

FENCE = "\n```"
SHORTENED = "\n\n… (shortened)"


def shorten(markdown: str) -> str:
    """The markdown, cut at a line or a word where it is longer than Webex takes. An open code block is closed."""
    if len(markdown.encode()) <= MAX_BYTES:
        return markdown
    room = MAX_BYTES - len((FENCE + SHORTENED).encode())
    kept = markdown.encode()[:room].decode(errors="ignore")
    for boundary in ("\n", " "):
        if kept.rfind(boundary) > room // 2:
            kept = kept[: kept.rfind(boundary)]
            break
    is_open = len(re.findall(r"^\s*```", kept, re.MULTILINE)) % 2 == 1
    return kept + (FENCE if is_open else "") + SHORTENED
