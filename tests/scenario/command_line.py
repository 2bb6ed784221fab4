"""``vigil ...`` as people type it, each command a process of its own."""

import atexit
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.rules.source import ROOT
from tests.warm import LIMIT_S

SCRIPT = Path(sys.executable).with_name("vigil")
READ_AT_START = ("PYTHON", "LANG", "LC_")
"""Variables that the interpreter reads before any code runs begin so: they need an interpreter of their own."""


def vigil(
    home: Path, *arguments: str, limit_bytes: int | None = None, typed: str = "", **env: str
) -> "subprocess.CompletedProcess[str]":
    """Run the console script in a home: forked from a warm process, or started anew where a variable asks for that.
    ``typed`` is what it reads."""
    if any(name.startswith(READ_AT_START) for name in env):
        return started([str(SCRIPT)], home, *arguments, typed=typed, **env)
    return forked(arguments, ROOT, _environment(home, env), limit_bytes, typed)


def forked(
    arguments: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str],
    limit_bytes: int | None = None,
    typed: str = "",
) -> "subprocess.CompletedProcess[str]":
    """Run the console script in a fork of the warm process, with this environment alone."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("in", "out", "err")]
        for file in files:
            file.write_text(typed if file.name == "in" else "", "utf-8", newline="")
        asked = {
            "argv": [str(SCRIPT), *arguments], "cwd": str(cwd), "environment": dict(environment),
            "files": [str(file) for file in files], "limit_bytes": limit_bytes,
        }  # fmt: skip
        code = _ask(json.dumps(asked))
        _, out, err = (file.read_text("utf-8") for file in files)
    return subprocess.CompletedProcess([str(SCRIPT), *arguments], code, out, err)


def started(
    command: list[str], home: Path, *arguments: str, typed: str = "", **env: str
) -> "subprocess.CompletedProcess[str]":
    """Run a command that is Vigil's in a home, in a process that is started anew."""
    return subprocess.run(
        [*command, *arguments], cwd=ROOT, env=_environment(home, env), input=typed, text=True,
        capture_output=True, check=False, timeout=LIMIT_S,
    )  # fmt: skip


def one_sentence(done: "subprocess.CompletedProcess[str]", code: int, *words: str) -> None:
    """Check that it ended with this code and one sentence on standard error that says these words."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert all(word in done.stderr for word in words), done.stderr


def _environment(home: Path, env: dict[str, str]) -> dict[str, str]:
    return {**os.environ, "VIGIL_HOME": str(home), **env}


def _ask(line: str) -> int:
    """Have the warm process run what a line asks for, and give the exit code."""
    warm = _warm()
    assert warm.stdin is not None
    assert warm.stdout is not None
    warm.stdin.write(f"{line}\n")
    warm.stdin.flush()
    return int(warm.stdout.readline())


@cache
def _warm() -> "subprocess.Popen[str]":
    """The warm process of this one, started with the first command; it ends with this one."""
    code = "from tests.warm import serve; serve()"  # not -m: typer would tell usage by that module's name
    command = [sys.executable, "-c", code]
    warm = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(warm.communicate)
    return warm
