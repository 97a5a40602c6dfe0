"""The settings: read once from the environment, checked all at once, handed on as one frozen value."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from dotenv.parser import Binding, parse_stream
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.setting_types import CollectorUrl, DatabaseUrl, Keys, PublicUrl, Secret, Url

SECRETS = (
    *("webex_bot_token", "webex_calling_token", "webex_client_secret", "webex_refresh_token", "token_keys"),
    *("webex_webhook_secret", "database_url"),
)
"""May also be given as the name of a file that holds them: WEBEX_BOT_TOKEN_FILE and so on."""

SERVICE_APP = ("webex_client_id", "webex_client_secret", "webex_refresh_token", "token_keys")
"""What it takes to refresh access tokens, all of it, in the place of WEBEX_CALLING_TOKEN."""

ALIKE = 0.85
"""How alike two names are, from 0 to 1, where one is taken for a misspelling of the other."""

ALIVE: Mapping[str, str] = {"status": "alive"}
"""What the bot answers at /health of its PUBLIC_URL, by which it is known."""


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
        "spark-admin:telephony_config_read, spark-admin:telephony_config_write, identity:contacts_rw, "
        "spark-admin:people_read and identity:people_read, whose access tokens the bot renews by itself",
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
        description="the id of a space with the bot in it, where those who run the bot read that an authorization "
        "ends; without it they read it in the log and from `extbot doctor`, and in /ready",
    )
    webex_webhook_secret: Secret = Field(
        description="a long random text that signs what Webex sends; make one with `openssl rand -hex 32`"
    )
    public_url: PublicUrl = Field(
        description="the address where Webex reaches the bot, such as https://bot.example.com; "
        "events arrive at its path /webex"
    )
    webex_base_url: Url = Field(
        "https://webexapis.com/v1",
        description="the address of the Webex API; another one only for the sandbox or FedRAMP",
    )
    database_url: DatabaseUrl | None = Field(
        None,
        description="a PostgreSQL database, postgresql://USER:PASSWORD@HOST:PORT/NAME, where letters such as "
        "@ : / # % in the password are written as %40 and so on; without it the bot runs its own in DATA_DIR",
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
    calls_per_minute: int = Field(
        300,
        ge=10,
        le=100_000,
        description="the number of calls a minute that all workers together make with the token for Webex "
        "Calling, 10 to 100000; Webex allows about 300",
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
    otel_exporter_otlp_endpoint: CollectorUrl | None = Field(
        None,
        description="the address of an OpenTelemetry collector that takes OTLP/HTTP, such as "
        "http://127.0.0.1:4318, for a trace of each event; without it none are made",
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
        return self.service_app

    @property
    def service_app(self) -> ServiceApp:
        """What gives the token for Webex Calling, where there is no WEBEX_CALLING_TOKEN."""
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
    """The environment, and what only the file `dotenv` has. A file that is not there has nothing.

    Raises SettingsError for a file that can't be read, and for a name in it that seems to be misspelt: what is
    left out would have its default, such as a new and empty database.
    """
    bindings = list(parse_stream(io.StringIO(_read_dotenv(dotenv))))
    problems = [*_check_lines(dotenv, bindings), *_check_names(dotenv, bindings)]
    if problems:
        raise SettingsError(tuple(problems))
    # As it is written, "${" too: a secret may hold that.
    return {**{each.key: each.value for each in bindings if each.key and each.value is not None}, **environ}


def _read_dotenv(dotenv: Path) -> str:
    try:
        return dotenv.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except OSError as error:
        repair = "Let it be a file that the user who runs the bot may read."
        raise SettingsError((Problem(f"`{dotenv}`", f"can't be read ({error.strerror})", repair),)) from error
    except UnicodeError as error:
        raise SettingsError((Problem(f"`{dotenv}`", "is not UTF-8 text", "Save it as UTF-8."),)) from error


def _check_lines(dotenv: Path, bindings: list[Binding]) -> list[Problem]:
    repair = "Write it as NAME=value or NAME='value', with both of the quotation marks or none."
    # What is not read begins with the empty lines before it.
    texts = [(each.original.line, each.original.string) for each in bindings if each.error]
    lines = [line + text[: len(text) - len(text.lstrip())].count("\n") for line, text in texts]
    return [Problem(f"`{dotenv}` line {line}", "can't be read", repair) for line in lines]


def _check_names(dotenv: Path, bindings: list[Binding]) -> list[Problem]:
    known = [row.variable for row in describe()] + [f"{name.upper()}_FILE" for name in SECRETS]
    written = dict.fromkeys(each.key for each in bindings if each.key and not each.key.startswith("OTEL_"))
    problems = []
    for name in written:
        alike = get_close_matches(name.upper(), known, n=1, cutoff=ALIKE)
        # NEW_DATABASE_URL or WEBEX_BOT_TOKEN_OLD is no slip of the finger.
        if alike and name not in known and f"_{alike[0]}_" not in f"_{name}_":
            wrong = f"in `{dotenv}` is not a setting"
            problems.append(
                Problem(name, wrong, f"Did you mean {alike[0]}? Correct the name, or remove the line.")
            )
    return problems


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
    where = f"from {path}, which {variable}_FILE names"
    try:
        held = Path(path).read_text("utf-8-sig").strip()
    except FileNotFoundError:
        return Problem(variable, f"can't be read {where}: there is no such file", "Make it, or correct the path.")
    except OSError as error:
        repair = "Let it be a file that the user who runs the bot may read."
        return Problem(variable, f"can't be read {where} ({error.strerror})", repair)
    except UnicodeError:
        return Problem(variable, f"can't be read {where}: it is not text", "Put the value alone into the file.")
    if not held:
        return Problem(variable, f"can't be read {where}: it is empty", "Put the value into the file.")
    # Keys may stand below one another, with a comma between.
    if any(not line.rstrip().endswith(",") for line in held.splitlines()[:-1]):
        return Problem(variable, f"can't be read {where}: it has several lines", "Put the value alone into it.")
    given[name] = held
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
