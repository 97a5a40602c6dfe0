"""Failed calls: from Webex's answer to the exception, and from the exception to what a person reads."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.errors import (
    BadToken,
    Conflict,
    FailedCall,
    Invalid,
    NotFound,
    RateLimited,
    Refused,
    Unreachable,
    UserError,
    WebexError,
)

BY_STATUS: Mapping[int, type[WebexError]] = {
    401: BadToken,
    403: Refused,
    404: NotFound,
    410: NotFound,
    409: Conflict,
    423: Conflict,
    429: RateLimited,
}

ACCESS_TOKEN = "/access_token"  # noqa: S105 - a path
"""Where access tokens are refreshed. What is refused there is the authorization as a whole."""

INVALID_CLIENT = "invalid_client"
"""The code, there, of a client id or a client secret that is not right (RFC 6749, 5.2)."""

CODE_IN_TEXT = re.compile(r"^\s*\[Error (\d+)\]\s*")
LONGEST_MESSAGE = 300


@dataclass(frozen=True)
class Explanation:
    """What an error code means: the field to mend, what is wrong, and what to do next."""

    field: str | None
    sentence: str
    hint: str


ANOTHER_EXTENSION = "Choose another extension."
ANOTHER_NUMBER = "Choose another phone number."

# Codes 27850 and 59475 are the official text's own examples; 27854 is expected by wxc_sdk's tests; the 9xxx, 49xx
# and 836x come from sibling endpoints that check extensions and phone numbers; 25008 was seen by wxops.
BY_CODE: Mapping[str, Explanation] = {
    "27850": Explanation("name", "Another range already has this name.", "Choose another name."),
    "27854": Explanation(
        "patterns", "A range holds at most 100 patterns.", "Remove some, or put the rest into another range."
    ),
    "59475": Explanation("extension", "Another virtual extension already has this extension.", ANOTHER_EXTENSION),
    "9495": Explanation("extension", "This extension is already in use.", ANOTHER_EXTENSION),
    "9498": Explanation("extension", "This extension is given more than once.", "Give each extension once."),
    "4910": Explanation("extension", "An extension consists of digits only.", "Write it with the digits 0 to 9."),
    "4911": Explanation("extension", "An extension can't be an emergency number.", ANOTHER_EXTENSION),
    "8360": Explanation("phone_number", "This phone number is given more than once.", "Give each number once."),
    "8361": Explanation("phone_number", "This phone number is not available.", ANOTHER_NUMBER),
    "8362": Explanation(
        "phone_number",
        "Webex does not accept this phone number.",
        "Write it with + and the country code, for example +14085550123.",
    ),
    "8363": Explanation("phone_number", "This phone number is already in use.", ANOTHER_NUMBER),
}

MISSING_FIELD = "25008"

FIELD_WORDS: Mapping[str, re.Pattern[str]] = {
    "display_name": re.compile(r"\bdisplay ?name\b", re.I),
    "first_name": re.compile(r"\bfirst ?name\b", re.I),
    "last_name": re.compile(r"\blast ?name\b", re.I),
    "phone_number": re.compile(r"\b(external )?phone ?numbers?\b", re.I),
    "extension": re.compile(r"(?<!virtual )\bextension\b(?! range)", re.I),
    "name": re.compile(r"(?<!display )(?<!first )(?<!last )(?<!location )(?<!field )\bname\b", re.I),
    "prefix": re.compile(r"(?<!routing )\bprefix\b", re.I),
    "patterns": re.compile(r"\bpatterns?\b", re.I),
    "location": re.compile(r"\blocation( ?id)?\b", re.I),
}
EXTENSION_FIELDS = ("extension", "phone_number", "display_name", "first_name", "last_name", "location")
RANGE_FIELDS = ("name", "prefix", "patterns", "location")


def failure(call: FailedCall) -> WebexError:
    """The exception for a failed call, by its status: what the caller can do about it."""
    if call.status is None or call.status < 400 or call.status >= 500:
        return Unreachable(call)
    return BY_STATUS.get(call.status, Invalid)(call)


def read_failure(call: FailedCall, body: bytes) -> FailedCall:
    """The call with what the error answer says; the body may be anything, HTML and cut JSON included."""
    answer = _read_object(body)
    first = _first_error(answer)
    text = _text(first.get("description")) or _text(answer.get("message")) or ""
    in_text = CODE_IN_TEXT.match(text)
    code = _text(first.get("errorCode")) or _text(answer.get("errorCode")) or (in_text[1] if in_text else None)
    tracking_id = _text(answer.get("trackingId")) or call.tracking_id
    message = CODE_IN_TEXT.sub("", text)[:LONGEST_MESSAGE]
    return replace(call, code=code, message=message, tracking_id=tracking_id)


def is_object(body: bytes) -> bool:
    """Whether it is a JSON object that says something, as all errors of OAuth and Webex are."""
    return bool(_read_object(body))


def _read_object(body: bytes) -> dict[str, object]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _first_error(answer: dict[str, object]) -> dict[str, object]:
    errors = answer.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    return first if isinstance(first, dict) else {}


def _text(value: object) -> str | None:
    """A text or a whole number as text; anything else, and what is empty, is None."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None


