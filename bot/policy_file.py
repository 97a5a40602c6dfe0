"""access.toml: read strictly, and again whenever it changes. What can't be read grants nothing to anybody."""

import threading
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

import structlog
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from bot.plans import COMMANDS, FIELDS
from bot.policy import ApprovalRule, Grant, Permission, Policy, Principals, Reach

log = structlog.get_logger()

EMAIL = r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+$"
DOMAIN = r"^[^@\s,;<>]+\.[^@\s,;<>]+$"
ROOM_ID = r"^Y2lzY29zcGFyazo[A-Za-z0-9_=-]+$"


def _known_field(name: str) -> str:
    if name not in FIELDS.values():
        raise ValueError(f"“{name}” is no field: they are {', '.join(sorted(FIELDS.values()))}")
    return name


def _known_command(name: str) -> str:
    if name not in COMMANDS.values():
        raise ValueError(f"“{name}” changes nothing: the commands are {', '.join(COMMANDS.values())}")
    return name


Email = Annotated[str, Field(pattern=EMAIL), AfterValidator(str.lower)]
Domain = Annotated[str, Field(pattern=DOMAIN), AfterValidator(str.lower)]
RoomId = Annotated[str, Field(pattern=ROOM_ID)]
Name = Annotated[str, Field(min_length=1)]
FieldName = Annotated[str, AfterValidator(_known_field)]
CommandName = Annotated[str, AfterValidator(_known_command)]


class _Strict(BaseModel):
    """A key that nobody knows is an error: it was meant to say something."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class _Grant(_Strict):
    people: frozenset[Email] = frozenset()
    domains: frozenset[Domain] = frozenset()
    spaces: frozenset[RoomId] = frozenset()
    roles: frozenset[Name] = frozenset()
    permissions: frozenset[Permission] = Field(min_length=1)
    everywhere: StrictBool = False
    locations: frozenset[Name] = frozenset()
    organization_level: StrictBool = False
    own_locations: StrictBool = False
    fields_only: frozenset[FieldName] | None = Field(None, alias="fields", min_length=1)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """Nobody and nowhere are never left unsaid: they would be everybody and everywhere to some readers."""
        if not (self.people or self.domains or self.spaces or self.roles):
            raise ValueError("says for nobody: add people, domains, spaces or roles")
        if not (self.everywhere or self.locations or self.organization_level or self.own_locations):
            raise ValueError("says for nowhere: add everywhere, locations, organization_level or own_locations")
        if self.everywhere and (self.locations or self.organization_level or self.own_locations):
            raise ValueError("says everywhere and more narrowly too: leave one of them out")
        return self

    def value(self) -> Grant:
        return Grant(
            Principals(self.people, self.domains, self.spaces, self.roles),
            self.permissions,
            Reach(self.everywhere, self.locations, self.organization_level),
            self.own_locations,
            self.fields_only,
        )


class _Approval(_Strict):
    commands: frozenset[CommandName] = ApprovalRule().commands
    most_changes: Annotated[StrictInt, Field(ge=0)] | None = ApprovalRule().most_changes
    space: RoomId | None = None

    def value(self) -> ApprovalRule:
        return ApprovalRule(self.commands, self.most_changes, self.space)


class _Policy(_Strict):
    granted_by: Name = Policy().granted_by
    grants: tuple[_Grant, ...]
    approval: _Approval = _Approval()

    def value(self) -> Policy:
        grants = tuple(grant.value() for grant in self.grants)
        return Policy(grants, self.approval.value(), self.granted_by)


WORDS: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "is no key of this file",
    "enum": f"“{{given}}” is no permission: they are {', '.join(Permission)}",
    "frozen_set_type": 'has to be a list, such as ["…"]',
    "tuple_type": "has to be written as [[grants]], in double brackets",
    "model_type": "has to be a table of keys and values",
    "bool_type": "has to be true or false",
    "int_type": "has to be a whole number",
    "greater_than_equal": "has to be 0 or more",
    "string_type": "has to be a text in quotes",
    "string_too_short": "is empty",
    "too_short": "is empty",
}
"""What is wrong, by pydantic's types of errors."""

PATTERNS: Mapping[str, str] = {
    EMAIL: "“{given}” is no e-mail address, such as jane@example.com",
    DOMAIN: "“{given}” is no domain, such as example.com",
    ROOM_ID: "“{given}” is no id of a space: `whoami` in the space shows it",
}
"""What is wrong with a text that does not fit one of them."""


def read_policy(text: str) -> Policy:
    """The policy that a text in TOML is. Raises ValueError with a sentence that says what is wrong, and where."""
    try:
        return _Policy.model_validate(tomllib.loads(text)).value()
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"It is not TOML: {error}.") from None
    except RecursionError:
        raise ValueError("It is not TOML: its lists are too deep.") from None
    except ValidationError as error:
        raise ValueError(" ".join(_sentence(each) for each in error.errors(include_url=False))) from None


def _sentence(error: ErrorDetails) -> str:
    wrong = str(error["ctx"]["error"]) if error["type"] == "value_error" else _in_words(error)
    # What begins with the given text is a sentence of its own.
    return f"{_place(error['loc'])}{':' if wrong.startswith('“') else ''} {wrong}."


def _place(steps: tuple[str | int, ...]) -> str:
    """Where it is, as the subject of a sentence. Grants and entries are counted from one, as people do."""
    table, key, entry = "", "", ""
    for step in steps:
        if isinstance(step, str):
            table, key = f"[{key}]: " if key else table, step
        elif key == "grants":
            table, key = f"Grant {step + 1}: ", ""
        else:
            entry = f"entry {step + 1} of "
    return f"{table}{entry}“{key}”" if key else table.removesuffix(": ") or "The file"


def _in_words(error: ErrorDetails) -> str:
    given = error["input"]
    pattern = error.get("ctx", {}).get("pattern", "")
    words = PATTERNS.get(pattern) or WORDS.get(error["type"])
    return words.format(given=given) if words else error["msg"][:1].lower() + error["msg"][1:]


class PolicyFile:
    """The policy in a file, as it is now. Shared by all threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._read_as: tuple[int, ...] | None = None
        self._policy = Policy()

    def current(self) -> Policy:
        """The policy; read again if the file is another than before."""
        with self._lock:
            stamp = self._stamp()
            if self._read_as != stamp:
                self._policy, self._read_as = self._read(), stamp
            return self._policy

    def _stamp(self) -> tuple[int, ...]:
        try:
            found = self._path.stat()
        except OSError:
            return ()
        return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino

    def _read(self) -> Policy:
        try:
            # Some editors put a mark before UTF-8.
            return read_policy(self._path.read_text("utf-8-sig"))
        except OSError as error:
            problem = f"It can't be read: {error.strerror}."
        except UnicodeDecodeError as error:
            problem = f"It is not written in UTF-8: {error.reason} at byte {error.start}."
        except ValueError as error:
            problem = str(error)
        log.error("policy.unreadable", path=str(self._path), problem=problem)
        return Policy(problem=f"{self._path}: {problem}")
