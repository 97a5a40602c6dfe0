"""The token that is refreshed, on a real PostgreSQL: by one for all, and durably."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import parse_qsl

import httpx
import psycopg
import pytest
from cryptography.fernet import Fernet
from directories import started_directory
from sqlalchemy import Engine, text

from bot.calling.authorization import Authorization
from bot.calling.refreshed import RefreshedToken, TriedToken
from bot.calling.seal import Seal
from bot.database import embedded_database
from bot.doctor import Check, run_checks
from bot.errors import QueueAway, RateLimited, Refused, Unreachable, UnusableToken, WebexError
from bot.sandbox.server import SandboxServer
from bot.store import connect
from bot.token_store import TokenName, TokenStore

KEY, OTHER_KEY = Fernet.generate_key().decode(), Fernet.generate_key().decode()
LIFE = timedelta(hours=1)


class Webex:
    """Gives a new access token for each refresh token that is good, and counts how often it was asked."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
        self.good = {"seed"}
        self.asked_with: list[str] = []
        self.rotating = False
        self.away = False
        self.asks_for_pause: int | None = None
        self.wrong_client = False
        self.scopes: set[str] = set()
        self.refresh_life = timedelta(days=90)
        self.same: str | None = None
        self.meanwhile: Callable[[], None] = lambda: None

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)

    def answer(self, request: httpx.Request) -> httpx.Response:
        given = dict(parse_qsl(request.content.decode()))["refresh_token"]
        self.asked_with.append(given)
        self.meanwhile()
        if self.away:
            return httpx.Response(503)
        if self.asks_for_pause:
            return httpx.Response(429, headers={"Retry-After": str(self.asks_for_pause)})
        if self.wrong_client:
            return httpx.Response(401, json={"error": "invalid_client"})
        scope = {"scope": " ".join(sorted(self.scopes))} if self.scopes else {}
        if given not in self.good:
            return httpx.Response(400, json={"message": "invalid_grant"})
        number = len(self.asked_with)
        following = f"refresh-{number}" if self.rotating else given
        self.good = (self.good - {given}) | {following}
        return httpx.Response(
            200,
            json={
                "access_token": self.same or f"access-{number}",
                "expires_in": LIFE.total_seconds(),
                "refresh_token": following,
                "refresh_token_expires_in": self.refresh_life.total_seconds(),
                **scope,
            },
        )


WorkerOf = Callable[..., RefreshedToken]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with started_directory() as directory, embedded_database(directory) as address:
        engine = connect(address)
        yield engine
        engine.dispose()


@pytest.fixture
def store(engine: Engine) -> TokenStore:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM tokens"))
    return TokenStore(engine)


@pytest.fixture
def webex() -> Webex:
    return Webex()


@pytest.fixture
def worker(store: TokenStore, webex: Webex) -> WorkerOf:
    """Makes what one worker process has; several of them share the store."""

    def make(seed: str = "seed", *keys: str) -> RefreshedToken:
        authorization = Authorization(
            "https://webexapis.com/v1",
            "client",
            "secret",
            lambda: webex.now,
            transport=httpx.MockTransport(webex.answer),
            sleep=lambda _: None,
        )
        return RefreshedToken(authorization, store, Seal(keys or (KEY,)), seed, lambda: webex.now)

    return make


def at_once(asks: list[Callable[[], str]]) -> list[str]:
    """What each gives, all asked at the same moment."""
    together = threading.Barrier(len(asks))

    def ask(one: Callable[[], str]) -> str:
        together.wait(20)
        return one()

    with ThreadPoolExecutor(len(asks)) as threads:
        return list(threads.map(ask, asks))


def test_the_first_one_refreshes_and_the_others_use_it(worker: WorkerOf, webex: Webex) -> None:
    first, second = worker(), worker()
    assert [first.current(), second.current(), worker().current(), first.current()] == ["access-1"] * 4
    assert webex.asked_with == ["seed"]


def test_a_token_is_refreshed_before_it_expires(worker: WorkerOf, webex: Webex) -> None:
    token = worker()
    token.current()
    webex.pass_by(minutes=53)
    assert token.current() == "access-1"
    webex.pass_by(minutes=1)
    assert token.current() == "access-2"
    assert worker().current() == "access-2"


