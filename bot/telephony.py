"""The values of telephony: levels, modes, orders, and the numbers that people type."""

from enum import StrEnum


class Level(StrEnum):
    """Who can dial the bare extension: everybody in the organization, or one location."""

    ORGANIZATION = "ORGANIZATION"
    LOCATION = "LOCATION"


class Mode(StrEnum):
    """How the organization signals virtual extensions to the PSTN."""

    STANDARD = "STANDARD"
    ENHANCED = "ENHANCED"


class Order(StrEnum):
    """The order of a list, in the API's words."""

    ASC = "ASC"
    DSC = "DSC"


class PatternAction(StrEnum):
    """What a change of a range does with the patterns it names."""

    ADD = "ADD"
    REMOVE = "REMOVE"
    REPLACE = "REPLACE"
