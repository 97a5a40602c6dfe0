"""Who may do what in the virtual extension API: scopes and administrator roles, as documented per operation.

Reads are for full and read-only administrators. [U] Location administrators are not named for them, so they may
not read. Changes are for full and location administrators, the latter only at their own locations.
Decision: the mode is one setting of the whole organization, so that a location administrator may not change it,
though the operation's text, copied from its siblings, names that role.
"""

from dataclasses import dataclass

from flask import request

from bot.sandbox.http import ApiError, Caller, caller, require
from bot.sandbox.ids import tail_of
from bot.sandbox.locations import Location
from bot.sandbox.records import Role

READ_SCOPE = "spark-admin:telephony_config_read"
WRITE_SCOPE = "spark-admin:telephony_config_write"
CONTACTS_SCOPE = "identity:contacts_rw"

READERS = frozenset({Role.FULL_ADMIN, Role.READ_ONLY_ADMIN})
WRITERS = frozenset({Role.FULL_ADMIN, Role.LOCATION_ADMIN})


@dataclass(frozen=True)
class Access:
    """What a caller needs: all of the scopes and one of the roles."""

    scopes: tuple[str, ...]
    roles: frozenset[Role]


READ = Access((READ_SCOPE,), READERS)
WRITE = Access((WRITE_SCOPE,), WRITERS)
# A virtual extension is an entry of the directory too, so that its changes need the scope of the contacts.
WRITE_EXTENSION = Access((WRITE_SCOPE, CONTACTS_SCOPE), WRITERS)
WRITE_ALL = Access((WRITE_SCOPE,), frozenset({Role.FULL_ADMIN}))
# The validation of extensions and the list of calling locations are for any of these administrators.
READ_BY_ANY = Access((READ_SCOPE,), READERS | WRITERS)

LOCATION_SCOPES = frozenset({"spark-admin:locations_read", "spark-admin:people_read", "spark-admin:device_read"})


def check_access(access: Access) -> None:
    """Raise ApiError 401 or 403 where the caller may not do this, 403 also for a foreign `orgId`."""
    _check_organization(require(*access.scopes, roles=access.roles))


def check_location_list() -> None:
    """Raise ApiError 401 or 403 where the caller may not list all locations: any one of three scopes will do."""
    found = require(roles=READERS | WRITERS)
    if found.scopes.isdisjoint(LOCATION_SCOPES):
        raise ApiError(403, f"Missing required scope: one of {', '.join(sorted(LOCATION_SCOPES))}")
    _check_organization(found)


def _check_organization(found: Caller) -> None:
    """Compare the last parts of the ids, for a bare uuid is accepted as `orgId` too."""
    org_id = request.args.get("orgId", "")
    if org_id and (tail_of(org_id) or org_id) != tail_of(found.org_id):
        raise ApiError(403, "Access denied. The caller is no administrator of the organization in orgId.")


def check_location(location: Location | None) -> None:
    """Raise ApiError 403 where a location administrator would change something that is not at an own location."""
    found = caller()
    if Role.FULL_ADMIN in found.roles or (location is not None and location.id in found.location_ids):
        return
    raise ApiError(403, "Access denied. A location administrator can only make changes at the own location.")
