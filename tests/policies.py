"""Access policies of the stories, as the text of access.toml."""

EVERYTHING = """
[[grants]]
roles = ["Full Administrator"]
permissions = ["read", "change", "delete", "bulk", "settings", "approve"]
everywhere = true
"""

LOOKING = """
[[grants]]
roles = ["Read-only Administrator"]
permissions = ["read"]
everywhere = true
"""

AT_OWN_LOCATIONS = """
[[grants]]
roles = ["Location Administrator"]
permissions = ["read", "change", "delete"]
own_locations = true
"""

ALONE = """
[approval]
commands = []
"""
"""One person is enough, but for plans of more than ten changes."""

POLICY = f'granted_by = "The telephony team"\n{EVERYTHING}{LOOKING}{AT_OWN_LOCATIONS}{ALONE}'
"""What most stories go by: Alice may do everything, Rita looks, Leo has Lyon."""


END = "# end\n"
"""The last line of the file."""


def whole(policy: str) -> str:
    """The policy as it stands in the file."""
    return policy if policy.endswith(END) else f"{policy}\n{END}"


def grant_to(email: str, permissions: str, where: str = "everywhere = true", fields: str = "") -> str:
    """A grant for one person; `permissions` and `fields` are words, `where` is a line of the file."""
    only = f"fields = {_listed(fields)}" if fields else ""
    return f'[[grants]]\npeople = ["{email}"]\npermissions = {_listed(permissions)}\n{where}\n{only}\n'


def _listed(words: str) -> str:
    return str(words.split())
