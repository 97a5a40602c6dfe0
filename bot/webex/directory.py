"""People, their roles and what they administer, over webexteamssdk."""

from typing import Self, cast

from webexteamssdk.api.people import PeopleAPI
from webexteamssdk.api.roles import RolesAPI

from bot.calling.limiter import Limiter
from bot.calling.retries import RetryPolicy
from bot.calling.token import StaticToken, TokenSource
from bot.settings import Settings
from bot.webex.ids import name_in
from bot.webex.models import Profile, Role, ScimUser
from bot.webex.session import WebexSession, check_id, items, read_object


class Directory:
    """People and their roles, as the token's owner sees them; an administrator sees roles.

    Every method raises WebexError; Invalid also for an id that is not one, before anything is sent.
    """

    def __init__(self, session: WebexSession) -> None:
        self._session = session
        self._people = PeopleAPI(session, read_object)
        self._roles = RolesAPI(session, read_object)

    @classmethod
    def of(
        cls,
        settings: Settings,
        token: TokenSource,
        limiter: Limiter | None = None,
        retries: RetryPolicy | None = None,
    ) -> Self:
        """With the administrator's token, which is also the one for Webex Calling."""
        return cls(WebexSession(token, settings.webex_base_url, retries=retries, limiter=limiter, api="directory"))

    @classmethod
    def of_bot(
        cls, settings: Settings, limiter: Limiter | None = None, retries: RetryPolicy | None = None
    ) -> Self:
        """With the bot's token, which sees the people of other organizations too, without roles."""
        token = StaticToken.of(settings.webex_bot_token)
        return cls(WebexSession(token, settings.webex_base_url, retries=retries, limiter=limiter, api="directory"))

    def me(self) -> Profile:
        """The token's owner. GET /people/me"""
        profile: Profile = self._people.me()
        return profile

    def get(self, person_id: str) -> Profile:
        """A person. GET /people/{personId}"""
        profile: Profile = self._people.get(check_id(person_id))
        return profile

    def find_by_email(self, email: str) -> list[Profile]:
        """The people with that e-mail: none or one. GET /people?email="""
        return list(items(self._people.list(email=email)))

    def list_holders(self, role_id: str) -> list[Profile]:
        """Everybody who has an administrator role. GET /people?roles=

        Not by the SDK's list of people: it sends what it has no name for under a wrong one, and lists everybody.
        """
        found = items(self._session.get_items("people", params={"roles": check_id(role_id)}))
        return [cast(Profile, read_object("person", one)) for one in found]

    def list_managed_locations(self, org_id: str, person_id: str) -> list[str]:
        """The UUIDs of the locations that somebody administers: SCIM has them as groups with a role.

        GET /identity/scim/{orgId}/v2/Users/{userId}, with the scope identity:people_read. Raises Refused without.
        """
        origin = self._session.base_url.removesuffix("/").removesuffix("/v1")
        path = f"identity/scim/{name_in(check_id(org_id))}/v2/Users/{name_in(check_id(person_id))}"
        return ScimUser.model_validate(self._session.get(f"{origin}/{path}")).managed_locations()

    def list_roles(self) -> list[Role]:
        """The administrator roles of the organization. GET /roles"""
        return list(items(self._roles.list()))
