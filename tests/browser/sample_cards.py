"""Cards for the tests of the page alone: a form, a plan, and the answer that takes the plan's place."""

from typing import Any

CARD_TYPE = "application/vnd.microsoft.card.adaptive"


def form() -> dict[str, Any]:
    """A form with a required input, an optional one, and a choice."""
    return _card(
        [
            _text("Add a virtual extension", size="Large", weight="Bolder"),
            {
                "type": "Input.Text",
                "id": "extension",
                "label": "Extension",
                "isRequired": True,
                "errorMessage": "Write 2 to 10 digits, for example 5012.",
            },
            {"type": "Input.Text", "id": "display_name", "label": "Display name"},
            {
                "type": "Input.ChoiceSet",
                "id": "location",
                "label": "Location",
                "style": "compact",
                "isMultiSelect": False,
                "value": "",
                "choices": [{"title": "Organization", "value": ""}, {"title": "Denver", "value": "denver"}],
            },
        ],
        [_submit("Check", "extensions.add", with_level="LOCATION")],
    )


def plan() -> dict[str, Any]:
    """A plan that waits for confirmation."""
    buttons = [_submit("Confirm", "plans.confirm", with_target="7F3K"), _submit("Cancel", "plans.cancel")]
    return _card([_text("Change 1 extension?"), _text("+14085550123 → +14085550199")], buttons)


def confirmation() -> dict[str, Any]:
    """What takes the place of the plan once it was applied."""
    return _card([_text("Done: 5012 dials +14085550199", color="Good")], [])


def text_card(text: str) -> dict[str, Any]:
    """A card of one line of card markdown."""
    return _card([_text(text)], [])


def _card(body: list[dict[str, Any]], actions: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "AdaptiveCard", "version": "1.3", "body": body, "actions": actions}


def _text(text: str, **properties: str) -> dict[str, Any]:
    return {"type": "TextBlock", "text": text, "wrap": True, **properties}


def _submit(title: str, command: str, **fixed: str) -> dict[str, Any]:
    return {"type": "Action.Submit", "title": title, "data": {"command": command, **fixed}}
