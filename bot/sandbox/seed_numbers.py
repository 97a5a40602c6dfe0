"""What the sandbox starts with: locations, virtual extensions, ranges. Ids are the same in every sandbox.

Numbers are of the blocks that regulators keep for fiction where there are such. Extensions 5012 to 5099, the
number +14085550123, the range Berlin and patterns such as 5XXX stay free: the README and the examples add them.
"""

from bot.sandbox.ids import named_id
from bot.sandbox.locations import Location
from bot.sandbox.numbering import Extension, Numbering
from bot.sandbox.ranges import Range

_LOCATIONS = (
    Location(
        id=named_id("LOCATION", "Lyon"),
        name="Lyon",
        routing_prefix="7701",
        calling_line_name="Lyon",
        calling_line_number="+33199000001",
        time_zone="Europe/Paris",
        language="fr_fr",
        street="1 rue de la République",
        city="Lyon",
        postal_code="69001",
        country="FR",
        latitude="45.764",
        longitude="4.835",
    ),
    Location(
        id=named_id("LOCATION", "Denver"),
        name="Denver",
        routing_prefix="7702",
        calling_line_name="Denver",
        calling_line_number="+13035550100",
        time_zone="America/Denver",
        language="en_us",
        street="1600 Blake Street",
        city="Denver",
        postal_code="80202",
        country="US",
        latitude="39.739",
        longitude="-104.990",
    ),
    Location(
        id=named_id("LOCATION", "Munich"),
        name="Munich",
        routing_prefix="7703",
        calling_line_name="Munich",
        calling_line_number="+498999998001",
        time_zone="Europe/Berlin",
        language="de_de",
        street="Marienplatz 1",
        city="München",
        postal_code="80331",
        country="DE",
        latitude="48.137",
        longitude="11.575",
    ),
    Location(
        id=named_id("LOCATION", "Tokyo"),
        name="Tokyo",
        routing_prefix="7704",
        calling_line_name="Tokyo",
        calling_line_number=None,
        time_zone="Asia/Tokyo",
        language="ja_jp",
        street="1-1 Marunouchi",
        city="Tokyo",
        postal_code="100-0005",
        country="JP",
        latitude="35.681",
        longitude="139.767",
    ),
)
_AT: dict[str, Location | None] = {"": None, **{location.name: location for location in _LOCATIONS}}

# Location or "", extension, number, display name, first name, last name; "" is "not set".
_PEOPLE = (
    ("", "5001", "+442079460101", "John Smith", "John", "Smith"),
    ("", "5002", "+442079460102", "Siobhán O'Brien", "Siobhán", "O'Brien"),
    ("", "5003", "+13125550103", "Chris Taylor", "Chris", "Taylor"),
    ("", "5004", "+33199000104", "Zoë Lefèvre", "Zoë", "Lefèvre"),
    ("", "5005", "+493023125105", "Jürgen Müller", "Jürgen", "Müller"),
    ("", "5006", "+442079460106", "Harbour Freight Desk", "Harbour Freight", ""),
    ("", "5007", "+13125550107", "", "Maria", "D'Angelo"),
    ("", "5008", "+34910550108", "Íñigo Núñez", "Íñigo", "Núñez"),
    ("", "5009", "+48225550109", "Łukasz Wójcik", "Łukasz", "Wójcik"),
    ("", "5010", "+442079460110", "Priya Raman", "Priya", "Raman"),
    ("", "5011", "+13125550111", "Olumide Adeyemi", "Olumide", "Adeyemi"),
    ("", "4900", "+4681555113", "Åsa Öberg", "Åsa", "Öberg"),
    ("Lyon", "4001", "+33199000201", "Camille Martin", "Camille", "Martin"),
    ("Lyon", "4002", "+33199000202", "Anna Smith", "Anna", "Smith"),
    ("Lyon", "4003", "+33199000203", "François Élie", "François", "Élie"),
    ("Lyon", "4004", "+33199000204", "Transports Rhône", "Transports", "Rhône"),
    ("Lyon", "4005", "+33199000205", "Louise N'Diaye", "Louise", "N'Diaye"),
    ("Lyon", "4006", "+33199000206", "Hugo Bernard", "Hugo", "Bernard"),
    ("Lyon", "4007", "+33199000207", "Inès Moreau", "Inès", "Moreau"),
    ("Denver", "5001", "+13035550151", "Front Range Couriers", "Front Range", "Couriers"),
    ("Denver", "4101", "+13035550152", "Chris Taylor", "Chris", "Taylor"),
    ("Denver", "4102", "+13035550153", "Emily Nguyen", "Emily", "Nguyen"),
    ("Denver", "4103", "+13035550154", "Marcus Reed", "Marcus", "Reed"),
    ("Denver", "4104", "+13035550155", "Teresa Jones-Baca", "Teresa", "Jones-Baca"),
    ("Denver", "4105", "+13035550156", "Patrick O'Neill", "Patrick", "O'Neill"),
    ("Denver", "4106", "+13035550157", "Dana White", "Dana", "White"),
    ("Munich", "4201", "+498999998201", "Katharina Weiß", "Katharina", "Weiß"),
    ("Munich", "4202", "+498999998202", "Jonas Huber", "Jonas", "Huber"),
    ("Munich", "4203", "+498999998203", "Sabine Köhler", "Sabine", "Köhler"),
    ("Munich", "4204", "+498999998204", "Alpenblick Catering", "Alpenblick", "Catering"),
    ("Munich", "4205", "+498999998205", "Emre Yıldız", "Emre", "Yıldız"),
    ("Munich", "4206", "+498999998206", "Lena Vogt", "Lena", "Vogt"),
    ("Munich", "4207", "+498999998207", "Milan Dvořák", "Milan", "Dvořák"),
    ("Tokyo", "4301", "+81355550301", "佐藤 健", "健", "佐藤"),
    ("Tokyo", "4302", "+81355550302", "Yuki Tanaka", "Yuki", "Tanaka"),
    ("Tokyo", "4303", "+81355550303", "Haruka Itō", "Haruka", "Itō"),
    ("Tokyo", "4304", "+81355550304", "Kenji Mori", "Kenji", "Mori"),
    ("Tokyo", "4305", "+81355550305", "Aoi Suzuki", "Aoi", "Suzuki"),
    ("Tokyo", "4306", "+81355550306", "Minato Logistics", "Minato", "Logistics"),
    ("Tokyo", "4307", "+81355550307", "Ren Kobayashi", "Ren", "Kobayashi"),
)

