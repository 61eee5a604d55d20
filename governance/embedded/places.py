"""Where the embedded servers live: as which account, in which folder, from which binaries.

PostgreSQL refuses to run as root, so root starts the servers as `nobody`. That account may not be able to reach the
project (a checkout under a 0700 home). Opening the home is not ours to do: then data and binaries go to /var/lib.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from governance.embedded import Trouble

_OUTSIDE = Path("/var/lib")


@dataclass(frozen=True)
class Account:
    """The unprivileged account that root lends to the servers."""

    uid: int
    gid: int

    def popen_arguments(self) -> dict[str, Any]:
        """How `subprocess` is told to drop to this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_use(self, path: Path) -> bool:
        """Whether this account reaches `path` and may execute it (a file) or enter it (a folder)."""
        test = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)]
        return subprocess.run(test, cwd="/", check=False, **self.popen_arguments()).returncode == 0

    def own(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


def server_account() -> Account | None:
    """`nobody` when we are root, None when the servers can run as who we are."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def servers_folder(state: Path, account: Account | None) -> Path:
    """The folder for the servers' data: `state`/servers, or a link there to one that `account` can enter."""
    folder = state / "servers"
    if folder.is_symlink() and not folder.exists():
        folder.unlink()  # somebody removed the data outside: begin again
    if not folder.exists():
        folder.mkdir()
        folder.chmod(0o711 if account else 0o700)
        if account and not account.can_use(folder):
            folder.rmdir()
            elsewhere = Path(tempfile.mkdtemp(prefix="weige-", dir=_OUTSIDE))
            elsewhere.chmod(0o711)
            folder.symlink_to(elsewhere)
    folder = folder.resolve()
    if account and not account.can_use(folder):
        raise Trouble(f"The account 'nobody', which runs the database for root, can't enter {folder}.")
    return folder


def remove_servers_folder(state: Path) -> None:
    """Remove what `servers_folder` made, wherever it is."""
    folder = state / "servers"
    shutil.rmtree(folder.resolve(), ignore_errors=True)
    if folder.is_symlink():
        folder.unlink()


def own_folder(path: Path, account: Account | None) -> None:
    """Make `path` if it is missing, closed to everybody but the servers' account."""
    path.mkdir(exist_ok=True)
    path.chmod(0o700)
    if account:
        account.own(path)


def write_closed(path: Path, text: str, account: Account | None = None) -> None:
    """Write `text` so that nobody but its owner ever sees it, and never half of it."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    if account:
        account.own(fresh)
    fresh.replace(path)


def within_reach(program: Path, trees: Sequence[Path], copy: Path, account: Account | None) -> Path:
    """`program`, or its twin in a copy of `trees` when `account` can't execute the original.

    `trees` are folders or files side by side under one parent (libraries are found by relative path); `copy` is the
    folder that takes them, complete as soon as it exists.
    """
    if account is None or account.can_use(program):
        return program
    parent = trees[0].parent
    if not copy.exists():
        half = copy.with_name(f"{copy.name}.new")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        for tree in trees:
            if tree.is_dir():
                shutil.copytree(tree, half / tree.name, symlinks=True)
        # Copies, never the installed files themselves: an installer may share those with its cache by hard links.
        for path in [half, *half.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if os.access(path, os.X_OK) else 0o644)
        half.rename(copy)
    return copy / program.relative_to(parent)