def test_while_it_is_still_good_an_outage_is_not_noticed(worker: WorkerOf, webex: Webex) -> None:
    """Webex is asked once a minute, not with each call."""
    token = worker()
    token.current()
    webex.pass_by(minutes=54)
    webex.away = True
    assert [token.current(), token.current()] == ["access-1"] * 2
    assert len(webex.asked_with) == 4
    webex.pass_by(minutes=1)
    webex.away = False
    assert token.current() == "access-5"


def test_once_it_has_expired_an_outage_is_told(worker: WorkerOf, webex: Webex) -> None:
    token = worker()
    token.current()
    webex.pass_by(hours=1)
    webex.away = True
    with pytest.raises(Unreachable):
        token.current()
    webex.away = False
    webex.pass_by(seconds=10)
    assert token.current() == "access-5"


def test_what_fails_is_not_tried_by_each_who_waited(worker: WorkerOf, webex: Webex) -> None:
    """To find it out takes half a minute, and who comes last would wait for all others."""
    webex.away = True
    workers = [worker(), worker()]
    asks = [one.current for one in workers * 4]

    def ask(current: Callable[[], str]) -> str:
        with pytest.raises(Unreachable):
            current()
        return "told"

    assert at_once([partial(ask, current) for current in asks]) == ["told"] * 8
    assert len(webex.asked_with) == 3


def test_all_processes_keep_to_the_pause_that_webex_asks_for(worker: WorkerOf, webex: Webex) -> None:
    webex.asks_for_pause = 120
    first, second = worker(), worker()
    for one in (first, second, first):
        with pytest.raises(RateLimited):
            one.current()
    assert len(webex.asked_with) == 1
    webex.asks_for_pause = None
    webex.pass_by(seconds=119)
    with pytest.raises(WebexError):
        second.current()
    webex.pass_by(seconds=1)
    assert second.current() == "access-2"


