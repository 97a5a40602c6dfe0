"""Whether a policy fits the organization: does Webex know all whom and all that it names?"""

from collections.abc import Iterator

from bot.calling.client import CallingClient
from bot.errors import BadToken, Invalid, NotFound, Refused
from bot.people import ROLE_NAMES
from bot.policy import ORGANIZATION, Grant, Permission, Policy, comparable_role
from bot.webex.directory import Directory
from bot.webex.ids import name_in
from bot.webex.messaging import Messaging


def find_misfits(policy: Policy, directory: Directory, messaging: Messaging, calling: CallingClient) -> list[str]:
    """What is wrong with the policy, a sentence each. Raises WebexError where Webex can't be asked."""
    if policy.problem:
        return [policy.problem, "Until it is mended, nobody may do anything."]
    return [
        *_unknown_emails(policy, directory),
        *_unknown_roles(policy, directory),
        *_unknown_spaces(policy, messaging),
        *_unknown_locations(policy, calling),
        *_unreadable_locations(policy, directory),
        *_missing_people(policy),
    ]


def _unknown_emails(policy: Policy, directory: Directory) -> Iterator[str]:
    for email in sorted(policy.emails):
        if not _is_known(email, directory):
            yield f"Webex does not know {email}."


def _is_known(email: str, directory: Directory) -> bool:
    try:
        return len(directory.find_by_email(email)) == 1
    except Invalid:
        return False


def _unknown_roles(policy: Policy, directory: Directory) -> Iterator[str]:
    named = sorted({role for grant in policy.grants for role in grant.to.roles})
    names = {*ROLE_NAMES.values(), *(role.name for role in directory.list_roles())} if named else set()
    known = {comparable_role(name) for name in names}
    yield from (f"Webex has no role “{role}”." for role in named if comparable_role(role) not in known)


def _unknown_spaces(policy: Policy, messaging: Messaging) -> Iterator[str]:
    approvers = {policy.approval.space_id} if policy.approval.space_id else set()
    for space in sorted(policy.spaces | approvers):
        if find_members(messaging, space) is None:
            yield f"The bot is not in the space {space}: add it there, or correct the id."


def find_members(messaging: Messaging, space: str) -> list[str] | None:
    """The ids of those who are in a space; None where the bot is not. Raises WebexError, as for a bad token."""
    try:
        return messaging.list_members(space)
    except BadToken:
        raise
    except (NotFound, Invalid, Refused):
        return None


def _unknown_locations(policy: Policy, calling: CallingClient) -> Iterator[str]:
    named = sorted({name for grant in policy.grants for name in grant.reach.locations})
    found = calling.list_locations() if named else []
    known = {key.casefold() for one in found for key in (one.name, name_in(one.id))}
    for name in named:
        if name_in(name).casefold() not in known:
            yield f"There is no location “{name}” with Webex Calling."


def _unreadable_locations(policy: Policy, directory: Directory) -> Iterator[str]:
    """Who administers which location is in SCIM, behind a scope of its own."""
    if not policy.uses_own_locations:
        return
    owner = directory.me()
    try:
        directory.list_managed_locations(owner.org_id, owner.id)
    except Refused:
        yield (
            "own_locations needs a calling token with the scope identity:people_read: add it to the service app "
            "and have that authorized anew, or take own_locations out."
        )
    except NotFound:
        return


def _is_for_all(grant: Grant) -> bool:
    return grant.reach.includes(ORGANIZATION)


def _missing_people(policy: Policy) -> Iterator[str]:
    if not policy.grants:
        yield "It has no grants: the bot refuses everybody."
    if any(Permission.SETTINGS in grant.permissions and not _is_for_all(grant) for grant in policy.grants):
        yield "The permission settings is for the whole organization: give it everywhere or at organization_level."
    rule = policy.approval
    approves = any(Permission.APPROVE in grant.permissions for grant in policy.grants)
    if (rule.commands or rule.most_changes is not None) and policy.grants and not approves:
        yield "Nobody has the permission approve: what needs approval can't be done."