# Location or "", name, prefix, patterns.
_RANGES = (
    ("", "London", "+44207946", "81XX 82XX"),
    ("", "Suppliers", "+1312555", "30XX 31XX 32XX"),
    ("Lyon", "Paris", "+3319900", "21XX 22XX"),
    ("Denver", "Boulder", "+1720555", "71XX 72XX"),
    ("Munich", "Hamburg", "+494066969", "8XX 9XX"),
    ("Tokyo", "Kyoto", "+8175555", "40XX 41XX"),
)

_FIRST_NAMES = ("Alex", "Bente", "Carlos", "Dalia", "Erik", "Fatima", "Goran", "Hanna", "Ivan", "Julia", "Kofi")
_LAST_NAMES = ("Andersen", "Bauer", "Costa", "Dubois", "Evans", "Fischer", "Garcia", "Horvat", "Ivanov", "Jansen")


def seed_numbering(extensions: int = len(_PEOPLE)) -> Numbering:
    """Return the numbering that the sandbox starts with, with further extensions until there are `extensions`."""
    people = (*_PEOPLE, *map(_invented_person, range(extensions - len(_PEOPLE))))
    return Numbering(_LOCATIONS, (_extension(*person) for person in people), (_range(*entry) for entry in _RANGES))


def location_id(name: str) -> str:
    """Return the id of the seeded location of this name: Lyon, Denver, Munich or Tokyo."""
    return named_id("LOCATION", name)


def _extension(place: str, extension: str, number: str, display: str, first: str, last: str) -> Extension:
    return Extension(
        id=named_id("VIRTUAL_EXTENSION", f"{place}/{extension}"),
        extension=extension,
        phone_number=number,
        display_name=display or None,
        first_name=first or None,
        last_name=last or None,
        location=_AT[place],
    )


def _range(place: str, name: str, prefix: str, patterns: str) -> Range:
    return Range(named_id("VIRTUAL_EXTENSION_RANGE", name), name, prefix, tuple(patterns.split()), _AT[place])


def _invented_person(index: int) -> tuple[str, str, str, str, str, str]:
    """Return the person that this index always gives: one level after the other, extensions from 20000."""
    first = _FIRST_NAMES[index % len(_FIRST_NAMES)]
    last = _LAST_NAMES[index // len(_FIRST_NAMES) % len(_LAST_NAMES)]
    area, line = divmod(index, 10_000)
    number = f"+1{201 + area}555{line:04}"
    return tuple(_AT)[index % len(_AT)], str(20_000 + index), number, f"{first} {last}", first, last
