"""access.toml: what may stand in it, what is said of what may not, and when it is read again."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policies import POLICY

from bot.plans import COMMANDS, FIELDS
from bot.policy import ApprovalRule, Grant, Permission, Policy, Principals, Reach
from bot.policy_file import PolicyFile, read_policy
from bot.sandbox.run import POLICY as SANDBOX_POLICY

EXAMPLE = Path(__file__).parents[2] / "access.example.toml"
SPACE = "Y2lzY29zcGFyazovL3VzL1JPT00vb25l"
ADMINISTRATORS = Principals(roles=frozenset({"Full Administrator"}))
EVERYTHING = Grant(ADMINISTRATORS, frozenset(Permission))

FULL = f"""
granted_by = "The telephony team"

[[grants]]
people = ["Jane@Example.com", "joe@example.com"]
domains = ["Example.COM"]
spaces = ["{SPACE}"]
roles = ["Full Administrator"]
permissions = ["read", "change", "delete", "bulk", "settings", "approve"]
locations = ["Lyon", "Denver"]
organization_level = true
own_locations = true
fields = ["display_name", "first_name"]

[[grants]]
domains = ["example.com"]
permissions = ["change"]
everywhere = true
fields = ["last_name"]

[approval]
commands = ["extensions.add"]
most_changes = 0
space = "{SPACE}"

