"""Checks of a configuration, each with the sentence that says how to mend it.

Nothing is changed but for the token for Webex Calling, which is refreshed, and kept where that went well.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from http.client import HTTPException
from typing import NoReturn

from bot.calling.client import CallingClient
from bot.calling.errors import INVALID_CLIENT
from bot.calling.mending import BOT_TOKEN, COPY_ANEW, RENEW_AUTHORIZATION, explain_to_operator
from bot.calling.refreshed import NO_KEY_FITS, TriedToken
from bot.calling.requests import ExtensionFilter
from bot.calling.token import StaticToken
from bot.errors import QueueAway, Refused, UnusableDatabase, UnusableToken, WebexError
from bot.policy_checks import find_members, find_misfits
from bot.policy_file import PolicyFile
from bot.settings import ALIVE, Settings, SettingsError, load
from bot.webex.directory import Directory
from bot.webex.ids import name_in
from bot.webex.messaging import Messaging
from bot.webex.webhooks import find_repairs

REACH_SECONDS = 5.0
LONGEST_ANSWER = 1000

SCOPES = (
    "spark-admin:telephony_config_read",
    "spark-admin:telephony_config_write",
    "identity:contacts_rw",
    "spark-admin:people_read",
)
"""What the bot can't do without. The scope that `own_locations` needs is looked at with the file that has it."""

OF_BOT = ("/memberships", "/webhooks")
"""The paths, of those that are called here, that the bot's own token is used for."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: what was found, and what to do where it is not in order."""

    name: str
    ok: bool
    detail: str
    repair: str = ""


class Wrong(Exception):
    """What a check found not to be in order, as a sentence. `repair` is what to do, where it depends on that."""

    def __init__(self, sentence: str, repair: str = "") -> None:
        super().__init__(sentence)
        self.repair = repair


@dataclass(frozen=True)
class TokenOutOfReach:
    """In the place of a TriedToken, where the database that keeps it can't be used."""

    why: UnusableDatabase

    def current(self) -> NoReturn:
        """Raises why."""
        raise self.why

    def renew(self, refused: str) -> NoReturn:  # noqa: ARG002 - as any other
        """Raises why."""
        raise self.why

    def can_read(self) -> NoReturn:
        """Raises why."""
        raise self.why

    def grant(self) -> NoReturn:
        """Raises why."""
        raise self.why

    def standing(self) -> NoReturn:
        """Raises why."""
        raise self.why


CallingToken = StaticToken | TriedToken | TokenOutOfReach


@dataclass(frozen=True)
class Subject:
    """What is looked at. `database` says what is wrong with the database, None if nothing is.

    `token` is the one for Webex Calling.
    """

    settings: Settings
    messaging: Messaging
    directory: Directory
    calling: CallingClient
    token: CallingToken
    database: Callable[[Settings], str | None]


def run_checks(
    environ: Mapping[str, str],
    database: Callable[[Settings], str | None],
    open_token: Callable[[Settings], AbstractContextManager[CallingToken]],
) -> list[Check]:
    """All checks of what these variables configure; only those of the settings where they can't be read.

    `open_token` gives the token for Webex Calling.
    """
    try:
        settings = load(environ)
    except SettingsError as error:
        return [
            Check(each.variable, ok=False, detail=f"It {each.wrong}.", repair=each.repair)
            for each in error.problems
        ]
    with (
        open_token(settings) as token,
        closing(CallingClient(settings.webex_base_url, token, org_id=settings.calling_org_id)) as calling,
    ):
        directory = Directory.of(settings, token)
        subject = Subject(settings, Messaging.of(settings), directory, calling, token, database)
        complete = Check("settings", ok=True, detail="All are there and readable.")
        spared = {
            *(() if settings.admin_space_id else (_look_at_admin_space,)),
            *((_look_at_keys,) if settings.webex_calling_token else ()),
        }
        looks = [each for each in CHECKS if each[1] not in spared]
        return [complete, *(_check(*each, subject) for each in looks)]


