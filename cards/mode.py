"""The virtual extension mode of the organization: what it means, and what a change of it would do."""

from collections.abc import Mapping

from bot.command import Arguments
from bot.telephony import Mode
from cards.buttons import button
from cards.elements import Action, Card, finish
from cards.layout import Tone, banner, header, sentence
from cards.twin import line_to_type, plain, twin

KIND = "Virtual extension mode"
TITLES: Mapping[str, str] = {Mode.STANDARD: "Standard", Mode.ENHANCED: "Enhanced"}
MEANINGS: Mapping[str, str] = {
    Mode.STANDARD: "Calls go out to an ordinary phone number: every number and every prefix is in the E.164 form, "
    "such as +14085550123. It works with every PSTN provider.",
    Mode.ENHANCED: "Calls carry special network signalling to the PSTN provider: prefixes may have any form. "
    "Few providers support it; with the others, virtual extensions don't work.",
}
UNKNOWN = "Webex names a mode that is new to this bot. Look it up in Control Hub before you change it."
WARNING = (
    "The mode belongs to the whole organization: a change affects all virtual extensions and ranges at once. "
    "Ask your PSTN provider first."
)


def mode_card(mode: str, may_change: bool) -> Card:
    """The present mode, with a warning about the other one."""
    title = TITLES.get(mode, mode or "Unknown")
    meaning = MEANINGS.get(mode, UNKNOWN)
    others = [other for other in Mode if other != mode]
    body = [*header(KIND, title), sentence(meaning), banner(WARNING, Tone.WARNING, "Before you change it")]
    actions: list[Action] = [_change_to(other) for other in others] if may_change else []
    lines = [plain(line) for line in (meaning, f"Before you change it: {WARNING}")]
    change = f"Type {line_to_type('mode', others[0].lower())} to change it; you will be asked to confirm."
    go_on = change if may_change else "Type `extensions` to see the virtual extensions."
    return finish(body, actions, twin(f"{KIND}: {title}", lines, go_on))


def _change_to(mode: Mode) -> Action:
    return button(f"Change to {TITLES[mode].lower()}", "mode.change", Arguments(mode=mode))
