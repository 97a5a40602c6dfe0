"""The locations that extensions and ranges can be at."""

import pytest
from people import Person


@pytest.mark.parametrize("line", ["locations", "which locations are there?", "list sites"])
def test_locations_are_listed_with_their_routing_prefixes(alice: Person, line: str) -> None:
    """The prefix is what people elsewhere dial first."""
    alice.says(line)
    alice.sees("Locations", "4 in all", "Denver", "7702", "Lyon", "7701", "Munich", "7703", "Tokyo", "7704")
    alice.sees("People elsewhere dial the routing prefix, then the extension of the location.")


def test_locations_may_be_read_by_whoever_may_read(rita: Person, nina: Person) -> None:
    """And by nobody else."""
    rita.says("locations")
    rita.sees("Denver")
    nina.says("locations")
    nina.sees("Not allowed")
    nina.does_not_see("Denver")
