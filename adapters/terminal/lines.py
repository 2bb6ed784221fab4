"""What is typed, line by line: from a pipe or file, or by a line editor on a terminal."""

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyBindings

MOST_BYTES = 1_000_000
"""Of one line from a pipe: the rest of a longer one is dropped, and what is kept is refused as too long."""
_CHUNK = 65_536

Ask = Callable[[], str]
"""Gives what to show before what is typed next."""


class PipedLines:
    """Lines of a file descriptor that may be a pipe, a file or a terminal without an editor. A thread of its own reads it, one
    chunk each time that one is wanted: not every kind of file can be waited for, and a read can only be waited out."""

    def __init__(self, descriptor: int, prompt: Ask | None = None) -> None:
        self._descriptor, self._prompt = descriptor, prompt
        self._wanted = threading.Semaphore(0)
        self._chunks: asyncio.Queue[bytes] = asyncio.Queue()
        self._rest = b""
        self._ended = False

    async def lines(self) -> AsyncIterator[str]:
        """Every line as UTF-8 text, without its end; what is no UTF-8 becomes a replacement character."""
        threading.Thread(target=self._read, args=(asyncio.get_running_loop(),), daemon=True).start()
        while (line := await self._line()) is not None:
            yield line.decode("utf-8", "replace").removesuffix("\r")

    async def _line(self) -> bytes | None:
        """The next line; ``None`` at the end."""
        if self._prompt is not None and b"\n" not in self._rest:
            sys.stderr.write(self._prompt())
            sys.stderr.flush()
        while b"\n" not in self._rest:
            self._wanted.release()
            chunk = b"" if self._ended else await self._chunks.get()
            if not chunk:
                last, self._rest, self._ended = self._rest, b"", True
                return last or None
            kept = self._rest[:MOST_BYTES]
            self._rest = kept + chunk if len(kept) < MOST_BYTES or b"\n" in chunk else kept
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        chunk = b"more"
        while chunk:
            self._wanted.acquire()
            try:
                chunk = os.read(self._descriptor, _CHUNK)
            except OSError:  # closed, or no longer there: the end
                chunk = b""
            try:
                loop.call_soon_threadsafe(self._chunks.put_nowait, chunk)
            except RuntimeError:  # the loop has ended, and nobody waits
                return


class EditedLines:
    """Lines of a line editor. While one is being typed, whatever is printed to standard output stands above it. ``status`` is
    shown below it, ``words`` are completed."""

    def __init__(self, prompt: Ask, status: Ask, words: tuple[str, ...]) -> None:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.completion import WordCompleter

        self._prompt = prompt
        self._session: PromptSession[str] = PromptSession(
            completer=WordCompleter(list(words), sentence=True), complete_while_typing=False, key_bindings=_keys(),
            bottom_toolbar=status, refresh_interval=0.5,
        )  # fmt: skip

    async def lines(self) -> AsyncIterator[str]:
        """What is typed or pasted at once, which may have several lines. Ends with Ctrl-D; raises ``KeyboardInterrupt`` for
        Ctrl-C on an empty line."""
        while True:
            try:
                line = await self._session.prompt_async(self._prompt)
            except EOFError:
                return
            yield line


def _keys() -> "KeyBindings":
    """Ctrl-C takes back what is being typed, and on an empty line ends the chat."""
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

    keys = KeyBindings()

    @keys.add("c-c")
    @keys.add("<sigint>")
    def _(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.exit(exception=KeyboardInterrupt())

    return keys


def above_the_line() -> AbstractContextManager[None]:
    """While this is open, whatever is printed stands above the line that is being typed."""
    from prompt_toolkit.patch_stdout import patch_stdout

    return patch_stdout(raw=True)
