"""The chat page alone, over the sandbox's REST API; the tests play the bot."""

from pathlib import Path

from bot_account import BotAccount
from chat_page import ChatPage
from playwright.sync_api import expect
from sample_cards import confirmation, form, plan, text_card

HOSTILE = "<img src=x onerror=alert(1)> <b>5012</b> & [x](javascript:alert(1))"


def test_a_person_writes_to_the_bot_and_reads_the_answer(alice: ChatPage, bot: BotAccount) -> None:
    expect(alice.page.get_by_test_id("welcome")).to_be_visible()
    alice.write("show 5012")
    asked = alice.message("show 5012")
    expect(asked).to_have_attribute("data-sender", alice.email)
    expect(alice.page.get_by_test_id("welcome")).to_be_hidden()
    bot.post(alice.email, markdown="5012 is **Jane Doe**", parentId=asked.get_attribute("data-message-id"))
    expect(alice.message("5012 is Jane Doe").locator("strong", has_text="Jane Doe")).to_be_visible()
    expect(alice.message("5012 is Jane Doe")).to_have_class("message reply")


def test_a_suggestion_is_sent_when_it_is_clicked(alice: ChatPage) -> None:
    alice.page.get_by_test_id("suggestion").filter(has_text="help").click()
    expect(alice.page.get_by_test_id("message")).to_contain_text("help")


def test_a_form_asks_for_what_is_missing_then_sends_all_inputs_as_strings(
    alice: ChatPage, bot: BotAccount
) -> None:
    message = bot.show(alice.email, form())
    card = alice.card("Add a virtual extension")
    card.get_by_role("button", name="Check").click()
    expect(card.get_by_text("Write 2 to 10 digits, for example 5012.")).to_be_visible()
    card.get_by_label("Extension").fill("5012")
    card.get_by_label("Location").select_option("Denver")
    sent = alice.press(card, "Check")
    inputs = {"extension": "5012", "display_name": "", "location": "denver"}
    data = {"command": "extensions.add", "with_level": "LOCATION"}
    assert sent == {"type": "submit", "messageId": message["id"], "inputs": inputs | data}
    expect(card.get_by_text("Sent")).to_be_visible()


def test_when_a_card_is_replaced_a_form_beside_it_keeps_what_was_typed(alice: ChatPage, bot: BotAccount) -> None:
    bot.show(alice.email, form())
    waiting = bot.show(alice.email, plan())
    typed = alice.card("Add a virtual extension").get_by_label("Display name")
    typed.fill("Jane")
    bot.replace(waiting, confirmation())
    expect(alice.card("Done: 5012 dials +14085550199")).to_be_visible()
    expect(alice.card("Change 1 extension?")).to_have_count(0)
    expect(alice.page.get_by_text("Edited")).to_be_visible()
    expect(typed).to_have_value("Jane")
    expect(typed).to_be_focused()


def test_a_deleted_message_leaves_only_a_mark(alice: ChatPage, bot: BotAccount) -> None:
    message = bot.show(alice.email, plan())
    expect(alice.card("Change 1 extension?")).to_be_visible()
    bot.delete(message)
    expect(alice.message("This message was deleted.")).to_be_visible()
    expect(alice.page.get_by_test_id("card")).to_have_count(0)


def test_what_people_write_never_becomes_markup(alice: ChatPage, bot: BotAccount) -> None:
    alice.write(HOSTILE)
    expect(alice.message(HOSTILE)).to_be_visible()
    bot.show(alice.email, text_card(HOSTILE))
    card = alice.card("5012")
    expect(card).to_contain_text("<img src=x onerror=alert(1)>")
    expect(alice.page.locator(".messages").locator("img, b, a")).to_have_count(0)


def test_in_a_group_space_the_bot_is_mentioned_unless_the_box_is_off(alice: ChatPage) -> None:
    alice.open_new_space("Numbering")
    alice.write("extensions")
    mention = alice.message("extensions").locator("spark-mention")
    expect(mention).to_be_visible()
    alice.page.get_by_test_id("mention").uncheck()
    alice.write("only for colleagues")
    expect(alice.message("only for colleagues").locator("spark-mention")).to_have_count(0)


def test_people_see_their_own_spaces(alice: ChatPage) -> None:
    alice.write("whoami")
    expect(alice.message("whoami")).to_be_visible()
    alice.become("Nina")
    expect(alice.page.get_by_test_id("welcome")).to_be_visible()
    expect(alice.message("whoami")).to_have_count(0)


def test_a_reply_goes_into_the_thread(alice: ChatPage) -> None:
    alice.write("ranges")
    root = alice.message("ranges")
    root.hover()
    root.get_by_role("button", name="Reply in the thread").click()
    alice.write("and the patterns?")
    reply = alice.message("and the patterns?")
    expect(reply).to_have_attribute("data-parent-id", root.get_attribute("data-message-id") or "")


def test_a_file_is_sent_and_can_be_fetched(alice: ChatPage, tmp_path: Path) -> None:
    numbers = tmp_path / "numbers.csv"
    numbers.write_text("5012,+14085550123\n")
    alice.page.get_by_test_id("file").set_input_files(numbers)
    alice.write("check these")
    attachment = alice.message("check these").get_by_role("button", name="numbers.csv")
    with alice.page.expect_download() as fetched:
        attachment.click()
    assert fetched.value.suggested_filename == "numbers.csv"
    assert Path(fetched.value.path()).read_text() == "5012,+14085550123\n"


def test_a_refused_message_is_explained_and_kept(alice: ChatPage) -> None:
    box = alice.page.get_by_test_id("message-box")
    box.fill("a" * 7440)
    box.press("Enter")
    expect(alice.page.get_by_test_id("refusal")).to_contain_text("7439")
    expect(box).to_have_value("a" * 7440)
    alice.faults.clear()  # the browser logs the 400 that this test asks for


def test_while_the_sandbox_is_away_the_page_says_so_and_goes_on_by_itself(alice: ChatPage) -> None:
    trouble = alice.page.get_by_text("The sandbox does not answer.")
    alice.page.context.set_offline(True)
    expect(trouble).to_be_visible()
    alice.page.context.set_offline(False)
    expect(trouble).to_be_hidden()
    alice.faults.clear()  # the browser logs each request that failed meanwhile


def test_on_a_narrow_screen_all_fits_and_the_spaces_fold_into_the_bar(alice: ChatPage, bot: BotAccount) -> None:
    alice.page.set_viewport_size({"width": 400, "height": 800})
    bot.show(alice.email, form())
    expect(alice.card("Add a virtual extension")).to_be_visible()
    assert alice.page.evaluate("document.documentElement.scrollWidth") == 400
    expect(alice.page.get_by_test_id("space-list")).to_be_hidden()
    alice.page.get_by_role("button", name=bot.name).click()
    expect(alice.page.get_by_test_id("space-list")).to_be_visible()
