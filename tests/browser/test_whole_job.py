"""From a command in the chat page to a confirmed change, with the bot as `extbot sandbox` starts it."""

from chat_page import ChatPage
from playwright.sync_api import expect


def test_from_an_empty_form_to_a_change_that_was_confirmed(alice_with_bot: ChatPage) -> None:
    alice = alice_with_bot
    alice.write("add")
    form = alice.card("Add a virtual extension")
    form.get_by_role("button", name="Continue").click()
    expect(form.locator(".ac-input-validation-failed")).to_have_count(3)

    form.get_by_label("Extension").fill("4101")
    form.get_by_label("Phone number").fill("+1 408 555 0123")
    form.get_by_label("Display name").fill("Jane Doe")
    form.get_by_label("Location").select_option("Denver")
    alice.press(form, "Continue")
    expect(form).to_contain_text("4101 is already taken here, by Chris Taylor (+13035550152).")
    expect(form.get_by_label("Display name")).to_have_value("Jane Doe")

    form.get_by_label("Extension").fill("5012")
    alice.press(form, "Continue")
    plan = alice.card("Nothing has changed yet")
    expect(plan).to_contain_text("Add virtual extension 5012 Jane Doe")
    expect(plan).to_contain_text("+14085550123")
    alice.press(plan, "Confirm")
    expect(alice.card("Done: Added virtual extension 5012 Jane Doe")).to_contain_text("Alice Martin")

    alice.write("show 5012")
    expect(alice.card("5012 · Jane Doe")).to_contain_text("+14085550123")


def test_the_answer_to_ones_own_message_comes_into_sight(alice_with_bot: ChatPage) -> None:
    """Also when a card that is longer than the window came before it, and the bot answers at once."""
    alice = alice_with_bot
    alice.write("help")
    expect(alice.card("What you can type")).to_be_visible()
    alice.write("show 5003")
    expect(alice.card("Chris Taylor")).to_be_in_viewport()
