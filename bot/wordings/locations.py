"""How locations are asked for."""

from bot.vocabulary import LISTING
from bot.wording import NO_VERB, Wording, phrases

LIST = (
    Wording(
        (NO_VERB, *LISTING, "where are"),
        phrases("""
                    locations, sites, offices, calling locations, webex calling locations, location, location
                    list, branches, calling sites, list of locations, places, office locations, every location,
                    every site
                """),
        noun_needed=True,
        fillers=phrases("""
                    do we have, are there, exist, do you know, can i use, are available, have we got, known,
                    with webex calling, with routing prefixes, routing prefixes, and their routing prefixes
                """),
    ),
)
