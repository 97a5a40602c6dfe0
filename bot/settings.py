"""The settings: read once from the environment, checked all at once, handed on as one frozen value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
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

SECRETS = ("webex_bot_token", "webex_calling_token", "webex_webhook_secret", "database_url")
"""May also be given as the name of a file that holds them: WEBEX_BOT_TOKEN_FILE and so on."""

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


Url = Annotated[str, AfterValidator(_read_url)]
Secret = Annotated[SecretStr, AfterValidator(_check_secret)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_read_database_url)]


class Settings(BaseModel):
    """All that is configured. Each description completes the sentence "Set it to …"."""

    model_config = ConfigDict(frozen=True)

    webex_bot_token: Secret = Field(description="the access token of the bot (developer.webex.com, My Webex Apps)")
    webex_calling_token: Secret = Field(
        description="an administrator's token for Webex Calling, best a service app's, with the scopes "
        "spark-admin:telephony_config_read, spark-admin:telephony_config_write, identity:contacts_rw "
        "and spark-admin:people_read"
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
    calling_org_id: str | None = Field(
        None, pattern=r"^[A-Za-z0-9_=-]+$", description="the organization's id, for partner administrators only"
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
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        found = [_problem(each) for each in error.errors(include_url=False, include_input=False)]
        problems = unreadable + [each for each in found if each.variable not in wrong_already]
        # "from None": pydantic's text would be shown with it, and that is for programmers.
        raise SettingsError(tuple(problems)) from None
    if unreadable:
        raise SettingsError(tuple(unreadable))
    return settings


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
    meaning = Settings.model_fields[name].description
    return Problem(name.upper(), _what_is_wrong(error), f"Set it to {meaning}.")


def _what_is_wrong(error: ErrorDetails) -> str:
    if error["type"] == "missing":
        return "is missing"
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return "is not valid"
