"""Who may do what: deny by default, decided anew for every message and every click."""

from enum import StrEnum


class Permission(StrEnum):
    """What a command needs; a person holds any number of them."""

    READ = "read"
    CHANGE = "change"
    SETTINGS = "settings"
