"""What a chat line or a card submission means, as one frozen value."""

from dataclasses import dataclass, fields

from bot.telephony import Level, Mode, Order, PatternAction


@dataclass(frozen=True)
class Arguments:
    """All that a command may be given. None (or an empty tuple) is "not given"; "" is "given as empty".

    Phone numbers and prefixes are E.164 where they could be read as such, else as typed, so that the command
    can say what is wrong and the form can show it. `location` is a name as typed, or a location id.
    `target` is an extension, a phone number, a name, a range's name, a plan id or a Webex id.
    `person` are words of a name, an e-mail, or "me"; `plan` is a plan id. `since` and `until` are days as
    `bot.period` reads them, `period` is a day or several. `start` is the zero-based offset of a list's page;
    `acknowledged` is the tick under a warning on a card, `reason` why a plan is rejected.
    """

    target: str | None = None
    extension: str | None = None
    phone_number: str | None = None
    display_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    location: str | None = None
    level: Level | None = None
    name: str | None = None
    prefix: str | None = None
    patterns: tuple[str, ...] = ()
    action: PatternAction | None = None
    phone_numbers: tuple[str, ...] = ()
    order: Order | None = None
    mode: Mode | None = None
    topic: str | None = None
    person: str | None = None
    plan: str | None = None
    period: str | None = None
    since: str | None = None
    until: str | None = None
    start: int | None = None
    acknowledged: bool | None = None
    reason: str | None = None

    def given(self) -> dict[str, str | int | list[str]]:
        """The arguments that were given, by name, as JSON values."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in values.items()
            if value is not None and value != ()
        }


@dataclass(frozen=True)
class Command:
    """A canonical name such as `extensions.add`, and its arguments."""

    name: str
    arguments: Arguments = Arguments()