def test_who_stands_still_loses_the_token_to_the_others(
    worker: WorkerOf, webex: Webex, store: TokenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that is suspended while it asks Webex, and goes on later."""
    soon = "SET LOCAL lock_timeout = '0.1s'; SET LOCAL idle_in_transaction_session_timeout = '1s'"
    monkeypatch.setattr("bot.token_store.LOCKED_FOR", text(soon))
    second = worker()

    def stand_still() -> None:
        with store.locked(TokenName.REFRESH) as locked:
            for _ in range(100):
                with suppress(Unreachable):
                    second.current()
                    break
                webex.pass_by(seconds=10)
            locked.keep("seed", "too late")

    with pytest.raises(QueueAway):
        stand_still()
    assert worker().current() == "access-1"


def test_a_process_takes_over_what_another_has_refreshed(worker: WorkerOf, webex: Webex) -> None:
    first, second = worker(), worker()
    first.current(), second.current()
    webex.pass_by(minutes=54)
    assert (first.current(), second.current()) == ("access-2", "access-2")
    webex.pass_by(days=3)
    assert (second.current(), first.current()) == ("access-3", "access-3")
    assert len(webex.asked_with) == 3


def test_after_401_there_is_another_token(worker: WorkerOf, webex: Webex) -> None:
    first, second = worker(), worker()
    first.current(), second.current()
    assert first.renew("access-1") == "access-2"
    assert second.renew("access-1") == "access-2"
    assert len(webex.asked_with) == 2


def test_where_webex_gives_the_same_token_again_there_is_no_other(worker: WorkerOf, webex: Webex) -> None:
    webex.same = "the same"
    token = worker()
    assert token.renew(token.current()) == "the same"
    assert len(webex.asked_with) == 2


def test_of_many_that_start_at_once_one_refreshes(worker: WorkerOf, webex: Webex) -> None:
    assert at_once([worker().current for _ in range(12)]) == ["access-1"] * 12
    assert webex.asked_with == ["seed"]


@pytest.mark.parametrize("rotating", [False, True])
def test_of_many_at_once_one_refreshes(worker: WorkerOf, webex: Webex, rotating: bool) -> None:
    """Threads of several processes meet 401 together."""
    webex.rotating = rotating
    workers = [worker(), worker(), worker()]
    assert {one.current() for one in workers} == {"access-1"}
    assert at_once([partial(one.renew, "access-1") for one in workers * 8]) == ["access-2"] * 24
    assert len(webex.asked_with) == 2


def test_the_newest_refresh_token_is_used(worker: WorkerOf, webex: Webex) -> None:
    """Also by a process that starts later, with the setting that has the oldest."""
    webex.rotating = True
    worker().current()
    webex.pass_by(hours=2)
    worker().current()
    webex.pass_by(hours=2)
    assert worker().current() == "access-3"
    assert webex.asked_with == ["seed", "refresh-1", "refresh-2"]


def test_tokens_that_could_not_be_kept_are_kept_later(worker: WorkerOf, webex: Webex, engine: Engine) -> None:
    """The database went away just then. Where refresh tokens rotate, what it has is of no use any more."""
    webex.rotating = True
    token = worker()
    token.current()
    webex.pass_by(hours=2)
    webex.meanwhile = lambda: cut_connections(engine)
    with pytest.raises(QueueAway):
        token.current()
    webex.meanwhile = lambda: None
    assert token.current() == "access-2"
    webex.pass_by(hours=2)
    assert worker().current() == "access-3"
    assert webex.asked_with == ["seed", "refresh-1", "refresh-2"]


def test_tokens_that_could_not_be_kept_give_way_to_newer_ones(
    worker: WorkerOf, webex: Webex, engine: Engine
) -> None:
    """Another process has refreshed since."""
    token = worker()
    webex.meanwhile = lambda: cut_connections(engine)
    with pytest.raises(QueueAway):
        token.current()
    webex.meanwhile = lambda: None
    webex.pass_by(minutes=1)
    assert worker().current() == "access-2"
    assert token.current() == "access-2"


def test_a_process_with_a_wrong_client_secret_keeps_no_other_from_refreshing(
    worker: WorkerOf, webex: Webex
) -> None:
    """It asks no more for a while, and goes on to say what is wrong; the refresh token is as good as before."""
    mistaken, right = worker(), worker()
    webex.wrong_client = True
    for _ in range(2):
        with pytest.raises(Refused) as caught:
            mistaken.current()
        assert caught.value.call.code == "invalid_client"
    assert len(webex.asked_with) == 1
    assert not mistaken.standing().has_ended
    webex.wrong_client = False
    assert right.current() == "access-2"
    assert mistaken.current() == "access-2"


def cut_connections(engine: Engine) -> None:
    """As a database that is restarted does."""
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_refused_refresh_token_is_told_and_not_tried_all_the_time(worker: WorkerOf, webex: Webex) -> None:
    webex.good.clear()
    first, second = worker(), worker()
    for token in (first, second, first):
        with pytest.raises(Refused) as caught:
            token.current()
        assert (caught.value.call.path, caught.value.call.status) == ("/access_token", 400)
    assert len(webex.asked_with) == 1
    assert first.standing().has_ended
    webex.pass_by(minutes=5)
    webex.good.add("seed")
    assert second.current() == "access-2"
    assert not first.standing().has_ended


def test_a_refused_refresh_token_leaves_the_access_token_until_it_expires(
    worker: WorkerOf, webex: Webex, store: TokenStore
) -> None:
    token = worker()
    token.current()
    webex.good.clear()
    webex.pass_by(minutes=55)
    assert token.current() == worker().current() == "access-1"
    assert store.read(TokenName.REFRESH).refused_at == webex.now
    webex.pass_by(minutes=5)
    for one in (token, worker()):
        with pytest.raises(Refused):
            one.current()


def test_another_refresh_token_in_the_settings_takes_the_place_of_the_stored_one(
    worker: WorkerOf, webex: Webex
) -> None:
    """A process that still has the old one goes on with what the new one gave."""
    old = worker()
    old.current()
    webex.good = {"another"}
    new = worker("another")
    assert new.current() == "access-2"
    assert old.renew("access-1") == "access-2"
    webex.pass_by(hours=2)
    assert old.current() == new.current() == worker("another").current() == "access-3"
    assert webex.asked_with == ["seed", "another", "another"]


def test_another_refresh_token_is_tried_though_the_old_one_was_refused(worker: WorkerOf, webex: Webex) -> None:
    webex.good = {"another"}
    with pytest.raises(Refused):
        worker().current()
    assert worker("another").current() == "access-2"
    assert not worker("another").standing().has_ended


def test_another_refresh_token_that_is_refused_leaves_what_the_old_one_gave(
    worker: WorkerOf, webex: Webex
) -> None:
    """It may be mistyped; and where refresh tokens rotate, that of the setting before is no longer good either."""
    webex.rotating = True
    running, mistyped = worker(), worker("mistyped")
    running.current()
    for _ in range(2):
        with pytest.raises(Refused):
            mistyped.current()
    assert mistyped.standing().has_ended
    assert not running.standing().has_ended
    webex.pass_by(hours=2)
    assert running.current() == worker().current() == "access-3"
    assert webex.asked_with == ["seed", "mistyped", "refresh-1"]


def test_tokens_that_no_key_opens_are_not_lost_by_a_refusal(worker: WorkerOf, webex: Webex) -> None:
    """Once the key is put back, they are good."""
    webex.rotating = True
    worker("seed", KEY).current()
    with pytest.raises(Refused):
        worker("seed", OTHER_KEY).current()
    webex.pass_by(minutes=6)
    assert worker("seed", KEY).current() == "access-1"


def test_who_has_not_got_the_newest_key_yet_spoils_nothing(worker: WorkerOf, webex: Webex) -> None:
    """Keys are changed on one machine after the other, and one in between may have to renew the token."""
    webex.rotating = True
    late = worker("seed", KEY)
    late.current()
    ahead = worker("seed", OTHER_KEY, KEY)
    ahead.current()
    webex.pass_by(hours=1)
    with pytest.raises(Refused):
        late.current()
    assert ahead.current() == "access-3"


def test_nothing_is_kept_in_the_clear(worker: WorkerOf, store: TokenStore) -> None:
    worker().current()
    kept = repr(store.read(TokenName.REFRESH))
    for secret in ("access-1", "'seed'"):
        assert secret not in kept


def test_keys_are_rotated_by_a_new_one_in_front(worker: WorkerOf, webex: Webex) -> None:
    """After a start with both, the old one can be taken away."""
    worker("seed", KEY).current()
    worker("seed", OTHER_KEY, KEY).current()
    assert worker("seed", OTHER_KEY).current() == "access-1"
    assert webex.asked_with == ["seed"]


def test_where_the_key_is_lost_the_setting_is_used_again(worker: WorkerOf, webex: Webex) -> None:
    worker("seed", KEY).current()
    assert worker("seed", OTHER_KEY).current() == "access-2"
    assert webex.asked_with == ["seed", "seed"]


def test_who_tries_out_with_a_wrong_key_changes_nothing(worker: WorkerOf, webex: Webex, store: TokenStore) -> None:
    worker("seed", KEY).current()
    before, tried = store.read(TokenName.REFRESH), TriedToken(worker("seed", OTHER_KEY))
    assert not tried.can_read()
    for ask in (tried.current, tried.grant):
        with pytest.raises(UnusableToken, match="Put the key back that they were encrypted with"):
            ask()
    assert store.read(TokenName.REFRESH) == before
    assert webex.asked_with == ["seed"]
    # Another refresh token in the settings needs nothing of what is stored.
    webex.good.add("another")
    assert TriedToken(worker("another", OTHER_KEY)).can_read()


def test_who_tries_out_leaves_the_key_that_running_workers_have(worker: WorkerOf, webex: Webex) -> None:
    """A new key is in front, and no worker has been restarted yet."""
    running = worker("seed", KEY)
    running.current()
    assert TriedToken(worker("seed", OTHER_KEY, KEY)).current() == "access-2"
    webex.pass_by(hours=2)
    webex.rotating = True
    assert TriedToken(worker("seed", OTHER_KEY, KEY)).current() == "access-3"
    assert running.current() == "access-3"
    assert webex.asked_with == ["seed"] * 3


@pytest.mark.parametrize("seed", ["seed", "mistyped"])
def test_what_is_refused_to_who_tries_out_is_not_noted(
    worker: WorkerOf, webex: Webex, store: TokenStore, seed: str
) -> None:
    """The workers that run have settings that are good."""
    worker().current()
    before = store.read(TokenName.REFRESH)
    webex.wrong_client = seed == "seed"
    with pytest.raises(Refused):
        TriedToken(worker(seed)).current()
    assert store.read(TokenName.REFRESH) == before


def test_the_end_of_a_refresh_token_is_seen_a_week_ahead(worker: WorkerOf, webex: Webex) -> None:
    token, began = worker(), webex.now
    assert token.standing().expires_at is None
    token.current()
    standing = token.standing()
    assert (standing.expires_at, standing.ends_soon) == (began + timedelta(days=90), False)
    webex.pass_by(days=83)
    assert (token.standing().ends_soon, token.standing().has_ended) == (True, False)
    webex.pass_by(days=7)
    assert token.standing().has_ended


def looked_at(sandbox: SandboxServer, token: RefreshedToken) -> dict[str, Check]:
    """What doctor says with that token."""
    given = {
        "WEBEX_BOT_TOKEN": "sandbox-bot",
        "WEBEX_CALLING_TOKEN": "sandbox-calling",
        "WEBEX_WEBHOOK_SECRET": "secret",
        "PUBLIC_URL": "http://127.0.0.1:1",
        "WEBEX_BASE_URL": sandbox.api_url,
    }
    checks = run_checks(given, lambda _: None, lambda _: nullcontext(TriedToken(token)))
    return {check.name: check for check in checks}


def test_doctor_names_the_scopes_that_webex_does_not_name_with_the_token(
    worker: WorkerOf, webex: Webex, sandbox: SandboxServer
) -> None:
    webex.same = "sandbox-calling"
    said = looked_at(sandbox, worker())["calling scopes"]
    assert (said.ok, "shows only when the bot changes one" in said.detail) == (True, True)
    webex.scopes = {"spark-admin:telephony_config_read", "spark-admin:people_read", "identity:people_read"}
    said = looked_at(sandbox, worker())["calling scopes"]
    assert said.detail == "The token lacks spark-admin:telephony_config_write and identity:contacts_rw."
    assert said.repair.startswith("Add it on the page of the service app")
    webex.scopes |= {"spark-admin:telephony_config_write", "identity:contacts_rw"}
    assert looked_at(sandbox, worker())["calling scopes"] == Check(
        "calling scopes",
        ok=True,
        detail="Virtual extensions can be read, and the token has the scopes to change them.",
    )


def test_doctor_says_how_long_the_refresh_token_lasts(
    worker: WorkerOf, webex: Webex, sandbox: SandboxServer
) -> None:
    webex.same = "sandbox-calling"

    def check() -> Check:
        return looked_at(sandbox, worker())["refresh token"]

    assert check() == Check("refresh token", ok=True, detail="Webex accepts it until 2027-02-22.")
    webex.good.clear()
    assert (check().ok, check().detail) == (False, "Webex no longer accepts it.")
    webex.wrong_client = True
    assert check().detail.startswith("Webex does not accept WEBEX_CLIENT_ID with WEBEX_CLIENT_SECRET.")
    assert "a secret that was regenerated there takes the place of the old one" in check().repair
    webex.wrong_client = False
    webex.good.add("seed")
    webex.refresh_life = timedelta(days=3)
    assert check().detail == "It expires on 2026-11-27."
    assert "authorize the service app anew in Control Hub" in check().repair


def test_a_database_that_is_away_is_told() -> None:
    away = TokenStore(connect("postgresql://127.0.0.1:1/none"))
    with pytest.raises(QueueAway, match="The database does not answer"):
        away.read(TokenName.BOT)
