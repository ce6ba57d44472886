"""The runner of real git, without network, the user's configuration or prompts."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

HOST = "git@github.com:"
"""The address of the hosting service in the demo."""

_SETTINGS = {
    "commit.gpgsign": "false",
    "core.hooksPath": os.devnull,
    "gc.auto": "0",
    "init.defaultBranch": "main",
    "maintenance.auto": "false",
    "merge.conflictStyle": "merge",
    "protocol.file.allow": "always",
}


class GitFailed(Exception):
    """The error of git; its text is git's reason in one line."""


def find_git() -> str | None:
    """Return the path of git; None where it is not installed."""
    return shutil.which("git")


class Git:
    """A runner of git that maps every address on ``git@github.com:`` to a directory on this machine."""

    def __init__(self, program: str, remotes: Path) -> None:
        """Prepare to run ``program``; ``remotes`` has bare repositories as ``<user>/<repository>.git``."""
        self.remotes = remotes
        self._local = f"{remotes.as_uri()}/"
        settings = {**_SETTINGS, f"url.{self._local}.insteadOf": HOST}
        self._command = [program, *(part for pair in settings.items() for part in ("-c", "=".join(pair)))]
        self._environment = _environment(os.environ)

    async def run(self, *arguments: str, cwd: Path, stdin: bytes = b"") -> str:
        """Return the output of git. Raises GitFailed. If the task is cancelled, git is killed."""
        output, errors, code = await self._finish(arguments, cwd, stdin)
        if code != 0:
            raise GitFailed(self.reason(errors or output))
        return output.rstrip("\n")

    async def succeeds(self, *arguments: str, cwd: Path) -> bool:
        """Return whether git exits with status 0."""
        return (await self._finish(arguments, cwd, b""))[2] == 0

    def reason(self, errors: str) -> str:
        """Return the line of git's messages that names the cause, with the addresses of the hosting service."""
        lines = [line.strip() for line in errors.splitlines() if line.strip()]
        telling = [line for line in lines if line.startswith(("fatal:", "error:", "remote: fatal:", "! ["))]
        line = (telling or lines or ["git failed and did not say why"])[0]
        return line.replace(self._local, HOST).replace(f"{self.remotes}/", HOST)

    async def _finish(self, arguments: tuple[str, ...], cwd: Path, stdin: bytes) -> tuple[str, str, int]:
        process = await asyncio.create_subprocess_exec(
            *self._command,
            *arguments,
            cwd=cwd,
            env=self._environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            output, errors = await process.communicate(stdin)
        except asyncio.CancelledError:
            if process.returncode is None:
                process.kill()
            await process.wait()
            raise
        return output.decode(errors="replace"), errors.decode(errors="replace"), process.returncode or 0


def _environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """Return the caller's environment without its variables for git, because ``GIT_DIR`` of a hook would apply to every
    command."""
    kept = {name: value for name, value in inherited.items() if not name.startswith("GIT_")}
    who = {"NAME": "Mara Kessler", "EMAIL": "mara@kessler.example"}
    people = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()}
    return {
        **kept,
        **people,
        "LC_ALL": "C",
        "GIT_ALLOW_PROTOCOL": "file",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
    }
