"""Webex ids: base64 without padding of `ciscospark://us/<TYPE>/<uuid>`."""

import base64
import binascii
import uuid

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "ciscospark://us/SANDBOX")


def webex_id(kind: str, tail: str) -> str:
    """Return the id of the thing of this kind (`PEOPLE`, `ROOM`, `LOCATION` ...) whose bare id is `tail`."""
    return base64.b64encode(f"ciscospark://us/{kind}/{tail}".encode()).decode().rstrip("=")


def new_id(kind: str) -> str:
    """Return an id that was never there before."""
    return webex_id(kind, str(uuid.uuid4()))


def named_id(kind: str, name: str) -> str:
    """Return the id that this name always has: the same in every sandbox, so that scripts can rely on it."""
    return webex_id(kind, str(uuid.uuid5(_NAMESPACE, f"{kind}/{name}")))


def tail_of(identity: str) -> str:
    """Return the last part of a Webex id (a uuid, or a role's name), or "" where it is none."""
    padding = "=" * (-len(identity) % 4)
    try:
        return base64.b64decode(identity + padding, validate=True).decode().rpartition("/")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
