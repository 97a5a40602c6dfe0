"""Two real workers with one service app: they refresh together, once, and what fails can be seen."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from directories import started_directory
from installation import Installation, installation, wait_until

from bot.calling.authorization import Grant
from bot.calling.seal import Seal
from bot.sandbox.faults import Fault
from bot.token_store import TokenState

SERVICE_APP = {
    "WEBEX_CALLING_TOKEN": "",
    "WEBEX_CLIENT_ID": "client",
    "WEBEX_CLIENT_SECRET": "secret",
    "WEBEX_REFRESH_TOKEN": "sandbox-refresh",
    "TOKEN_KEYS": "MTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTE=",
}
PEOPLE = ("alice", "rita", "leo", "nina")


@pytest.fixture(scope="module")
def bot() -> Iterator[Installation]:
    """`extbot run` and a second worker."""
    with started_directory() as directory, installation(directory, **SERVICE_APP) as running:
        running.start("worker")
        wait_until(lambda: running.calls("/v1/webhooks") >= 5, "the second worker has looked at the webhooks")
        yield running


def expire_access_tokens(bot: Installation) -> None:
    world = bot.sandbox.world
    with world.lock:
        given = [token for token in world.tokens.values() if token.expires]
        world.tokens.update({token.value: replace(token, expires=world.now()) for token in given})


def test_two_workers_that_meet_401_together_refresh_once(bot: Installation) -> None:
    """Many ask at the same time in many spaces, and everybody is answered."""
    rooms = {bot.ask("help", name)["roomId"] for name in PEOPLE}
    wait_until(lambda: all(len(bot.answers(room)) >= 2 for room in rooms), "all have met the bot")
    assert bot.calls("/v1/access_token") == 1
    expire_access_tokens(bot)
    bot.sandbox.world.faults.add(Fault(path="/v1/access_token", delay=500, count=1))
    for _ in range(3):
        for name in PEOPLE:
            bot.ask("locations", name)
    wait_until(lambda: all(len(bot.answers(room)) >= 5 for room in rooms), "all are answered")
    assert bot.calls("/v1/access_token") == 2
    assert not any("authorization" in text for room in rooms for text in bot.answers(room))


def test_what_comes_while_the_bots_token_is_refused_is_answered_after_it(bot: Installation) -> None:
    """The event is not taken for one that can't be answered."""
    bot.sandbox.world.faults.add(Fault(method="GET", path="/v1/messages/", status=401, count=1))
    asked = bot.ask("show 5003")
    wait_until(lambda: any("Phone number" in text for text in bot.replies(asked)), "it is answered")
    assert not bot.sandbox.world.faults.active()


def opened(state: TokenState) -> tuple[TokenState, Grant | None]:
    """What is kept, and what the workers' key opens of it: they encrypt the same anew when they begin."""
    return replace(state, sealed=None), Seal([SERVICE_APP["TOKEN_KEYS"]]).open(state.sealed or "")


def test_doctor_with_another_key_or_secret_leaves_the_bot_as_it_is(bot: Installation) -> None:
    """What somebody tries in another shell may be wrong, and the tokens can't be made anew from nothing."""
    other_key = "MjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjI="
    refreshed, before = bot.calls("/v1/access_token"), opened(bot.kept_tokens())
    ended = bot.ended("doctor", TOKEN_KEYS=other_key)
    assert ended.returncode == 1
    assert (
        "FAIL  token keys: None of TOKEN_KEYS opens the tokens in the database, which were left as they are.\n"
        "      Put the key back that they were encrypted with"
    ) in ended.stdout
    assert "FAIL  refresh token: It is not looked at before the token keys fit." in ended.stdout
    assert bot.calls("/v1/access_token") == refreshed
    ended = bot.ended("doctor", WEBEX_CLIENT_SECRET="another")
    assert ended.returncode == 1
    assert "FAIL  refresh token: Webex does not accept WEBEX_CLIENT_ID with WEBEX_CLIENT_SECRET." in ended.stdout
    assert opened(bot.kept_tokens()) == before
    assert bot.readiness()["refresh token"] == "ok"


def test_an_ended_authorization_is_named_in_ready_and_by_doctor(bot: Installation) -> None:
    """The web process goes on to take events: who asks has to be told."""
    tokens = ("bot token", "calling token", "refresh token")
    assert [bot.readiness()[name] for name in tokens] == ["ok", "ok", "ok"]
    grants = dict(bot.sandbox.world.grants)
    bot.sandbox.world.grants.clear()
    expire_access_tokens(bot)
    asked = bot.ask("show 5003")
    wait_until(
        lambda: any("authorization for Webex Calling has ended" in t for t in bot.replies(asked)), "it is said"
    )
    assert bot.readiness()["refresh token"].startswith("Webex does not accept it any more")
    said = bot.says("doctor")
    assert "FAIL  calling token: Webex does not accept the authorization for Webex Calling." in said
    assert "FAIL  refresh token: Webex no longer accepts it." in said
    assert "authorize the service app anew in Control Hub" in said
    assert "Traceback" not in said
    # It asks anew, though the bot itself does not for five minutes after a refusal.
    bot.sandbox.world.grants.update(grants)
    assert "ok    refresh token: Webex accepts it until 20" in bot.says("doctor")
