"""The files by which the bot is deployed: they name what there is, and keep what docs/deploy.md promises."""

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from bot import database_log, outages
from bot.cli import main
from bot.connections import CONNECTIONS
from bot.database import CONFIGURATION
from bot.engine import RETRIES
from bot.settings import SECRETS, describe

ROOT = Path(__file__).parent.parent.parent
UNIT = ROOT / "docs/extbot.service"
DEPLOY = (ROOT / "docs/deploy.md").read_text("utf-8")
DOCUMENTS = (*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md")
SETTINGS = {row.variable for row in describe()} | {f"{name.upper()}_FILE" for name in SECRETS}
OF_OTHERS = {
    *("NEW_CLIENT_SECRET", "NEW_DATABASE_URL", "NEW_REFRESH_TOKEN"),  # what blocks of the pages are run with
    *("OTEL_EXPORTER_OTLP_HEADERS", "OTEL_SERVICE_NAME", "OTEL_TRACES_SAMPLER"),
    *("CLIENT_ID", "ON_ERROR_STOP", "POSTGRES_PASSWORD"),
}
"""Names that are written like those of settings, and are none of the bot's."""


def is_command(words: list[str]) -> bool:
    """Whether it is `extbot` with one of its subcommands."""
    return words[0] == "extbot" and words[1] in main.commands


def dockerfile() -> list[list[str]]:
    """The instructions of the Dockerfile, each as its name and its arguments."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.M).replace("\\\n", " ")
    return [line.split(maxsplit=1) for line in text.splitlines() if line.strip()]


def given(name: str) -> list[str]:
    return [arguments for instruction, arguments in dockerfile() if instruction == name]


def compose() -> dict[str, dict[str, Any]]:
    services: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docs/compose.yaml").read_text("utf-8"))[
        "services"
    ]
    return services


def unit() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # directives have capitals
    parser.read(UNIT)
    return parser["Service"]


def test_the_unit_is_not_root_and_writes_only_where_its_database_is() -> None:
    service = unit()
    assert service["User"] == "extbot"
    assert service["ProtectSystem"] == "strict"
    assert service["ReadWritePaths"] == "/var/lib/extbot"
    assert service["Environment"] == "DATA_DIR=/var/lib/extbot"
    assert service["NoNewPrivileges"] == "yes"
    assert service["Restart"] == "always"
    assert is_command([Path(word).name for word in service["ExecStart"].split()])


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """Where there is no systemd it can't be asked: that the file can be read is tested above."""
    here = tmp_path / UNIT.name
    here.write_text(UNIT.read_text("utf-8").replace("/opt/extbot/.venv/bin/extbot", sys.executable))
    analyze = shutil.which("systemd-analyze")
    if analyze:
        done = subprocess.run([analyze, "verify", here], capture_output=True, text=True, timeout=30)
        assert (done.returncode, done.stderr) == (0, "")


def test_the_image_is_not_root_and_has_its_versions_pinned() -> None:
    instructions = [name for name, _ in dockerfile()]
    assert given("USER") == ["extbot"]
    assert instructions.index("USER") > len(instructions) - 1 - instructions[::-1].index("RUN")
    assert all(re.fullmatch(r"python:3\.\d+-slim( AS \w+)?", image) for image in given("FROM"))
    assert "--require-hashes -r requirements.lock" in " ".join(given("RUN"))
    assert not re.search(r"\b(curl|wget|apt-get|ADD)\b", "\n".join(given("RUN") + instructions))


def test_the_image_runs_a_command_that_there_is() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    [command] = given("CMD")
    assert json.loads(command)[0] in scripts
    assert is_command(json.loads(command))
    assert "ENTRYPOINT" not in [name for name, _ in dockerfile()]


def test_the_image_asks_for_its_health_in_a_way_that_can_be_run() -> None:
    """It is Python, and fails where nobody answers."""
    [check] = given("HEALTHCHECK")
    command = json.loads(check.partition(" CMD ")[2])
    assert "/health" in command[-1]
    done = subprocess.run([sys.executable, *command[1:]], env={**os.environ, "PORT": "1"}, stderr=subprocess.PIPE)
    assert done.returncode == 1
    assert b"URLError" in done.stderr


def test_what_the_image_copies_is_there_and_is_let_through() -> None:
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for arguments in given("COPY"):
        sources = [] if arguments.startswith("--from") else arguments.split()[:-1]
        for source in sources:
            assert list(ROOT.glob(source)), source
            assert source in let_through or source == "access*.toml", source
    assert not {".env", "data", "tests"} & let_through


def test_the_variables_of_the_image_are_settings() -> None:
    [variables] = given("ENV")
    names = {pair.partition("=")[0] for pair in variables.split()}
    assert {name for name in names if not name.startswith("PYTHON")} - {"PATH"} <= SETTINGS


def test_compose_runs_commands_that_there_are_with_settings_that_there_are() -> None:
    ours = {name: service for name, service in compose().items() if name != "database"}
    assert sorted(ours) == ["setup", "web", "worker"]
    for name, service in ours.items():
        assert is_command(service["command"].split()), name
        assert set(service["environment"]) <= SETTINGS, name
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
    assert ours["worker"]["deploy"]["replicas"] == 2


def test_the_logs_of_containers_are_bounded_and_hold_no_values() -> None:
    """The driver is named: the options are those of some drivers only."""
    bounds = {name: service["logging"] for name, service in compose().items()}
    bound = {"driver": "local", "options": {"max-size": "10m", "max-file": "5"}}
    assert bounds == dict.fromkeys(("database", "setup", "web", "worker"), bound)
    [started] = re.findall(r"^docker run (.*?)\n(?!    )", DEPLOY, re.M | re.S)
    assert "--log-driver local --log-opt max-size=10m --log-opt max-file=5" in started
    lines = [line.replace(" ", "") for line in database_log.SETTINGS.splitlines()]
    given = [word for word in compose()["database"]["command"] if "=" in word]
    assert len(given) == 2
    assert set(given) <= set(lines)


def test_the_platforms_run_what_the_procfile_says() -> None:
    lines = (ROOT / "Procfile").read_text("utf-8").splitlines()
    commands = {kind: command.split() for kind, command in (line.split(": ", 1) for line in lines)}
    assert sorted(commands) == ["release", "web", "worker"]
    assert commands["web"][0] == "HOST=0.0.0.0"
    assert all(is_command([word for word in words if "=" not in word]) for words in commands.values())
    [text] = re.findall(r"^```yaml\n(.*?)^```$", DEPLOY, re.M | re.S)
    heroku = yaml.safe_load(text)
    assert heroku["run"]["web"].split() == commands["web"][1:]
    assert heroku["run"]["worker"]["command"] == [" ".join(commands["worker"])]
    assert heroku["release"]["command"] == [" ".join(commands["release"])]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_the_pages_name_what_there_is(document: Path) -> None:
    """Their links lead somewhere, and so do the commands, settings and metrics that they name."""
    text = document.read_text("utf-8")
    for target in re.findall(r"\]\((?!https?://)([^)]+)\)", text):
        path, _, anchor = target.partition("#")
        page = document.parent / path if path else document
        assert page.exists(), target
        assert not anchor or anchor in anchors(page.read_text("utf-8")), target
    for command in re.findall(r"`extbot ([a-z]+)", text):
        assert command in main.commands, command
    assert set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", text)) <= SETTINGS | OF_OTHERS


def test_the_pages_name_every_setting() -> None:
    """The README has a table of all that is made from the code; what they are good for is in the pages."""
    text = "\n".join(path.read_text("utf-8") for path in DOCUMENTS if path.parent.name == "docs")
    assert [row.variable for row in describe() if not re.search(rf"\b{row.variable}\b", text)] == []


def in_containers(what: str) -> list[str]:
    """The first command of each row of that name, for compose and for one container."""
    text = (ROOT / "docs/operations.md").read_text("utf-8").partition("## In containers")[2]
    commands = re.findall(rf"^\| {what} \| `([^`]+)`", text, re.M)
    assert len(commands) == 2
    return commands


def run_with_docker_that_fails(command: str, at: Path) -> list[str]:
    """Run it, which has to fail; what docker and compose are called with. They print a half, and fail."""
    calls = at / "calls"
    calls.touch()
    fails = f"{{ echo half; echo $@ >> {calls}; return 1; }}"
    script = f"docker() {fails}\ncompose() {fails}\n{command}"
    assert subprocess.run(["bash", "-c", script], cwd=at, capture_output=True, timeout=30).returncode != 0
    return calls.read_text().splitlines()


@pytest.mark.parametrize("command", in_containers("backup"))
def test_a_backup_of_a_container_that_fails_leaves_that_days_dump_as_it_is(command: str, tmp_path: Path) -> None:
    today = tmp_path / subprocess.check_output(["date", "+backups/extbot-%F.sql"], text=True).strip()
    today.parent.mkdir()
    today.write_text("whole")
    assert len(run_with_docker_that_fails(command, tmp_path)) == 1
    assert {path.name: path.read_text() for path in today.parent.glob("*.sql")} == {today.name: "whole"}


@pytest.mark.parametrize("command", in_containers("restore"))
def test_a_restore_of_a_container_begins_with_a_complete_dump_and_ends_where_it_fails(
    command: str, tmp_path: Path
) -> None:
    dump = tmp_path / "DUMP"
    for cut in ("", "COPY history\n", "-- PostgreSQL database dump comp"):
        dump.write_text(cut)
        assert run_with_docker_that_fails(command, tmp_path) == []
    dump.write_text("--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict 7F3K\n\n")
    assert len(run_with_docker_that_fails(command, tmp_path)) == 1
    assert command.endswith("extbot audit verify")


def test_an_integration_is_asked_for_what_a_service_app_is() -> None:
    """The address that is opened asks for all scopes, and names the place that the code is exchanged with."""
    text = (ROOT / "docs/going-live.md").read_text("utf-8")
    [address] = re.findall(r"^ *(https://webexapis\.com/v1/authorize\S+)$", text, re.M)
    asked = parse_qs(urlsplit(address).query, strict_parsing=True)
    [meaning] = [row.meaning for row in describe() if row.variable == "WEBEX_CLIENT_ID"]
    scopes = re.findall(r"[a-z-]+:[a-z_]+", meaning)
    assert len(scopes) == 5
    assert asked.pop("scope") == [" ".join(scopes)]
    assert set(re.findall(r"`((?:spark-admin|identity):[a-z_]+)`", text)) == set(scopes)
    [redirect] = asked.pop("redirect_uri")
    assert text.count(redirect) == 2
    assert asked == {"response_type": ["code"], "client_id": ["CLIENT_ID"], "state": ["extbot"]}


def test_the_numbers_of_the_pages_are_those_of_the_code() -> None:
    """A worker has the engine's pool, one connection by which it hears of events, and the store's pool."""
    text = (ROOT / "docs/operations.md").read_text("utf-8")
    of_worker = CONNECTIONS + 1 + outages.POOL["pool_size"] + outages.POOL["max_overflow"]
    assert f"up to {CONNECTIONS} for each web process, up to {of_worker} for each worker" in text
    [allowed] = re.findall(r"^max_connections = (\d+)$", CONFIGURATION, re.M)
    assert f"The embedded database takes {allowed} |" in text
    assert f"in {len(RETRIES) + 1} tries, within {sum(RETRIES) // 60} minutes," in text
    assert f"latest {database_log.KEPT_BYTES // 1000} kB" in text
    for name in ("WORKER_CONCURRENCY", "CALLS_PER_MINUTE", "COMMANDS_PER_MINUTE"):
        [default] = [row.default for row in describe() if row.variable == name]
        assert re.search(rf"^\| `{name}` \| [^.:]+: {default}\b", text, re.M), name


def test_the_example_has_an_empty_line_before_each_setting() -> None:
    blocks = (ROOT / ".env.example").read_text("utf-8").strip().split("\n\n")
    names = [re.findall(r"^#?([A-Z_]+)=", block, re.M) for block in blocks]
    assert [one for one in names[1:] if len(one) != 1] == names[0] == []


def anchors(text: str) -> set[str]:
    """The headings as the ends of links."""
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_metrics_that_the_pages_name_are_measured() -> None:
    named = {name for path in DOCUMENTS for name in re.findall(r"extbot_[a-z_]+", path.read_text("utf-8"))}
    code = (ROOT / "bot/health.py").read_text("utf-8") + (ROOT / "bot/metrics.py").read_text("utf-8")
    # The library adds these to the names of counters and of histograms.
    measured = {name.removesuffix("_count").removesuffix("_total") for name in named}
    assert {name for name in measured if f'"{name}"' not in code} == set()
