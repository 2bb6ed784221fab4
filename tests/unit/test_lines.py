"""Lines that come through a pipe."""

import os
import threading
from collections.abc import Sequence

import pytest

from adapters.terminal.lines import MOST_BYTES, PipedLines
from adapters.terminal.typed import NotUnderstood, parse


async def read(*chunks: bytes) -> list[str]:
    out, into = os.pipe()

    def write(said: Sequence[bytes] = chunks) -> None:
        with os.fdopen(into, "wb", buffering=0) as pipe:
            for chunk in said:
                pipe.write(chunk)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        return [line async for line in PipedLines(out).lines()]
    finally:
        writer.join()
        os.close(out)


async def test_lines_come_whole_however_they_were_cut_on_the_way() -> None:
    snowman = "⛄".encode()
    assert await read(b"one\r\ntw", b"o\n\n", snowman[:1], snowman[1:] + b"\nlast") == ["one", "two", "", "⛄", "last"]


async def test_what_is_no_utf_8_is_replaced() -> None:
    assert await read(b"a\xffb\n") == ["a\ufffdb"]


async def test_nothing_typed_is_the_end() -> None:
    assert await read() == []


async def test_a_line_without_end_takes_no_more_memory_and_is_refused() -> None:
    first, second = await read(*[b"x" * 500_000] * 20, b"\nafter\n")
    assert MOST_BYTES <= len(first) < 2 * MOST_BYTES
    assert isinstance(parse(first), NotUnderstood)
    assert second == "after"


async def test_who_types_without_an_editor_sees_who_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    out, into = os.pipe()
    os.write(into, b"hello\n")
    os.close(into)
    assert [line async for line in PipedLines(out, lambda: "1 Anna > ").lines()] == ["hello"]
    os.close(out)
    assert capsys.readouterr().err == "1 Anna > 1 Anna > "
