"""What a story leaves behind is gone when the next begins, whichever that is."""

import pytest
from people import Person


@pytest.mark.parametrize("_time", ["once", "again"])
def test_nothing_waits_at_the_start(alice: Person, _time: str) -> None:
    """Each sandbox has the same people, to whom the plans of another one would belong too."""
    alice.says("plans")
    alice.sees("There are no plans that wait")
    alice.says("delete 5003")
