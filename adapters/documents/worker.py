"""The process that parses: one at a time, killed when a document takes too long or too much memory, gone when nobody needs it.

A document is somebody else's, and the libraries that take it apart can hang, grow or fail on one. In a process of its own that
costs the document and not the bot, and a big page does not stop the event loop. It lives a while, because starting it takes
longer than most documents."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog

from adapters.documents.kinds import Kind
from core.domain.documents import Section
from core.domain.errors import CallerError

log = structlog.get_logger(__name__)

PARSE_S = 60.0
IDLE_S = 60.0
MEMORY_BYTES = 2_000_000_000
MOST_ANSWER_BYTES = 100_000_000
_ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """Parses documents in another process. ``parse_s`` and ``memory_bytes`` are what one may take, ``idle_s`` is how long the
    process waits for the next one; ``command`` stands in for it in tests."""

    def __init__(
        self,
        parse_s: float = PARSE_S,
        idle_s: float = IDLE_S,
        memory_bytes: int = MEMORY_BYTES,
        command: tuple[str, ...] | None = None,
    ) -> None:
        self._parse_s, self._idle_s = parse_s, idle_s
        self._command = command or (sys.executable, "-m", "adapters.documents.parse_process", str(memory_bytes))
        self._one = asyncio.Lock()
        self._process: Process | None = None
        self._retiring: asyncio.TimerHandle | None = None

    async def parse(self, kind: Kind, body: bytes, charset: str, shown: str) -> "Parsed":
        """Cut a document into sections. Raises ``CallerError`` with the reason when it cannot be read."""
        async with self._one:
            self._stay()
            whole = False
            try:
                async with asyncio.timeout(self._parse_s):
                    answer = await self._asked(kind, body, charset)
                whole = (
                    "refused" not in answer
                )  # what could not be read may have left its mark: the next one meets none
            except TimeoutError as error:
                raise CallerError(
                    f"{shown} is not read: taking it apart took longer than {self._parse_s:g} s."
                ) from error
            except (OSError, EOFError, ValueError) as error:  # it died, or was killed for its memory
                raise CallerError(f"{shown} is not read: it is damaged, or too big to be taken apart.") from error
            finally:
                if not whole:  # the rest of an answer must not meet the next question, also after a cancellation
                    log.info("documents.worker_ended", code=await self._end())
            if whole:
                self._leave_later()
        return parsed_of(answer, shown)

    async def close(self) -> None:
        """End the process."""
        async with self._one:
            self._stay()
            await self._end()

    async def _asked(self, kind: Kind, body: bytes, charset: str) -> dict[str, Any]:
        process = self._process
        if process is None or process.returncode is not None:
            await self._end()
            process = self._process = await self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        head = json.dumps({"kind": kind, "charset": charset, "bytes": len(body)}).encode()
        process.stdin.write(head + b"\n" + body)
        await process.stdin.drain()
        size = int(await process.stdout.readline() or b"-1")
        if not 0 < size < MOST_ANSWER_BYTES:
            raise EOFError
        match json.loads(await process.stdout.readexactly(size)):
            case dict() as answer:
                return answer
            case _:
                raise EOFError

    async def _started(self) -> Process:
        """With an empty environment: tokens are none of a document's business; in a session of its own: a Ctrl-C is for the
        bot, and a document that it cut short would look damaged."""
        return await asyncio.create_subprocess_exec(
            *self._command, cwd=_ROOT, env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True,
        )  # fmt: skip

    def _stay(self) -> None:
        if self._retiring is not None:
            self._retiring.cancel()
            self._retiring = None

    def _leave_later(self) -> None:
        """Close its input, at which it ends; it is reaped when the next one is needed."""
        process = self._process
        if process is not None and process.stdin is not None:
            self._retiring = asyncio.get_running_loop().call_later(self._idle_s, process.stdin.close)

    async def _end(self) -> int | None:
        process, self._process = self._process, None
        if process is None:
            return None
        if process.returncode is None:
            process.kill()
        if process.stdin is not None:
            process.stdin.close()
        await process.communicate()
        return process.returncode


def parsed_of(answer: Mapping[str, Any], shown: str) -> "Parsed":
    """The document in an answer. Raises ``CallerError`` with the reason when it cannot be read."""
    if why := answer.get("refused"):
        raise CallerError(f"{shown} is not read: {why}.")
    return Parsed(answer)


class Parsed:
    """A document taken apart. ``login`` says that it asks for a password and tells little else, ``characters`` how much it
    says."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.title = str(answer["title"])
        self.login = bool(answer["login"])
        self.sections = tuple(Section(h, text, anchor, tuple(trail)) for h, text, anchor, trail in answer["sections"])
        self.characters = sum(len(section.text) for section in self.sections)
