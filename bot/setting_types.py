"""What a setting may be: a web address, a secret, keys. What is wrong is said in words after the variable."""

import base64
import binascii
import re
from typing import Annotated
from urllib.parse import SplitResult, quote, urlsplit

from pydantic import AfterValidator, SecretStr

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
NO_URL = "is not a web address"
IN_PATHS = "/%:@!$&'()*+,;="
"""What stands in the path of an address as it is, besides letters and digits; % begins what is encoded already."""

VISIBLE = re.compile(r"[\x21-\x7e]+")
HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.?|[0-9a-f:.]+(%\w+)?")
"""A name or IPv4 address, or an IPv6 address without its brackets."""

DATABASE = re.compile(
    r"([^@/\s]*@)?"  # user and password
    r"(\[[^\]@/\s]*\]|[^@/:?\s]*)"  # host; none, where the query names a socket
    r"(:(?P<port>[0-9]{1,5}))?"
    r"(/[^@?\s]*)?"  # the database
    r"(\?\S*)?"
)
NO_DATABASE_URL = (
    "can't be read: its port is not a number, or a letter such as @ : / # % in its password is not written as "
    "%40 and so on"
)


def _read_url(text: str) -> str:
    url = _split_web_address(text)
    if url.scheme == "http" and url.hostname not in LOOPBACK:
        raise ValueError("is not encrypted: it must begin with https://")
    return text.rstrip("/")


def _read_public_url(text: str) -> str:
    url = urlsplit(_read_url(text))
    # It would become /webex/webex, where nothing answers.
    if url.path.endswith("/webex"):
        raise ValueError("ends with /webex, which the bot adds by itself")
    # A letter such as ö is asked for in this form alone, and is to be the same in the webhooks at Webex.
    return url._replace(path=quote(url.path, safe=IN_PATHS)).geturl()


def _read_collector_url(text: str) -> str:
    # Collectors stand beside the bot, without encryption; they get nothing that is secret. A password in the
    # address would be shown in errors.
    if _split_web_address(text).username is not None:
        raise ValueError("holds a user name: put that into OTEL_EXPORTER_OTLP_HEADERS")
    return text.rstrip("/")


def _split_web_address(text: str) -> SplitResult:
    url = _split(text)
    # White space is looked for in the text: splitting drops some of it.
    is_whole = HOST.fullmatch(url.hostname or "") and not re.search(r"\s", text)
    if url.scheme not in {"http", "https"} or not is_whole or url.query or url.fragment:
        raise ValueError(NO_URL)
    return url


def _split(text: str) -> SplitResult:
    try:
        url = urlsplit(text)
        _ = url.port  # raises, too, where it is not a number
        (url.hostname or "").encode("idna")  # and this, where no name can be so, such as a..b
    except ValueError:
        raise ValueError(NO_URL) from None
    return url


def _read_database_url(secret: SecretStr) -> SecretStr:
    scheme, _, rest = secret.get_secret_value().partition("://")
    # Platforms hand out the older scheme, which SQLAlchemy no longer knows.
    if scheme not in {"postgresql", "postgres"} or not rest:
        raise ValueError("is not the address of a PostgreSQL database")
    found = DATABASE.fullmatch(rest)
    if not found or int(found["port"] or 1) not in range(1, 65536) or re.search(r"%(?![0-9A-Fa-f]{2})", rest):
        raise ValueError(NO_DATABASE_URL)
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
PublicUrl = Annotated[str, AfterValidator(_read_public_url)]
CollectorUrl = Annotated[str, AfterValidator(_read_collector_url)]
Secret = Annotated[SecretStr, AfterValidator(_check_secret)]
Keys = Annotated[SecretStr, AfterValidator(_check_keys)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_read_database_url)]
