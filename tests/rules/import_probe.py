"""Run in a fresh process with module names as arguments: imports each and prints, as JSON lines, what the import itself did.

Loading somebody else's module is the libraries' affair; what counts is an action that one of our own lines asked for while
being imported, a thread that is running afterwards, and a library that is too heavy to be loaded by an import.
"""

import importlib
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pydantic

HERE = str(Path(__file__).resolve().parents[2])
HEAVY = ("lancedb", "lark_oapi", "onnx", "pandas", "scipy", "sentence_transformers", "sklearn", "torch", "transformers")
ACTIONS = ("open", "sqlite3.connect", "thread")
ACTION_FAMILIES = (
    "ftplib.",
    "glob.",
    "http.",
    "os.",
    "shutil.",
    "smtplib.",
    "socket.",
    "subprocess.",
    "tempfile.",
    "urllib.",
)


class Watch:
    """Notes what our own lines ask of the operating system."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, event: str, _: tuple[object, ...]) -> None:
        """The audit hook."""
        if event in ACTIONS or event.startswith(ACTION_FAMILIES):
            place = _our_line(sys._getframe(1))
            if place:
                self.seen.append(f"{place} {event}")

    def threads(self) -> None:
        """From now on note threads too; Python 3.11 has no audit event for them."""
        watch, start = self, threading.Thread.start

        def noted(self: threading.Thread) -> None:
            watch("thread", ())
            start(self)

        threading.Thread.start = noted  # type: ignore[method-assign]  # in this short-lived process only

    def take(self) -> list[str]:
        """What was noted since the last time."""
        seen, self.seen = self.seen, []
        return sorted(set(seen))


def _our_line(frame: FrameType | None) -> str | None:
    """The innermost line of ours, unless the import machinery stands between: then a module was only being loaded."""
    while frame:
        file = frame.f_code.co_filename
        if file.startswith("<frozen importlib"):
            return None
        if file.startswith(HERE) and "site-packages" not in file and file != __file__:
            return f"{file.removeprefix(HERE)[1:]}:{frame.f_lineno}"
        frame = frame.f_back
    return None


def _left_behind() -> Iterator[str]:
    yield from (f"thread {t.name}" for t in threading.enumerate() if t is not threading.main_thread())
    yield from (f"loads {name}" for name in HEAVY if name in sys.modules)


def probe(names: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Import the modules one by one and give what each did, what it left behind told only once."""
    pydantic.TypeAdapter(int)  # the first model of a process looks for pydantic's plugins on disk, whoever declares it
    watch = Watch()
    sys.addaudithook(watch)
    watch.threads()
    known: set[str] = set()
    for name in names:
        importlib.import_module(name)
        left = [thing for thing in _left_behind() if thing not in known]
        known.update(left)
        yield name, [*watch.take(), *left]


if __name__ == "__main__":
    findings = {name: did for name, did in probe(sys.argv[1:]) if did}
    sys.stdout.write(json.dumps(findings) + "\n")
