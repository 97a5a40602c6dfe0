"""The authorization of a service app: it lasts by itself, ends in the open, and is put right again."""

import re
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from bot_at_work import BotAtWork, bot_at_work
from confirmed_plans import changed, has_done, present
from people import Person

from bot.sandbox.ids import named_id
from bot.sandbox.records import Grant, Lifetimes
from bot.sandbox.server import SandboxServer
from bot.store import connect
from bot.token_store import TokenName, TokenStore

SPACE = named_id("ROOM", "Telephony")


@contextmanager
def service_app(sandbox: SandboxServer, database_url: str, **settings: str) -> Iterator[BotAtWork]:
    """A bot that refreshes its access tokens. The database knows nothing of its client yet."""
    given = {
        "WEBEX_CALLING_TOKEN": "",
        "WEBEX_CLIENT_ID": str(uuid.uuid4()),
        "WEBEX_CLIENT_SECRET": "secret",
        "WEBEX_REFRESH_TOKEN": "sandbox-refresh",
        "TOKEN_KEYS": "MTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTE=",
        "ADMIN_SPACE_ID": SPACE,
        **settings,
    }
    with bot_at_work(sandbox, database_url, **given) as working:
        working.services.token_watch.check()
        yield working


@pytest.fixture
def bot(sandbox: SandboxServer, database_url: str) -> Iterator[BotAtWork]:
    with service_app(sandbox, database_url) as working:
        yield working


def refreshes(bot: BotAtWork) -> int:
    """How often the bot has asked for an access token."""
    return sum(call.path == "/v1/access_token" for call in list(bot.sandbox.world.calls))


def expire_access_tokens(bot: BotAtWork) -> None:
    """Let Webex accept no access token any more that it gave for a refresh token."""
    world = bot.sandbox.world
    with world.lock:
        given = [token for token in world.tokens.values() if token.expires]
        world.tokens.update({token.value: replace(token, expires=world.now()) for token in given})


def wait_until_met(bot: BotAtWork) -> None:
    """Wait until the faults that were ordered have all been met."""
    waiting, turns = threading.Event(), 2000
    while bot.sandbox.world.faults.active():
        turns -= 1
        assert turns, "Nothing met the fault."
        waiting.wait(0.01)


def revoke(bot: BotAtWork) -> None:
    """Let an administrator take the authorization away."""
    bot.sandbox.world.grants.clear()
    expire_access_tokens(bot)


def announced(bot: BotAtWork) -> list[str]:
    """What the bot has said to those who run it, the oldest first."""
    said = bot.sandbox.world.messages_in(SPACE)
    return [one.markdown or "" for one in reversed(said) if one.person_id == bot.services.own_id]


def test_a_token_that_expires_in_the_middle_of_a_plan_is_refreshed_once(bot: BotAtWork, alice: Person) -> None:
    """While the second of three changes is on its way, the access token expires: all three are done."""
    found = [present(bot, number) for number in ("5001", "5002", "5003")]
    alice.meets_the_bot()
    before = refreshes(bot)
    bot.meets(method="PUT", pattern=re.escape(found[1].id), delay=500, count=1)

    def expire() -> None:
        wait_until_met(bot)
        expire_access_tokens(bot)

    expiry = threading.Thread(target=expire)
    expiry.start()
    has_done(bot, alice, *(changed(one, displayName=f"New {one.extension}") for one in found))
    expiry.join()
    assert [present(bot, one.extension).display_name for one in found] == ["New 5001", "New 5002", "New 5003"]
    puts = [call.status for call in bot.sandbox.world.calls if call.method == "PUT" and "/virtual" in call.path]
    assert puts == [204, 401, 204, 204]
    assert refreshes(bot) == before + 1


def test_people_do_not_notice_that_tokens_expire(bot: BotAtWork, alice: Person) -> None:
    """Neither that of the virtual extensions nor that of looking up people, which is the same."""
    alice.says("show 5003")
    bot.clock.pass_by(minutes=6)
    expire_access_tokens(bot)
    alice.says("show 5003")
    alice.sees("5003", "Phone number")
    assert refreshes(bot) == 2


@pytest.mark.parametrize("access", [timedelta(days=14), timedelta(hours=1)])
def test_a_token_is_refreshed_ahead_of_its_end(
    sandbox: SandboxServer, database_url: str, access: timedelta
) -> None:
    """With a life of 14 days as with one of an hour: nobody meets 401."""
    sandbox.world.lifetimes = Lifetimes(access=access)
    with service_app(sandbox, database_url) as bot:
        for _ in range(3):
            bot.clock.pass_by(seconds=access.total_seconds() * 0.95)
            Person(bot, "alice").says("show 5003")
        assert refreshes(bot) == 4
        assert not [call for call in sandbox.world.calls if call.status == 401]


def test_an_authorization_that_was_taken_away_is_told_to_everybody(bot: BotAtWork, alice: Person) -> None:
    """Who asks gets a sentence, those who run the bot get a message, once."""
    alice.says("show 5003")
    revoke(bot)
    alice.says("show 5003")
    alice.sees(
        "The bot's authorization for Webex Calling has ended, so it can't look anything up or change it.",
        "The administrator has to authorize the service app anew",
    )
    for _ in range(3):
        bot.services.token_watch.check()
        bot.clock.pass_by(minutes=6)
    (told,) = announced(bot)
    assert "The bot's authorization has ended" in told
    assert "Authorize the service app anew in Control Hub" in told
    assert "WEBEX_REFRESH_TOKEN" in told


