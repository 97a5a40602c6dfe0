"""The bot is away until Webex gives its webhook up, and comes back."""

from collections.abc import Iterator

import pytest
from directories import started_directory
from installation import Installation, installation, wait_until

MOST_FAILURES = 100
"""After which Webex disables a webhook."""


@pytest.fixture
def bot() -> Iterator[Installation]:
    with started_directory() as directory, installation(directory) as running:
        yield running


def test_a_disabled_webhook_is_mended_and_what_was_missed_is_answered_once(bot: Installation) -> None:
    """Questions are answered, in their order; the change is only offered."""
    room = bot.ask("show 5003")["roomId"]
    wait_until(lambda: len(bot.answers(room)) == 2, "it is answered, behind the greeting")
    bot.stop()
    for _ in range(MOST_FAILURES):
        bot.ask("show 5003")
    bot.ask("delete 5003")
    webhooks = bot.sandbox.world.webhooks
    wait_until(lambda: "inactive" in {one.status for one in webhooks.values()}, "the webhook is disabled")
    bot.start("run")
    wait_until(lambda: len(bot.answers(room)) == 2 + MOST_FAILURES + 1, "all are answered")
    assert {one.status for one in webhooks.values()} == {"active"}
    assert "Do you still want this: delete an extension?" in bot.answers(room)[-1]
    again = bot.ask("show 5008")["roomId"]
    wait_until(lambda: "5008" in bot.answers(again)[-1], "webhooks are delivered again")
    assert len(bot.answers(room)) == 2 + MOST_FAILURES + 2
