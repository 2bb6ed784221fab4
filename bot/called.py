"""The command as it was called, so that what is printed can be typed."""

import re
import shlex
import shutil
import sys
from pathlib import Path

_COMMAND = re.compile(r"(`(?:VIGIL_HOME=[^`]* )?)vigil ")


def as_called(text: str) -> str:
    """The text with ``vigil`` in its commands as this process was called: ``.venv/bin/vigil`` where that is not on the path."""
    command = _called(Path(sys.argv[0]))
    return _COMMAND.sub(lambda found: f"{found[1]}{command} ", text)


def called() -> str:
    """The command line of this process, to be typed again."""
    return f"{_called(Path(sys.argv[0]))} {shlex.join(sys.argv[1:])}"


def _called(program: Path) -> str:
    if program.name != "vigil":
        return "python -m bot.cli" if program.name == "cli.py" else "vigil"
    on_path = shutil.which("vigil")
    if on_path and Path(on_path).resolve() == program.resolve():
        return "vigil"
    here = Path.cwd()
    return str(program.relative_to(here) if program.is_relative_to(here) else program)
