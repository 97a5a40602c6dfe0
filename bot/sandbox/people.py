"""/people and /roles, and what SCIM says of who administers which location."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from bot.sandbox.http import ApiError, Caller, caller, pages, require, world
from bot.sandbox.ids import tail_of
from bot.sandbox.records import Person, Role
from bot.sandbox.representations import person_for_admin_json, person_json, scim_user_json

_ADMIN_SCOPE = "spark-admin:people_read"
_SCIM_SCOPE = "identity:people_read"
_ROLE_NAMES = {
    Role.FULL_ADMIN: "Full Administrator",
    Role.READ_ONLY_ADMIN: "Read-only Administrator",
    Role.USER_ADMIN: "User Administrator",
    Role.DEVICE_ADMIN: "Device Administrator",
    Role.LOCATION_ADMIN: "Location Administrator",
}


def people() -> Blueprint:
    """Return the blueprint of /people and /roles."""
    blueprint = Blueprint("people", __name__)
    blueprint.get("/v1/people")(list_people)
    blueprint.get("/v1/people/<person_id>")(get_person)
    blueprint.get("/v1/roles")(list_roles)
    blueprint.get("/v1/roles/<role_id>")(get_role)
    blueprint.get("/identity/scim/<org>/v2/Users/<user>")(get_scim_user)
    return blueprint


def role_name(role: Role) -> str:
    """Return the name of a role as GET /roles has it."""
    return _ROLE_NAMES[role]


def list_people() -> ResponseReturnValue:
    """Answer GET /people: of the caller's organization, by id, email, displayName or (administrators) roles."""
    asker = _reader()
    wanted = {"id", "email", "displayName"} & request.args.keys()
    if not wanted and not _is_admin(asker):
        raise ApiError(400, "Email or displayName should be specified.")
    if "roles" in request.args and not _is_admin(asker):
        raise ApiError(403, "Only administrators can list people by their roles.")
    with world().lock:
        found = [person for person in world().people.values() if _is_asked_for(person, asker)]
    shown, headers = pages(found)
    return jsonify({"items": [person_json(person) for person in shown]}), headers


def get_person(person_id: str) -> ResponseReturnValue:
    """Answer GET /people/{personId} and /people/me; administrators see more of their own organization's people."""
    asker = caller()
    if person_id != "me":
        _reader()
    person = world().people.get(asker.person_id if person_id == "me" else person_id)
    if person is None:
        raise ApiError(404, "Could not find a person with the provided ID.")
    in_own_org = person.org_id == asker.org_id
    return jsonify(person_for_admin_json(person) if _is_admin(asker) and in_own_org else person_json(person))


def list_roles() -> ResponseReturnValue:
    """Answer GET /roles, for administrators."""
    require(_ADMIN_SCOPE, roles=list(Role))
    shown, headers = pages(list(Role))
    return jsonify({"items": [_role_json(role) for role in shown]}), headers


def get_role(role_id: str) -> ResponseReturnValue:
    """Answer GET /roles/{roleId}, for administrators."""
    require(_ADMIN_SCOPE, roles=list(Role))
    for role in Role:
        if role.id == role_id:
            return jsonify(_role_json(role))
    raise ApiError(404, "Could not find a role with the provided ID.")


def get_scim_user(org: str, user: str) -> ResponseReturnValue:
    """Answer GET /identity/scim/{orgId}/v2/Users/{userId}, by bare UUIDs, for administrators."""
    asker = require(_SCIM_SCOPE, roles=list(Role))
    found = [person for person in world().people.values() if tail_of(person.id) == user]
    if tail_of(asker.org_id) != org or not found or found[0].org_id != asker.org_id:
        raise ApiError(404, "Could not find the user.")
    return jsonify(scim_user_json(found[0]))


def _reader() -> Caller:
    asker = caller()
    return asker if _ADMIN_SCOPE in asker.scopes else require("spark:people_read")


def _is_admin(asker: Caller) -> bool:
    return bool(asker.roles) and _ADMIN_SCOPE in asker.scopes


def _is_asked_for(person: Person, asker: Caller) -> bool:
    asked = request.args
    ids = asked.get("id", person.id).split(",")
    roles = set(filter(None, asked.get("roles", "").split(",")))
    return (
        person.org_id == asker.org_id
        and person.type != "appuser"
        and person.id in ids
        and asked.get("email", person.email).lower() == person.email
        and person.display_name.lower().startswith(asked.get("displayName", "").lower())
        and (not roles or not roles.isdisjoint(role.id for role in person.roles))
    )


def _role_json(role: Role) -> dict[str, str]:
    return {"id": role.id, "name": role_name(role)}
