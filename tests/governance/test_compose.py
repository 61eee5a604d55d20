"""docker-compose.yml, Dockerfile and .env.example name only what exists, and the processes that script/server runs."""

import ast
import importlib
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from governance import healthcheck
from governance.embedded.state import PROJECT
from governance.processes import LOADER_MEMORY, LOADER_QUEUES, QUEUES, WEIGE

COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service["image"].startswith("weige:")]
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
EXAMPLE = (PROJECT / ".env.example").read_text()
# ${NAME}, ${NAME:-default}, ${NAME:?message}; $$NAME is the container's own shell.
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(?::([-?])([^}]*))?\}")
SECRETS = {"SECRET_KEY", "FIELD_KEYS", "POSTGRES_PASSWORD", "VALKEY_PASSWORD"}


def compose_text() -> str:
    return (PROJECT / "docker-compose.yml").read_text()


@cache
def settings_that_the_code_reads() -> set[str]:
    """Every NAME given to a reader of governance.env or to os.environ in the product's own code."""
    names = set()
    for path in PROJECT.glob("*/**/*.py"):
        if path.relative_to(PROJECT).parts[0] in {"tests", ".venv", "benchmarks", "script"}:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                first = node.args[0]
                if node.func.attr in {"text", "flag", "number", "words", "get"} and isinstance(first, ast.Constant):
                    names.add(str(first.value))
    return names


@pytest.mark.parametrize("name", OURS)
def test_every_setting_of_a_service_is_read_by_the_code(name: str) -> None:
    assert set(SERVICES[name]["environment"]) <= settings_that_the_code_reads()


def test_web_server_and_its_application_exist() -> None:
    server, *options, application = SERVICES["web"]["command"]
    importlib.import_module(server)
    module, attribute = application.split(":")
    assert callable(getattr(importlib.import_module(module), attribute))
    assert "--interface=wsgi" in options
    assert application in WEIGE.web.command
    assert application in DOCKERFILE


@pytest.mark.parametrize(("name", "kind"), [("worker", "worker"), ("loader", "worker"), ("beat", "beat")])
def test_celery_application_exists(name: str, kind: str) -> None:
    celery, option, package, started, *options = SERVICES[name]["command"]
    assert (celery, option, started) == ("celery", "-A", kind)
    assert importlib.import_module(f"{package}.celery").app.main
    if kind == "worker":
        assert f"--queues={QUEUES if name == 'worker' else LOADER_QUEUES}" in options


def test_the_loader_is_apart_and_gives_memory_back() -> None:
    assert not set(LOADER_QUEUES.split(",")) & set(QUEUES.split(","))
    options = SERVICES["loader"]["command"]
    assert {"--concurrency=1", f"--max-memory-per-child={LOADER_MEMORY}", "--hostname=loader@%h"} <= set(options)


def test_every_task_goes_to_a_queue_that_somebody_listens_to() -> None:
    conf = importlib.import_module("governance.celery").app.conf
    routes = {route if isinstance(route, str) else route["queue"] for route in conf.task_routes.values()}
    assert routes | {conf.task_default_queue} <= set(f"{QUEUES},{LOADER_QUEUES}".split(","))


def test_migration_is_a_management_command_that_runs_once_before_the_others() -> None:
    python, script, command, *_ = SERVICES["migrate"]["command"]
    assert (python, script) == ("python", "manage.py")
    assert command in get_commands()
    assert SERVICES["migrate"]["restart"] == "no"
    for name in ("web", "worker", "loader", "beat"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_same_processes_as_script_server_runs() -> None:
    assert {WEIGE.web.name, *(program.name for program in WEIGE.others)} == set(OURS) - {"migrate"}


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_every_service_that_stays_has_a_health_check(name: str) -> None:
    test = SERVICES[name]["healthcheck"]["test"]
    if name in OURS:
        assert test == ["CMD", "python", "-m", "governance.healthcheck", name]
        assert name in healthcheck.CHECKS


def test_no_secret_has_a_default() -> None:
    found = {name: (kind, text) for name, kind, text in VARIABLE.findall(compose_text())}
    assert set(found) >= SECRETS
    for name in SECRETS:
        kind, message = found[name]
        assert (kind, bool(message)) == ("?", True), f"{name} must be demanded, with a word of help"
    assert not re.search(r"^(?:ENV|ARG)[^\n]*(?:SECRET_KEY|FIELD_KEYS|PASSWORD)", DOCKERFILE, re.MULTILINE)


def test_example_names_every_variable_and_holds_no_secret() -> None:
    offered = set(re.findall(r"^(?:# )?([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    passed_on = {name for service in OURS for name, value in SERVICES[service]["environment"].items() if value is None}
    assert offered == {name for name, _, _ in VARIABLE.findall(compose_text())} | passed_on
    assert re.findall(r"^[A-Z_]+=.+", EXAMPLE, re.MULTILINE) == []


def test_web_worker_and_loader_share_the_files_and_the_data_outlive_the_containers() -> None:
    for name in ("web", "worker", "loader"):
        assert f"media:{SERVICES[name]['environment']['MEDIA_ROOT']}" in SERVICES[name]["volumes"]
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert mounted == set(COMPOSE["volumes"])
    assert "pgdata:/var/lib/postgresql" in SERVICES["db"]["volumes"]


def test_containers_end_cleanly() -> None:
    assert all(SERVICES[name]["init"] for name in OURS)
    assert {SERVICES[name]["stop_grace_period"] for name in ("worker", "loader")} == {"60s"}


def test_database_sorts_and_searches_text_like_the_embedded_one() -> None:
    arguments = SERVICES["db"]["environment"]["POSTGRES_INITDB_ARGS"]
    source = (PROJECT / "governance/embedded/postgres.py").read_text()
    for argument in ("--locale-provider=builtin", "--builtin-locale=C.UTF-8"):
        assert argument in arguments
        assert argument in source
    assert SERVICES["db"]["image"].startswith("postgres:18")


def test_image_is_built_from_hashed_locks_and_runs_without_rights() -> None:
    assert "--require-hashes" in DOCKERFILE
    assert re.findall(r"^USER (\w+)", DOCKERFILE, re.MULTILINE) == ["weige"]
    for source in re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE):
        assert Path(PROJECT / source).exists()
