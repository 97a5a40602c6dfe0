"""The settings: read once from the environment, checked all at once, handed on as one frozen value."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

SECRETS = (
    *("webex_bot_token", "webex_calling_token", "webex_client_secret", "webex_refresh_token", "token_keys"),
    *("webex_webhook_secret", "database_url"),
)
"""May also be given as the name of a file that holds them: WEBEX_BOT_TOKEN_FILE and so on."""

SERVICE_APP = ("webex_client_id", "webex_client_secret", "webex_refresh_token", "token_keys")
"""What it takes to refresh access tokens, all of it, in the place of WEBEX_CALLING_TOKEN."""

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
NO_URL = "is not a web address"
VISIBLE = re.compile(r"[\x21-\x7e]+")


def _read_url(text: str) -> str:
    url = _split(text)
    if url.scheme not in {"http", "https"} or not url.hostname or url.query or url.fragment:
        raise ValueError(NO_URL)
    if url.scheme == "http" and url.hostname not in LOOPBACK:
        raise ValueError("is not encrypted: it must begin with https://")
    return text.rstrip("/")


def _split(text: str) -> SplitResult:
    try:
        url = urlsplit(text)
        _ = url.port  # raises, too, where it is not a number
    except ValueError:
        raise ValueError(NO_URL) from None
    return url


def _read_database_url(secret: SecretStr) -> SecretStr:
    scheme, _, rest = secret.get_secret_value().partition("://")
    # Platforms hand out the older scheme, which SQLAlchemy no longer knows.
    if scheme not in {"postgresql", "postgres"} or not rest:
        raise ValueError("is not the address of a PostgreSQL database")
    return SecretStr(f"postgresql://{rest}")


def _check_secret(secret: SecretStr) -> SecretStr:
    # Spaces and line breaks come from careless copying; in a header they would fail only at the first call.
    if not VISIBLE.fullmatch(secret.get_secret_value()):
        raise ValueError("holds spaces, line breaks or letters that can't be part of it")
    return secret


def _check_keys(secret: SecretStr) -> SecretStr:
    # Openssl writes base64 with the letters "+" and "/", Fernet with those that may stand in an address.
    keys = [key.strip().replace("+", "-").replace("/", "_") for key in secret.get_secret_value().split(",")]
    if not all(map(_is_fernet_key, keys)):
        raise ValueError("holds something that is no Fernet key")
    return SecretStr(",".join(keys))


def _is_fernet_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, altchars=b"-_", validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


Url = Annotated[str, AfterValidator(_read_url)]
Secret = Annotated[SecretStr, AfterValidator(_check_secret)]
Keys = Annotated[SecretStr, AfterValidator(_check_keys)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_read_database_url)]


@dataclass(frozen=True)
class ServiceApp:
    """What access tokens are refreshed with. The first of `keys` encrypts what is kept, any of them reads it."""

    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)
    keys: tuple[str, ...] = field(repr=False)


class Settings(BaseModel):
    """All that is configured. Each description completes the sentence "Set it to …"."""

    model_config = ConfigDict(frozen=True)

    webex_bot_token: Secret = Field(description="the access token of the bot (developer.webex.com, My Webex Apps)")
    webex_calling_token: Secret | None = Field(
        None,
        description="an administrator's token for Webex Calling that is used as it is until it expires; only for "
        "trying, and only without WEBEX_CLIENT_ID",
    )
    webex_client_id: str | None = Field(
        None,
        pattern=r"^[\x21-\x7e]+$",
        description="the client id of a service app (or an integration) with the scopes "
        "spark-admin:telephony_config_read, spark-admin:telephony_config_write, identity:contacts_rw "
        "and spark-admin:people_read, whose access tokens the bot renews by itself",
    )
    webex_client_secret: Secret | None = Field(None, description="the client secret of that service app")
    webex_refresh_token: Secret | None = Field(
        None,
        description="the refresh token that a full administrator got by authorizing that service app; "
        "the bot keeps newer ones in its database, until another one is put in here",
    )
    token_keys: Keys | None = Field(
        None,
        description="the key that encrypts tokens in the database; make one with "
        "`openssl rand -base64 32`; to change it put a new one in front, with a comma between, "
        "and take the old one away once every worker has been restarted",
    )
    admin_space_id: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9_=-]+$",
        description="the id of a space with the bot in it, where those who run the bot read that an "
        "authorization ends; without it they read it in the log, in /ready and from `extbot doctor`",
    )
    webex_webhook_secret: Secret = Field(
        description="a long random text that signs what Webex sends; make one with `openssl rand -hex 32`"
    )
    public_url: Url = Field(
        description="the address where Webex reaches the bot, such as https://bot.example.com; "
        "events arrive at its path /webex"
    )
    webex_base_url: Url = Field(
        "https://webexapis.com/v1",
        description="the address of the Webex API; another one only for the sandbox or FedRAMP",
    )
    database_url: DatabaseUrl | None = Field(
        None, description="a PostgreSQL database, postgresql://…; without it the bot runs its own in DATA_DIR"
    )
    data_dir: Path = Field(Path("data"), description="the directory of the bot's own database")
    host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="the address to listen at; 0.0.0.0 in a container or on a platform, "
        "127.0.0.1 behind a proxy or tunnel on the same machine",
    )
    port: int = Field(8080, ge=1, le=65535, description="the port to listen at, 1 to 65535")
    metrics_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="the port of HOST at which a worker serves its own metrics, 1 to 65535, a different one for "
        "each worker of a machine; without it a worker listens nowhere",
    )
    worker_concurrency: int = Field(
        8, ge=1, le=64, description="the number of spaces that a worker serves at once, 1 to 64"
    )
    commands_per_minute: int = Field(
        120,
        ge=1,
        le=10_000,
        description="the number of commands that one person may give in a minute, 1 to 10000",
    )
    calling_org_id: str | None = Field(
        None, pattern=r"^[A-Za-z0-9_=-]+$", description="the organization's id, for partner administrators only"
    )
    catch_up_minutes: int = Field(
        60,
        ge=0,
        le=1440,
        description="the age in minutes, up to 1440, of messages that are still answered when Webex could not "
        "deliver them; 0 to leave them unanswered",
    )
    access_file: Path = Field(
        Path("access.toml"), description="the file that says who may do what; copy access.example.toml and edit it"
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)] = Field(
        "INFO", description="one of DEBUG, INFO, WARNING and ERROR"
    )

    @property
    def webhook_url(self) -> str:
        """Where Webex sends events."""
        return f"{self.public_url}/webex"

    @property
    def calling_access(self) -> SecretStr | ServiceApp:
        """The token for Webex Calling, or what gives it."""
        if self.webex_calling_token:
            return self.webex_calling_token
        secrets = (self.webex_client_secret, self.webex_refresh_token, self.token_keys)
        client_secret, refresh_token, keys = (each.get_secret_value() if each else "" for each in secrets)
        return ServiceApp(self.webex_client_id or "", client_secret, refresh_token, tuple(keys.split(",")))


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: the variable, what is wrong with it, and what to do."""

    variable: str
    wrong: str
    repair: str

    def line(self) -> str:
        """The problem as one line to read."""
        return f"{self.variable} {self.wrong}. {self.repair}"


