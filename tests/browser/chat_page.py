"""The chat page as a person uses it: the words of the browser tests."""

from typing import Any

from playwright.sync_api import Locator, Page, Request, expect


class ChatPage:
    """One browser window that shows the sandbox's chat page. `faults` are the errors its console showed.

    `email` is the address of the person who acts.
    """

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.email = ""
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)

    def open(self, as_person: str) -> None:
        """Open the page and act as the person of this display name."""
        self.page.goto(self.url)
        self.become(as_person)

    def become(self, name: str) -> None:
        """Act as the person of this display name from now on."""
        switcher = self.page.get_by_test_id("person-switcher")
        switcher.locator("summary").click()
        switcher.get_by_test_id("person").filter(has_text=name).click()
        expect(switcher.locator("summary")).to_contain_text(name)
        self.email = switcher.get_attribute("data-person") or ""

    def open_space(self, title: str) -> None:
        """Open the space of this title."""
        space = self.space(title)
        space.click()
        expect(space).to_have_attribute("aria-current", "true")

    def open_new_space(self, title: str) -> None:
        """Make a group space with the bot in it, and open it."""
        box = self.page.get_by_role("textbox", name="Name of a new space with the bot")
        box.fill(title)
        box.press("Enter")
        expect(self.space(title)).to_have_attribute("aria-current", "true")

    def write(self, text: str) -> None:
        """Write a line and send it with Enter."""
        box = self.page.get_by_test_id("message-box")
        box.fill(text)
        box.press("Enter")
        expect(box).to_have_value("")

    def space(self, title: str) -> Locator:
        """The entry of a space in the list."""
        return self.page.get_by_test_id("space").filter(has=self.page.get_by_text(title, exact=True))

    def message(self, text: str) -> Locator:
        """The messages that hold this text."""
        return self.page.get_by_test_id("message").filter(has_text=text)

    def card(self, text: str) -> Locator:
        """The cards that hold this text."""
        return self.page.get_by_test_id("card").filter(has_text=text)

    def press(self, card: Locator, button: str) -> dict[str, Any]:
        """Press a button of a card. Returns what the page sent to POST /attachment/actions."""
        with self.page.expect_request(_is_submission) as sent:
            card.get_by_role("button", name=button, exact=True).click()
        return sent.value.post_data_json


def _is_submission(request: Request) -> bool:
    return request.method == "POST" and request.url.endswith("/attachment/actions")
