"""The environment: made from hashed locks by whatever Python really runs, and made again when it went stale."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from governance.embedded.state import PROJECT

pytestmark = pytest.mark.long

TOOLS = ("sh", "dirname", "cat", "cksum", "rm", "mkdir", "flock")
LOCKS = sorted(PROJECT.glob("requirements*.txt"))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with nothing but the script, a lock without packages, and a PATH of its own below bin/."""
    (tmp_path / "script").mkdir()
    shutil.copy(PROJECT / "script/bootstrap", tmp_path / "script")
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        if found := shutil.which(tool):
            (tmp_path / "bin" / tool).symlink_to(found)
    return tmp_path


def bootstrap(checkout: Path) -> str:
    """Run it with that PATH alone; returns what it told."""
    own = {name: value for name, value in os.environ.items() if name.startswith("LD_") or name == "LANG"}
    done = subprocess.run(
        [checkout / "script/bootstrap"],
        env={**own, "PATH": str(checkout / "bin"), "HOME": str(checkout)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_stale_environment_is_made_anew_by_the_python_behind_a_broken_shim(checkout: Path) -> None:
    shim = checkout / "bin/python3.13"
    shim.write_text("#!/bin/sh\necho 'pyenv: python3.13: command not found' >&2\nexit 127\n")
    shim.chmod(0o755)
    (checkout / "bin/python3").symlink_to(Path(sys.base_exec_prefix, "bin", f"python3.{sys.version_info.minor}"))
    interpreter = checkout / ".venv/bin/python"
    interpreter.parent.mkdir(parents=True)
    interpreter.symlink_to(checkout / "a-python-that-was-removed")

    assert "Making .venv" in bootstrap(checkout)
    assert bootstrap(checkout) == ""  # nothing to do, nothing to say
    (checkout / "requirements.txt").write_text("# another lock\n")
    assert bootstrap(checkout) == "Installing the packages of requirements.txt …\n"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_pins_every_package_by_hash_and_names_no_host(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    requirements = re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n", "", text).strip())
    assert requirements
    for requirement in requirements:
        assert re.match(r"[a-z0-9._-]+(\[[a-z0-9,_-]+\])?==\S+", requirement), requirement
        assert "--hash=sha256:" in requirement, requirement


def test_scripts_are_plain_shell_and_executable() -> None:
    for script in (PROJECT / "script").iterdir():
        if script.is_file() and script.read_bytes().startswith(b"#!/bin/sh"):
            assert os.access(script, os.X_OK), script
            subprocess.run(["/bin/sh", "-n", script], check=True)