def _explanation(call: FailedCall) -> Explanation:
    if call.status is None:
        return Explanation(None, "This holds an id that is not one of Webex's.", "Start again from a list.")
    if known := BY_CODE.get(call.code or ""):
        return known
    field = guess_field(call)
    if call.code == MISSING_FIELD:
        return Explanation(field, "Something that Webex requires is missing.", "Fill it in and try again.")
    if not call.message and BY_STATUS.get(call.status or 0) is Conflict:
        return Explanation(
            None, "Something else has this already, or is changing it.", "Look at what is there now."
        )
    if not call.message:
        return Explanation(None, "Webex did not accept this.", "Check what you wrote and try again.")
    said = call.message.rstrip(".")
    return Explanation(field, f"Webex did not accept this: {said}.", "Correct it and try again.")


def guess_field(call: FailedCall) -> str | None:
    """The field that Webex's text is about: only for a change, and only where it names exactly one."""
    if call.method == "GET":
        return None
    fields = RANGE_FIELDS if "virtualExtensionRanges" in call.path else EXTENSION_FIELDS
    named = [field for field in fields if FIELD_WORDS[field].search(call.message)]
    return named[0] if len(named) == 1 else None


def explain(error: WebexError) -> UserError:
    """What a person is told about a failed call to Webex, and what they can do next."""
    call = error.call
    if isinstance(error, Invalid | Conflict):
        found = _explanation(call)
        return UserError(found.sentence, found.hint, found.field)
    if isinstance(error, NotFound):
        return UserError(
            "Webex does not know it, or not any more.", "List what there is, and try again from there."
        )
    if isinstance(error, RateLimited):
        return UserError("Webex is getting too many requests just now.", f"Try again {_later(call.seconds)}.")
    if isinstance(error, Refused):
        return _explain_refusal(call)
    return _explain_silence(call)


def _later(seconds: float | None) -> str:
    if seconds is None or seconds <= 60:
        return "in a minute"
    return f"in {round(seconds / 60 + 0.5)} minutes"


def _explain_refusal(call: FailedCall) -> UserError:
    if call.code == INVALID_CLIENT:
        return UserError(
            "Webex does not accept the bot's client id or secret, so it can't look anything up or change it.",
            "Ask the people who run the bot to mend it; `extbot doctor` says which settings to look at.",
        )
    if call.path == ACCESS_TOKEN:
        return UserError(
            "The bot's authorization for Webex Calling has ended, so it can't look anything up or change it.",
            "The administrator has to authorize the service app anew and put its new refresh token into "
            "WEBEX_REFRESH_TOKEN. Ask again after that.",
        )
    if call.status == 401:
        return UserError(
            "Webex no longer accepts one of the bot's access tokens.",
            "Ask the people who run the bot to renew it; `extbot doctor` says which one.",
        )
    return UserError(
        "Webex did not allow this: the bot's access lacks a scope or an administrator role.",
        f"Ask the people who run the bot to check {_needs(call)}; `extbot doctor` helps.",
    )


def _needs(call: FailedCall) -> str:
    """The scopes that the official text asks for. A virtual extension is also a contact, a range is not."""
    if "/telephony/config/" not in call.path:
        return "its scopes and roles"
    if call.method == "GET":
        return "the scope spark-admin:telephony_config_read"
    is_contact = re.search(r"/virtualExtensions(/\{|$)", call.path)
    return "the scope spark-admin:telephony_config_write" + (" and identity:contacts_rw" if is_contact else "")


def _explain_silence(call: FailedCall) -> UserError:
    if call.outcome_unknown:
        return UserError(
            "Webex did not answer, so it is not known whether the change was made.",
            "Look at what is there now before you try again.",
        )
    return UserError("Webex can't be reached just now.", "Try again in a minute; status.webex.com shows outages.")