"""
"""Every key that there is."""


def test_every_key_is_read() -> None:
    everybody = Principals(
        frozenset({"jane@example.com", "joe@example.com"}),
        frozenset({"example.com"}),
        frozenset({SPACE}),
        frozenset({"Full Administrator"}),
    )
    reach = Reach(locations=frozenset({"Lyon", "Denver"}), organization=True)
    assert read_policy(FULL) == Policy(
        (
            Grant(
                everybody,
                frozenset(Permission),
                reach,
                own_locations=True,
                fields=frozenset({"display_name", "first_name"}),
            ),
            Grant(
                Principals(domains=frozenset({"example.com"})),
                frozenset({Permission.CHANGE}),
                Reach(everywhere=True),
                fields=frozenset({"last_name"}),
            ),
        ),
        ApprovalRule(frozenset({"extensions.add"}), 0, SPACE),
        "The telephony team",
    )


def test_what_is_left_out_is_as_the_example_says() -> None:
    policy = read_policy("grants = []")
    assert policy == Policy()
    assert policy.approval == ApprovalRule(frozenset({"mode.change", "ranges.delete"}), 10, None)
    assert policy.granted_by == "The people who run this bot"


def test_the_example_says_what_it_says() -> None:
    policy = read_policy(EXAMPLE.read_text("utf-8"))
    full, reading, at_own, names = policy.grants
    assert full == EVERYTHING
    assert (reading.to.roles, reading.permissions) == ({"Read-only Administrator"}, {Permission.READ})
    assert (at_own.own_locations, at_own.reach) == (True, Reach())
    assert names.limits() == "at Lyon, only for display name, first name, last name"
    assert policy.approval == ApprovalRule()
    assert policy.granted_by == "The telephony team (telephony@example.com)"


def test_the_commented_grants_of_the_example_can_be_taken_in() -> None:
    text = EXAMPLE.read_text("utf-8").replace("# [[", "[[")
    for key in ("domains", "permissions", "organization_level"):
        text = text.replace(f"\n# {key} =", f"\n{key} =")
    text = text.replace('# space = "Y2lzY29zcGFyazovL3VzL1JPT00v..."', f'space = "{SPACE}"')
    policy = read_policy(text)
    assert policy.grants[4].to.domains == {"example.com"}
    assert policy.grants[4].reach == Reach(organization=True)
    assert policy.approval.space_id == SPACE


def test_the_example_names_every_permission_field_and_command() -> None:
    text = EXAMPLE.read_text("utf-8")
    for word in (*Permission, *FIELDS.values(), *COMMANDS.values()):
        assert word in text, word


def test_the_sandbox_has_a_policy_of_its_own() -> None:
    policy = read_policy(SANDBOX_POLICY.read_text("utf-8"))
    assert policy.grants[0] == EVERYTHING
    assert policy.grants[1].permissions == {Permission.READ, Permission.APPROVE}
    assert policy.uses_own_locations


GRANT = '[[grants]]\nroles = ["Full Administrator"]\npermissions = ["read"]\neverywhere = true\n'
FIELD_NAMES = "display_name, extension, first_name, last_name, mode, name, patterns, phone_number, prefix"
COMMAND_NAMES = (
    "extensions.add, extensions.change, extensions.delete, ranges.add, ranges.change, ranges.delete, mode.change"
)
MISTAKES = {
    "": "“grants” is missing.",
    "granted_by = 3": "“granted_by” has to be a text in quotes. “grants” is missing.",
    'granted_by = ""\ngrants = []': "“granted_by” is empty.",
    "grants = 3": "“grants” has to be written as [[grants]], in double brackets.",
    '[grants]\nroles = ["x"]': "“grants” has to be written as [[grants]], in double brackets.",
    "grants = [1]": "Grant 1 has to be a table of keys and values.",
    "grant = []\ngrants = []": "“grant” is no key of this file.",
    GRANT + "locked = true": "Grant 1: “locked” is no key of this file.",
    GRANT + GRANT + "Fields = []": "Grant 2: “Fields” is no key of this file.",
    GRANT.replace("read", "write"): (
        "Grant 1: entry 1 of “permissions”: “write” is no permission: they are read, "
        "change, delete, bulk, settings, approve."
    ),
    GRANT.replace('["read"]', "[]"): "Grant 1: “permissions” is empty.",
    GRANT.replace('["read"]', '"read"'): 'Grant 1: “permissions” has to be a list, such as ["…"].',
    GRANT.replace('permissions = ["read"]\n', ""): "Grant 1: “permissions” is missing.",
    GRANT.replace("roles", "people"): (
        "Grant 1: entry 1 of “people”: “Full Administrator” is no e-mail address, such as jane@example.com."
    ),
    GRANT.replace("roles", "domains").replace("Full Administrator", "@example.com"): (
        "Grant 1: entry 1 of “domains”: “@example.com” is no domain, such as example.com."
    ),
    GRANT.replace("roles", "spaces").replace("Full Administrator", "Telephony"): (
        "Grant 1: entry 1 of “spaces”: “Telephony” is no id of a space: `whoami` in the space shows it."
    ),
    GRANT.replace("Full Administrator", ""): "Grant 1: entry 1 of “roles” is empty.",
    GRANT.replace('["Full Administrator"]', "[7]"): "Grant 1: entry 1 of “roles” has to be a text in quotes.",
    GRANT.replace('["Full Administrator"]', "[]"): (
        "Grant 1 says for nobody: add people, domains, spaces or roles."
    ),
    GRANT.replace('roles = ["Full Administrator"]', ""): (
        "Grant 1 says for nobody: add people, domains, spaces or roles."
    ),
    GRANT.replace("everywhere = true", ""): (
        "Grant 1 says for nowhere: add everywhere, locations, organization_level or own_locations."
    ),
    GRANT.replace("true", "false"): (
        "Grant 1 says for nowhere: add everywhere, locations, organization_level or own_locations."
    ),
    GRANT + 'locations = ["Lyon"]': ("Grant 1 says everywhere and more narrowly too: leave one of them out."),
    GRANT + "own_locations = true": ("Grant 1 says everywhere and more narrowly too: leave one of them out."),
    GRANT.replace("true", '"yes"'): "Grant 1: “everywhere” has to be true or false.",
    GRANT.replace("everywhere = true", "organization_level = 1"): (
        "Grant 1: “organization_level” has to be true or false."
    ),
    GRANT + 'fields = ["display name"]': (
        f"Grant 1: entry 1 of “fields”: “display name” is no field: they are {FIELD_NAMES}."
    ),
    GRANT + "fields = []": "Grant 1: “fields” is empty.",
    GRANT + '[approval]\ncommands = ["extensions.show"]': (
        f"[approval]: entry 1 of “commands”: “extensions.show” changes nothing: the commands are {COMMAND_NAMES}."
    ),
    GRANT + "[approval]\nmost_changes = -1": "[approval]: “most_changes” has to be 0 or more.",
    GRANT + '[approval]\nmost_changes = "3"': "[approval]: “most_changes” has to be a whole number.",
    GRANT + '[approval]\nspace = "Telephony"': (
        "[approval]: “space”: “Telephony” is no id of a space: `whoami` in the space shows it."
    ),
    GRANT + "[approval]\nspaces = []": "[approval]: “spaces” is no key of this file.",
    GRANT + "everywhere = false": "It is not TOML: Cannot overwrite a value (at line 5, column 19).",
    "grants = [": "It is not TOML: Invalid value (at end of document).",
    f"grants = {'[' * 20_000}": "It is not TOML: its lists are too deep.",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_said_with_its_place(text: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the whole sentence is compared
        read_policy(f"{text}\n")
    assert str(raised.value) == MISTAKES[text]


def policy_of(content: bytes, path: Path) -> Policy:
    path.write_bytes(content)
    return PolicyFile(path).current()


def refusal_of(text: str) -> str:
    """Why the text is no policy; empty where it is one. Raises what is not for people to read."""
    try:
        read_policy(text)
    except ValueError as refused:
        return str(refused)
    return ""


@given(st.text())
def test_no_text_does_worse_than_being_refused(text: str) -> None:
    assert refusal_of(text)[-1:] in ("", ".")


VALUES = st.recursive(
    st.sampled_from(("true", "1", "-1", "1.5", "nan", '"read"', '"a@b.c"', "1979-05-27", '"Lyon"', '""', "0x7F")),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda each: f"[{', '.join(each)}]")
        | inner.map(lambda one: f"{{x = {one}}}")
    ),
    max_leaves=6,
)
KEYS = (
    "people",
    "domains",
    "spaces",
    "roles",
    "permissions",
    "everywhere",
    "locations",
    "fields",
    "own_locations",
)
TABLES = ("[[grants]]", "[approval]", "[grants]", "")


@given(st.lists(st.tuples(st.sampled_from(KEYS), VALUES), max_size=5), st.sampled_from(TABLES))
def test_no_value_does_worse_than_being_refused(lines: list[tuple[str, str]], table: str) -> None:
    text = "\n".join([table, *(f"{key} = {value}" for key, value in lines)])
    assert refusal_of(text)[-1:] in ("", ".")


def test_the_file_is_read_again_when_it_changes_vanishes_and_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "access.toml"
    file = PolicyFile(path)
    assert file.current().problem == f"{path}: It can't be read: No such file or directory."
    path.write_text(POLICY, "utf-8")
    assert (len(file.current().grants), file.current().problem) == (3, "")
    path.write_text(f"{GRANT}", "utf-8")
    assert len(file.current().grants) == 1
    path.unlink()
    assert (file.current().grants, bool(file.current().problem)) == ((), True)
    path.write_text(f"{GRANT}", "utf-8")
    assert len(file.current().grants) == 1
    path.write_text("grants = ]", "utf-8")
    assert file.current().problem.startswith(f"{path}: It is not TOML: ")


def test_a_file_of_the_same_size_and_time_is_read_again(tmp_path: Path) -> None:
    """Some tools keep the time of a file; and who mends its permissions changes nothing else of it."""
    path = tmp_path / "access.toml"
    path.write_text(f"{GRANT}", "utf-8")
    file, before = PolicyFile(path), path.stat()
    assert file.current().grants[0].permissions == {Permission.READ}
    path.write_text(f"{GRANT.replace('read', 'bulk')}", "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert file.current().grants[0].permissions == {Permission.BULK}


def test_an_unchanged_file_is_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "access.toml"
    path.write_text(f"{GRANT}", "utf-8")
    file = PolicyFile(path)
    assert file.current() is file.current()


def test_a_directory_and_another_encoding_are_said_to_be_so(tmp_path: Path) -> None:
    assert PolicyFile(tmp_path).current().problem == f"{tmp_path}: It can't be read: Is a directory."
    path = tmp_path / "access.toml"
    text = f"{GRANT}# Zoë\n"
    assert policy_of(text.encode("latin-1"), path).problem == (
        f"{path}: It is not written in UTF-8: invalid continuation byte at byte {len(GRANT) + 4}."
    )
    assert policy_of(text.encode("utf-8-sig"), path).problem == ""