class SettingsError(Exception):
    """The settings can't be used. Its text has one line per problem and never holds a secret."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(problem.line() for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Row:
    """One setting as documented: the variable, its default as one would write it, and what it means."""

    variable: str
    default: str
    meaning: str
    required: bool


def describe() -> list[Row]:
    """The table of all settings, in the order in which they are documented."""
    return [_describe(name, field) for name, field in Settings.model_fields.items()]


def read_environment(environ: Mapping[str, str], dotenv: Path = Path(".env")) -> dict[str, str]:
    """The environment, and what only the file `dotenv` has. A file that is not there has nothing."""
    # Without interpolation: a secret may hold "${".
    written = dotenv_values(dotenv, interpolate=False)
    return {**{name: value for name, value in written.items() if value is not None}, **environ}


def load(environ: Mapping[str, str]) -> Settings:
    """The settings in these variables; empty ones count as not set. Raises SettingsError with every problem."""
    given, unreadable = _read_files(environ)
    wrong_already = {problem.variable for problem in unreadable}
    problems = unreadable + [each for each in _check_tokens(given) if each.variable not in wrong_already]
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        found = [_problem(each) for each in error.errors(include_url=False, include_input=False)]
        problems += [each for each in found if each.variable not in wrong_already]
        # "from None": pydantic's text would be shown with it, and that is for programmers.
        raise SettingsError(_in_order(problems)) from None
    if problems:
        raise SettingsError(_in_order(problems))
    return settings


def _check_tokens(given: Mapping[str, str]) -> list[Problem]:
    """What is wrong with the choice between one token as it is and a service app."""
    if "webex_calling_token" in given:
        others = [name.upper() for name in SERVICE_APP[:3] if name in given]
        wrong = f"and {others[0]} are both set" if others else ""
        return [Problem("WEBEX_CALLING_TOKEN", wrong, "Remove one of the two.")] if others else []
    if not any(name in given for name in SERVICE_APP):
        four = ", ".join(name.upper() for name in SERVICE_APP)
        return [Problem("WEBEX_CALLING_TOKEN", "is missing", f"Set it, or all of {four} in its place.")]
    return [_to_set(name) for name in SERVICE_APP if name not in given]


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    order = [name.upper() for name in Settings.model_fields]
    return tuple(sorted(problems, key=lambda problem: order.index(problem.variable)))


def _describe(name: str, field: FieldInfo) -> Row:
    default = "" if field.is_required() or field.default is None else str(field.default)
    return Row(name.upper(), default, field.description or "", field.is_required())


def _read_files(environ: Mapping[str, str]) -> tuple[dict[str, str], list[Problem]]:
    """The given values by field, those in files too, and what is wrong with the files."""
    names = {name: environ.get(name.upper(), "").strip() for name in Settings.model_fields}
    given = {name: value for name, value in names.items() if value}
    problems = []
    for name in SECRETS:
        path = environ.get(f"{name.upper()}_FILE", "").strip()
        problem = _read_file(name, path, given) if path else None
        problems += [problem] if problem else []
    return given, problems


def _read_file(name: str, path: str, given: dict[str, str]) -> Problem | None:
    """Put what the file holds into `given`, or say why not."""
    variable = name.upper()
    if name in given:
        return Problem(variable, f"and {variable}_FILE are both set", "Remove one of the two.")
    try:
        held = Path(path).read_text().strip()
    except (OSError, UnicodeError):
        return Problem(variable, f"can't be read from {path}, which {variable}_FILE names", "Check the file.")
    given.update({name: held} if held else {})
    return None


def _problem(error: ErrorDetails) -> Problem:
    name = str(error["loc"][0])
    return _to_set(name, _what_is_wrong(error))


def _to_set(name: str, wrong: str = "is missing") -> Problem:
    return Problem(name.upper(), wrong, f"Set it to {Settings.model_fields[name].description}.")


def _what_is_wrong(error: ErrorDetails) -> str:
    if error["type"] == "missing":
        return "is missing"
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return "is not valid"