def _check(name: str, look: Callable[[Subject], str], repair: str, subject: Subject) -> Check:
    try:
        return Check(name, ok=True, detail=look(subject))
    except Wrong as wrong:
        return Check(name, ok=False, detail=str(wrong), repair=wrong.repair or repair)
    except QueueAway:
        return Check(name, ok=False, detail=OUT_OF_REACH, repair=FIRST_THE_DATABASE)
    except UnusableDatabase as error:
        detail = "It can't be used as it is." if name == "database" else OUT_OF_REACH
        return Check(name, ok=False, detail=detail, repair=str(error))
    except UnusableToken as error:
        return Check(name, ok=False, detail="It is not looked at before the token keys fit.", repair=str(error))
    except WebexError as error:
        said = explain_to_operator(error, _holder(name, error.call.path, subject.settings))
        return Check(name, ok=False, detail=f"{said.sentence} ({error})", repair=said.hint)


def _holder(name: str, path: str, settings: Settings) -> str:
    """The setting that holds the token which a check makes a call with."""
    calling = "WEBEX_CALLING_TOKEN" if settings.webex_calling_token else "WEBEX_REFRESH_TOKEN"
    if name == "bot token" or path.startswith(OF_BOT):
        return BOT_TOKEN
    return f"{BOT_TOKEN} or {calling}, as the checks of the two say" if name == "organization" else calling


def _mend_database(settings: Settings) -> str:
    if settings.database_url:
        return "See that DATABASE_URL is right and PostgreSQL runs there, and run `extbot setup`."
    return f"See that there is room in DATA_DIR, {settings.data_dir}, and run `extbot setup`: it makes the tables."


def _look_at_bot(subject: Subject) -> str:
    bot = subject.messaging.me()
    if not bot.is_bot:
        raise Wrong(f"It belongs to a person, {bot.display_name}, not to a bot.")
    return f"It is {bot.display_name} ({bot.email})."


def _look_at_owner(subject: Subject) -> str:
    owner = subject.directory.me()
    if owner.type == "bot":
        raise Wrong("It belongs to a bot, and bots can't administer Webex Calling.")
    return f"It acts for {owner.display_name}."


def _look_at_keys(subject: Subject) -> str:
    if not isinstance(subject.token, StaticToken) and not subject.token.can_read():
        raise Wrong("None of TOKEN_KEYS opens the tokens in the database, which were left as they are.")
    return "They fit what is in the database."


def _look_at_refresh_token(subject: Subject) -> str:
    if isinstance(subject.token, StaticToken):
        return "There is none: WEBEX_CALLING_TOKEN is used until it expires."
    try:
        subject.token.grant()
    except Refused as error:
        if error.call.code == INVALID_CLIENT:
            raise
        raise Wrong("Webex no longer accepts it.") from error
    standing = subject.token.standing()
    if standing.expires_at is None:
        return "Webex accepts it, and does not say until when."
    until = f"{standing.expires_at:%Y-%m-%d}"
    if standing.ends_soon:
        raise Wrong(f"It expires on {until}.")
    return f"Webex accepts it until {until}."


def _look_at_scopes(subject: Subject) -> str:
    subject.calling.list_extensions(ExtensionFilter(), max_items=1)
    named = None if isinstance(subject.token, StaticToken) else subject.token.grant().scopes
    if named is None:
        return "Virtual extensions can be read. Whether they can be changed shows only when the bot changes one."
    missing = [scope for scope in SCOPES if scope not in named]
    if missing:
        raise Wrong(f"The token lacks {' and '.join(missing)}.")
    return "Virtual extensions can be read, and the token has the scopes to change them."


def _look_at_roles(subject: Subject) -> str:
    return f"Webex names {len(subject.directory.list_roles())} administrator roles."


def _look_at_organization(subject: Subject) -> str:
    of_bot = subject.messaging.me().org_id
    of_calling = subject.settings.calling_org_id or subject.directory.me().org_id
    if name_in(of_bot) != name_in(of_calling):
        raise Wrong("The bot belongs to another organization than the one whose extensions it manages.")
    return "The bot and the calling token belong to the same one."


