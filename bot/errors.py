"""What can go wrong, said twice: as a tree for the code, as sentences for people.

UserError                 the person can mend it: a sentence, what to do next, the field it belongs to
Mistakes                  the same for several fields of a form
NotAllowed                the person lacks a permission
StoreAway                 the database does not answer, or has no room
└── QueueAway             so no event can be stored
UnusableDatabase          the database can't be used as it is; the text says why, and what to do next
UnusableToken             a token is of somebody else, or can't be opened; the text says what to do next
TakenOver                 another worker goes on with the plan: this one must leave it alone
WebexError                a call to Webex failed; carries the request line, status, code and tracking id
├── Unreachable           no answer (timeout, dropped connection) or a 5xx
├── RateLimited           429, after all retries; or held back for longer than a call may take
├── Refused               403: a scope or role is missing
│   └── BadToken          401: the token is not valid, any more or for now
├── NotFound              404, 410
├── Conflict              409, 423: in use, or busy
└── Invalid               any other 4xx: Webex did not accept what was sent
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil


class UserError(Exception):
    """The person can mend this. `field` names the argument of the command that is wrong, if one is."""

    def __init__(self, sentence: str, hint: str = "", field: str | None = None) -> None:
        super().__init__(f"{sentence} {hint}".strip())
        self.sentence = sentence
        self.hint = hint
        self.field = field


def with_tracking_id(sentence: str, tracking_id: str | None) -> str:
    """A sentence, and what to quote to the support of Webex where it was Webex that said so."""
    return f"{sentence} Webex tracking id {tracking_id}." if tracking_id else sentence


class StoreAway(Exception):
    """The database does not answer, or has no room left: what is being done has to be done again later."""


class QueueAway(StoreAway):
    """The database can't be reached: no event can be stored just now."""


class UnusableDatabase(Exception):
    """It can't be used as it is, such as one of another version; the text says why, and what to do next."""


class UnusableToken(Exception):
    """A token belongs to somebody else than it has to, or can't be opened; the text says what to do next."""


class TakenOver(Exception):
    """Another worker has gone on with a plan: the one that this is raised in must leave it alone."""


class NotAllowed(Exception):
    """The person lacks the permission; the text says which one and who can give it.

    `for_record` says the same without a word that they typed: that is what the history keeps.
    """

    def __init__(self, reason: str, for_record: str | None = None) -> None:
        super().__init__(reason)
        self.for_record = for_record or reason


class Mistakes(Exception):
    """Several fields are wrong at once: a sentence for each, by the name of the argument."""

    def __init__(self, by_field: Mapping[str, str]) -> None:
        super().__init__(" ".join(by_field.values()))
        self.by_field = by_field


@dataclass(frozen=True)
class FailedCall:
    """Which call failed.

    `path` is the template (`/telephony/config/virtualExtensions/{extensionId}`), `status` the HTTP status
    or None where there was no answer, `code` the Webex error code as text, `seconds` what Retry-After asked.
    `message` is what Webex wrote, for the person: it may hold names and numbers, so it is never logged.
    `outcome_unknown` marks a change that was sent and whose answer was lost: it may have been carried out.
    """

    method: str
    path: str
    status: int | None = None
    code: str | None = None
    message: str = ""
    tracking_id: str | None = None
    seconds: float | None = None
    outcome_unknown: bool = False


class WebexError(Exception):
    """A call to Webex failed. Its text names the call, status and code, and nothing of anybody's."""

    def __init__(self, call: FailedCall) -> None:
        silence = f"held back for {ceil(call.seconds)} more seconds" if call.seconds else "no answer"
        super().__init__(f"{call.method} {call.path}: {call.status or silence} {call.code or ''}".strip())
        self.call = call


class Unreachable(WebexError):
    """No usable answer: the call may or may not have been carried out."""


class RateLimited(WebexError):
    """Webex asked us to slow down, and went on asking. Without a status: the call was held back, and not made."""


class Refused(WebexError):
    """The token is not valid, or lacks a scope or an administrator role."""


class BadToken(Refused):
    """The token is not valid: nothing is said about what was asked for."""


class NotFound(WebexError):
    """The thing is not there, or not there any more."""


class Conflict(WebexError):
    """Something else has the value already, or is working on the thing."""


class Invalid(WebexError):
    """Webex did not accept what was sent."""


FOR_NOW = (Unreachable, RateLimited, BadToken)
"""What says nothing about the call itself, which may go well later."""
