"""How numbers and ranges are asked to be checked."""

from bot.vocabulary import LEVEL, STATED_LOCATION, VALIDATING
from bot.wording import Kind, Slot, Wording, phrases

VERDICTS = phrases("""
    valid, free, available, taken, in use, ok, okay, usable, correct, already, used, a valid number, valid
    numbers, numbers, number, acceptable, good, invalid, still, works, work, possible, allowed, be valid, be ok,
    be accepted, accepted, fine, right, both, for me, if, whether, is, are, that, against webex, with webex, for
    validity, validity, of, e.164, these, this, those, following, the following, for availability, availability
    of, availability, list, for use, can be used, be used, assigned
""")

NUMBERS = (
    Wording(
        VALIDATING,
        phrases("""
            number, numbers, phone number, phone numbers, this number, these numbers, the following numbers,
            following numbers
        """),
        (Slot("phone_numbers", Kind.PHONES, phrases("number, numbers, phone number, phone numbers, phone")),),
        fillers=VERDICTS,
    ),
    Wording(
        phrases("number check, check, validate, verify, validation, test"),
        ("numbers", "number", "phone numbers", "phone number"),
        (),
        noun_needed=True,
    ),
)

RANGES = (
    Wording(
        VALIDATING,
        ("range", "extension range", "virtual extension range", "number range"),
        (
            Slot("name", Kind.NAME, ("name", "named", "called"), ("named", "called", "for")),
            Slot("prefix", Kind.PHONE, ("prefix", "number prefix"), ("with", "behind", "using", "on")),
            Slot("patterns", Kind.PATTERNS, ("pattern", "patterns"), phrases("with, and, for, covering, of")),
            LEVEL,
            STATED_LOCATION,
        ),
        noun_needed=True,
        before_noun="name",
        fillers=phrases("""
            valid, ok, okay, acceptable, free, available, new, fine, be valid, be accepted, accepted, possible,
            allowed, be ok
        """),
    ),
)