def _look_at_address(subject: Subject) -> str:
    url = f"{subject.settings.public_url}/health"
    try:
        # The settings let only http(s) through.
        with urllib.request.urlopen(url, timeout=REACH_SECONDS) as answer:  # noqa: S310
            said = answer.read(LONGEST_ANSWER)
    except urllib.error.HTTPError as error:
        raise Wrong(f"{url} answers with HTTP status {error.code}.") from error
    except (OSError, HTTPException, UnicodeError) as error:
        raise Wrong(f"{url} does not answer.") from error
    if not _is_alive(said):
        raise Wrong(f"Something else than the bot answers at {url}.")
    return f"The bot answers at {url}."


def _is_alive(said: bytes) -> bool:
    """Whether it is the bot that said it: a login page or a parked domain answers with 200, too."""
    try:
        return bool(json.loads(said) == ALIVE)
    except ValueError:
        return False


def _look_at_webhooks(subject: Subject) -> str:
    settings = subject.settings
    secret = settings.webex_webhook_secret.get_secret_value()
    repairs = find_repairs(subject.messaging.list_webhooks(), settings.webhook_url, secret)
    found = {"missing": repairs.make, "inactive or different": repairs.mend, "stale": repairs.remove}
    if repairs.needed:
        raise Wrong(", ".join(f"{len(hooks)} {state}" for state, hooks in found.items() if hooks) + ".")
    return f"All {len(repairs.keep)} are registered and active."


def _look_at_database(subject: Subject) -> str:
    wrong = subject.database(subject.settings)
    if wrong:
        raise Wrong(wrong, _mend_database(subject.settings))
    return "It can be reached, and its tables are there."


def _look_at_admin_space(subject: Subject) -> str:
    space = subject.settings.admin_space_id or ""
    members = find_members(subject.messaging, space)
    if members is None:
        raise Wrong(f"The bot is not in the space {space}.")
    return f"The bot is in it, with {len(members) - 1} others."


def _look_at_access(subject: Subject) -> str:
    policy = PolicyFile(subject.settings.access_file).current()
    misfits = find_misfits(policy, subject.directory, subject.messaging, subject.calling)
    if misfits:
        raise Wrong(" ".join(misfits))
    return f"{subject.settings.access_file} has {len(policy.grants)} grants, and Webex knows all that they name."


ADD_SCOPES = (
    "Add it on the page of the service app at developer.webex.com (My Webex Apps), have the app authorized anew "
    "in Control Hub, and put its new refresh token into WEBEX_REFRESH_TOKEN."
)
FIRST_THE_DATABASE = "Do first what the check of the database says."
RESTART_ALL = (
    "Restart all processes of the bot: they have the settings that they were started with, and a worker registers "
    "and mends the webhooks by itself. Where none runs yet, `extbot setup` registers them."
)
OUT_OF_REACH = "It can't be looked at: the token for Webex Calling is kept in the database."

CHECKS: tuple[tuple[str, Callable[[Subject], str], str], ...] = (
    ("bot token", _look_at_bot, COPY_ANEW),
    ("token keys", _look_at_keys, NO_KEY_FITS),
    (
        "calling token",
        _look_at_owner,
        "Put a valid token of an administrator or a service app into WEBEX_CALLING_TOKEN.",
    ),
    ("refresh token", _look_at_refresh_token, RENEW_AUTHORIZATION),
    ("calling scopes", _look_at_scopes, ADD_SCOPES),
    ("administrator roles", _look_at_roles, ""),
    (
        "organization",
        _look_at_organization,
        "Use a bot and a calling token of the same organization; partner administrators set CALLING_ORG_ID.",
    ),
    (
        "public address",
        _look_at_address,
        "Start the bot, and see that PUBLIC_URL leads to it from the internet: name, certificate, proxy, tunnel.",
    ),
    (
        "webhooks",
        _look_at_webhooks,
        RESTART_ALL,
    ),
    ("database", _look_at_database, ""),
    (
        "admin space",
        _look_at_admin_space,
        "Add the bot to it, or put the id into ADMIN_SPACE_ID that `whoami` shows in a space with the bot.",
    ),
    (
        "access",
        _look_at_access,
        "Correct the file that ACCESS_FILE names; access.example.toml says what may stand in it.",
    ),
)
"""What is looked at, in order, and how to mend it where it is not the call or the database that fails."""
