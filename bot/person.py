"""Who somebody is, as Webex knows them. Nothing here comes from what they typed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """A Webex user. Someone whom Webex does not show us has an empty `org_id`.

    `roles` are names of administrator roles such as `Full Administrator`. `listed_as` are the e-mails of the
    policy that Webex resolved to this person's id, `spaces` those of the policy's spaces (room ids) that they are
    in, and `own_locations` the UUIDs of the locations that they administer in Webex.
    """

    id: str
    org_id: str = ""
    email: str = ""
    display_name: str = ""
    is_bot: bool = False
    roles: frozenset[str] = frozenset()
    listed_as: frozenset[str] = frozenset()
    spaces: frozenset[str] = frozenset()
    own_locations: frozenset[str] = frozenset()