def test_who_can_not_even_be_looked_up_is_told_the_same(bot: BotAtWork, alice: Person) -> None:
    revoke(bot)
    alice.says("show 5003")
    alice.sees("The bot's authorization for Webex Calling has ended")


def test_what_was_planned_before_the_end_is_not_done_and_said_so(bot: BotAtWork, alice: Person) -> None:
    alice.says("add 5012 +14085550123 Jane Doe at Denver")
    revoke(bot)
    alice.clicks("Confirm")
    alice.sees("The bot's authorization for Webex Calling has ended")
    latest = list(bot.services.store.history.links())[-1].entry
    assert (latest.outcome, latest.person_name) == ("failed", "Alice Martin")
    assert "5012" not in [one.extension for one in bot.sandbox.numbering.extensions()]


def test_a_new_refresh_token_puts_it_right(bot: BotAtWork, sandbox: SandboxServer, database_url: str) -> None:
    """The administrator authorized anew, and the bot was started with what came of it."""
    revoke(bot)
    bot.services.token_watch.check()
    sandbox.world.grants["authorized-anew"] = Grant(sandbox.world.tokens["sandbox-calling"])
    with service_app(sandbox, database_url, WEBEX_REFRESH_TOKEN="authorized-anew") as mended:
        alice = Person(mended, "alice")
        alice.says("show 5003")
        alice.sees("5003", "Phone number")
        for _ in range(2):
            mended.services.token_watch.check()
        assert len(announced(mended)) == 2
        assert "The bot's authorization is in order" in announced(mended)[-1]
        assert "What I wrote about them before is over." in announced(mended)[-1]


def test_a_refused_refresh_token_that_is_used_no_more_is_no_trouble(
    bot: BotAtWork, sandbox: SandboxServer, database_url: str
) -> None:
    """The administrators went over to a token of another kind: `/ready` is to tell of that one."""
    revoke(bot)
    bot.services.token_watch.check()
    engine = connect(database_url)
    assert TokenStore(engine).read(TokenName.REFRESH).refused_at is not None
    with bot_at_work(sandbox, database_url) as other:
        other.services.token_watch.check()
    assert TokenStore(engine).read(TokenName.REFRESH).refused_at is None
    engine.dispose()


def test_the_end_of_a_refresh_token_is_announced_a_week_before_once(bot: BotAtWork) -> None:
    """Its clock begins again with each refresh, so that only a bot that could not refresh comes so far."""
    bot.meets(path="/v1/access_token", status=503)
    bot.clock.pass_by(days=82)
    bot.services.token_watch.check()
    assert announced(bot) == []
    assert bot.services.store.observations.find("authorization") == "ok"
    for _ in range(3):
        bot.clock.pass_by(days=1, hours=1)
        bot.services.token_watch.check()
    outlook = bot.services.store.observations.find("authorization") or ""
    assert outlook.startswith("ok until 20")
    assert "`extbot doctor` says what to do before" in outlook
    (told,) = announced(bot)
    assert "The bot's authorization ends soon" in told
    assert "refresh token for Webex Calling expires on" in told
    bot.clock.pass_by(days=7)
    for _ in range(3):
        bot.services.token_watch.check()
    assert len(announced(bot)) == 2
    assert "has ended" in announced(bot)[-1]
    outlook = bot.services.store.observations.find("authorization") or ""
    assert outlook.startswith("The refresh token is of no use any more")


def test_an_announcement_that_could_not_be_made_is_made_later(bot: BotAtWork) -> None:
    revoke(bot)
    bot.meets(method="POST", path="/v1/messages", status=404, count=1)
    bot.services.token_watch.check()
    assert announced(bot) == []
    bot.services.token_watch.check()
    assert len(announced(bot)) == 1


def test_a_token_that_is_used_as_it_is_ends_in_the_open_too(sandbox: SandboxServer, database_url: str) -> None:
    with bot_at_work(sandbox, database_url, ADMIN_SPACE_ID=SPACE) as bot:
        bot.services.token_watch.check()
        del sandbox.world.tokens["sandbox-calling"]
        Person(bot, "alice").says("show 5003")
        Person(bot, "alice").says("hello")
        for _ in range(2):
            bot.services.token_watch.check()
        (told,) = announced(bot)
        assert "The bot's access has ended" in told
        assert "no longer accepts the bot's access token for Webex Calling" in told
        assert "Run `extbot doctor`" in told


def test_what_is_refused_besides_a_token_ends_no_access(sandbox: SandboxServer, database_url: str) -> None:
    """As by a proxy: a token is refused with 401."""
    with bot_at_work(sandbox, database_url, ADMIN_SPACE_ID=SPACE) as bot:
        bot.meets(path="/v1/people/me", status=403, body="<html>Blocked</html>")
        bot.services.token_watch.check()
        assert announced(bot) == []
        engine = connect(database_url)
        assert not any(TokenStore(engine).read(name).refused_at for name in TokenName)
        engine.dispose()


def test_a_refused_bot_token_is_noted_until_it_is_accepted_again(bot: BotAtWork, database_url: str) -> None:
    """The web process names it in /ready. An outage says nothing about it."""
    engine = connect(database_url)
    store = TokenStore(engine)
    bot.meets(path="/v1/people/me", status=401, count=2)
    bot.services.token_watch.check()
    assert store.read(TokenName.BOT).refused_at is not None
    bot.meets(path="/v1/people/me", status=400, count=1)
    bot.services.token_watch.check()
    assert store.read(TokenName.BOT).refused_at is not None
    bot.services.token_watch.check()
    assert store.read(TokenName.BOT).refused_at is None
    engine.dispose()
