"""Takes documents apart, one after the other: ``python -m adapters.documents.parse_process MEMORY_BYTES``.

Reads a line of JSON (kind, charset, bytes) and so many bytes; answers with a line that says how many bytes of JSON follow. Ends
with its input."""

import contextlib
import gc
import json
import os
import resource
import sys
from typing import Any, BinaryIO

from adapters.documents.kinds import Kind
from adapters.documents.outline import Draft, UnreadableError
from adapters.documents.parsing import parsed

RECURSION = 3_000
CPU_S = 90
"""Processor time of one document; whoever asks stops waiting after less, but may be gone itself."""
OPEN_FILES = 64
NICENESS = 10


def answer_to(kind: Kind, body: bytes, charset: str) -> dict[str, Any]:
    """The draft of a document, or why there is none."""
    try:
        draft = parsed(kind, body, charset)
    except UnreadableError as error:
        return {"refused": error.why}
    except MemoryError:
        return {"refused": "it is too big to be taken apart"}
    except Exception as error:  # libraries fail on damaged documents in every way
        return {"refused": f"it is damaged ({type(error).__name__})"}
    return told(draft)


def told(draft: Draft) -> dict[str, Any]:
    """The draft as JSON takes it."""
    sections = [(s.heading, s.text, s.anchor, s.trail) for s in draft.sections]
    return {"title": draft.title, "login": draft.login, "sections": sections}


def _encoded(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")  # a PDF may hold half of a character


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer until the input ends."""
    while line := source.readline():
        asked = json.loads(line)
        body = source.read(asked["bytes"])
        _allow_cpu()
        gc.disable()  # a tree of a million parts is not garbage: looking for it there takes longer than building it
        answer = _encoded(answer_to(Kind(asked["kind"]), body, asked["charset"]))
        gc.enable()
        gc.collect()
        sink.write(b"%d\n" % len(answer) + answer)
        sink.flush()


def _allow_cpu() -> None:
    """So much processor time from now on; what takes more is ended by the system."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + CPU_S, hard=False)


def _limit(what: int, most: int, *, hard: bool = True) -> None:
    with contextlib.suppress(ValueError, OSError):  # where the system sets no such limit, or a lower one
        resource.setrlimit(what, (most, most if hard else resource.getrlimit(what)[1]))


def main(memory_bytes: int) -> None:
    """Serve with this much memory and little priority, without a file to write, few to read, and no further process (which a
    system refuses to everybody but root)."""
    _limit(resource.RLIMIT_AS, memory_bytes)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    _limit(resource.RLIMIT_NPROC, 0)
    _limit(resource.RLIMIT_CORE, 0)
    os.nice(NICENESS)
    sys.setrecursionlimit(RECURSION)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints is no answer
    serve(source, sink)


if __name__ == "__main__":
    main(int(sys.argv[1]))
