"""The process that parses: it can be killed, it dies alone, and it comes back."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.documents.kinds import Kind
from adapters.documents.parse_process import CPU_S, OPEN_FILES
from adapters.documents.worker import MEMORY_BYTES, Worker
from core.domain.errors import CallerError
from tests.fakes.pdf import pdf_of

PAGE = b"<h1>T</h1><h2 id=a>Head</h2><p>Objects are kept.</p>"


@pytest.fixture
async def worker() -> AsyncIterator[Worker]:
    one = Worker()
    yield one
    await one.close()


async def test_each_kind_comes_back_cut_into_sections(worker: Worker) -> None:
    for kind, body in (
        (Kind.HTML, PAGE),
        (Kind.MARKDOWN, b"# T\n## Head\nObjects are kept."),
        (Kind.PLAIN, b"Title\n=====\n\nHead\n----\nObjects are kept."),
        (Kind.PDF, pdf_of([["Head", "Objects are kept."]], [("Head", 0, None)], title="T")),
    ):
        parsed = await worker.parse(kind, body, "", "it")
        assert (parsed.sections[0].heading, parsed.sections[0].text) == ("Head", "Objects are kept."), kind


async def test_one_process_serves_many_and_without_secrets(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "hunter2")
    await asyncio.gather(*(worker.parse(Kind.HTML, PAGE, "", "it") for _ in range(5)))
    assert worker._process is not None
    environment = Path(f"/proc/{worker._process.pid}/environ")
    assert b"hunter2" not in await asyncio.to_thread(environment.read_bytes)
    first = worker._process.pid
    await worker.parse(Kind.HTML, PAGE, "", "it")
    assert worker._process.pid == first


async def test_after_a_refusal_the_next_document_meets_a_new_process(worker: Worker) -> None:
    await worker.parse(Kind.HTML, PAGE, "", "it")
    assert worker._process is not None
    first = worker._process.pid
    with pytest.raises(CallerError, match="no text"):
        await worker.parse(Kind.HTML, b"<p></p>", "", "it")
    await worker.parse(Kind.HTML, PAGE, "", "it")
    assert worker._process.pid != first


async def test_the_process_may_do_little(worker: Worker) -> None:
    await worker.parse(Kind.HTML, PAGE, "", "it")
    assert worker._process is not None
    limits = await asyncio.to_thread(Path(f"/proc/{worker._process.pid}/limits").read_text, "ascii")
    soft = {line[:25].strip(): line[25:].split()[0] for line in limits.splitlines()[1:]}
    assert soft["Max address space"] == str(MEMORY_BYTES)
    assert [soft[f"Max {what}"] for what in ("file size", "processes", "core file size")] == ["0"] * 3
    assert soft["Max open files"] == str(OPEN_FILES)
    assert CPU_S <= int(soft["Max cpu time"]) < CPU_S + 60


async def test_what_takes_too_much_processor_time_is_ended_by_the_system() -> None:
    program = (
        "from adapters.documents import parse_process as p; p.CPU_S = 1;"
        "p.parsed = lambda *_: all(True for _ in iter(int, 1)); p.main(2_000_000_000)"
    )
    worker = Worker(command=(sys.executable, "-c", program))
    with pytest.raises(CallerError, match="damaged, or too big"):
        await worker.parse(Kind.HTML, PAGE, "", "it")
    assert worker._process is None


async def test_a_process_that_was_killed_costs_one_document(worker: Worker) -> None:
    await worker.parse(Kind.HTML, PAGE, "", "it")
    assert worker._process is not None
    os.kill(worker._process.pid, signal.SIGSTOP)
    task = asyncio.create_task(worker.parse(Kind.HTML, PAGE, "", "it"))
    await asyncio.sleep(0)
    os.kill(worker._process.pid, signal.SIGKILL)
    with pytest.raises(CallerError, match="damaged, or too big"):
        await task
    assert (await worker.parse(Kind.HTML, PAGE, "", "it")).sections


@pytest.mark.parametrize(
    "program",
    ["import time; time.sleep(600)", "import time; print('12', flush=True); time.sleep(600)"],
)
async def test_what_hangs_is_killed(program: str) -> None:
    worker = Worker(parse_s=0.2, command=(sys.executable, "-c", program))
    with pytest.raises(CallerError, match=r"longer than 0\.2 s"):
        await worker.parse(Kind.HTML, PAGE, "", "it")
    assert worker._process is None


@pytest.mark.parametrize("answer", ["", "x\n", "-1\n", "5\nab", "3\n[[]\n", "999999999999\n", "2\n[]"])
async def test_an_answer_that_is_none_is_told(answer: str) -> None:
    program = f"import sys; sys.stdin.buffer.readline(); sys.stdin.buffer.read({len(PAGE)}); print({answer!r}, end='')"
    worker = Worker(command=(sys.executable, "-c", program))
    with pytest.raises(CallerError, match="damaged"):
        await worker.parse(Kind.HTML, PAGE, "", "it")
    await worker.close()


async def test_a_reader_that_was_cancelled_leaves_no_answer_behind(worker: Worker) -> None:
    await worker.parse(Kind.HTML, PAGE, "", "it")
    task = asyncio.create_task(worker.parse(Kind.HTML, b"<p>slow</p>" * 20_000, "", "it"))
    await asyncio.sleep(0)  # it has begun
    assert worker._one.locked()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await worker.parse(Kind.HTML, PAGE, "", "it")).sections[0].text == "Objects are kept."


async def test_it_leaves_when_nobody_needs_it_and_comes_again() -> None:
    worker = Worker(idle_s=0)
    await worker.parse(Kind.HTML, PAGE, "", "it")
    process = worker._process
    assert process is not None
    assert await process.wait() == 0
    assert (await worker.parse(Kind.HTML, PAGE, "", "it")).sections
    await worker.close()
    del worker, process
    gc.collect()  # nothing is left open, or the warning fails this test


async def test_what_takes_too_much_memory_is_told_and_the_next_one_served() -> None:
    worker = Worker(memory_bytes=150_000_000)
    assert (await worker.parse(Kind.HTML, PAGE, "", "it")).sections
    with pytest.raises(CallerError, match="too big to be taken apart"):
        await worker.parse(Kind.HTML, b"<i>a</i><b>b</b>" * 200_000, "", "it")
    assert (await worker.parse(Kind.HTML, PAGE, "", "it")).sections
    await worker.close()
