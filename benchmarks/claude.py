"""The Claude engine over the fake API of the tests: what our own code adds to a call, and how many tokens the example workspace
takes. Printed by ``make bench``."""

import contextlib
import io
import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from adapters.engine.claude.pictures import read_pictures
from bot.replay import replay
from bot.wiring import Parts
from core.domain.costs import Call
from core.domain.dialogue import Line, Picture
from core.domain.people import Role
from core.domain.tasks import Request
from core.prompts.requests import generate_request, identify_request
from tests.fakes.asked import SAID, generate, identify, line, passage
from tests.fakes.claude.offline_model import OfflineModel
from tests.fakes.claude.opened import At, claude_engine
from tests.fakes.claude.said import say_json, say_text
from tests.fakes.replayed import EXAMPLES, Replayed, settings_in

CALLS = 200
WARM = 10
SCREEN = (2880, 1800)
LOOKS = 20
HOT = ("identify", "rewrite", "generate")


async def claude_bench() -> None:
    """Print both."""
    with tempfile.TemporaryDirectory(prefix="vigil-bench-") as folder:
        home = Path(folder)
        await _tell_overhead(home, "", ())
        _draw(home / "screen.png")
        screen = (Picture("m1", "screen.png"),)
        await _tell_overhead(home, ", screenshot", screen)
        print(f"a screenshot of {SCREEN[0]} x {SCREEN[1]}, once     {await _first_look_ms(home, screen):8.1f} ms")
        await _tell_tokens(home)


def _draw(path: Path) -> None:
    """A window full of text."""
    image = Image.new("RGB", SCREEN, "white")
    draw = ImageDraw.Draw(image)
    for y in range(0, SCREEN[1], 40):
        draw.text((20, y), f"{y} {SAID} {SAID}", fill=(20, 20, 20), font_size=26)
    image.save(path)


async def _first_look_ms(home: Path, pictures: tuple[Picture, ...]) -> float:
    """What a picture costs that no call has had before; it is remembered for those that follow."""
    spent = []
    for n in range(LOOKS):
        os.utime(home / pictures[0].kept, (n, n))
        begun = time.perf_counter()
        await read_pictures(pictures, home)
        spent.append((time.perf_counter() - begun) * 1000)
    return statistics.median(spent)


async def _tell_overhead(home: Path, what: str, pictures: tuple[Picture, ...]) -> None:
    """Of each call the time of ``perform`` without that of the SDK's request, which is the provider's."""
    async with claude_engine(home) as at:
        at.claude.model = lambda body: (
            say_json({"reason": "an error", "class": "within_scope", "confidence": 0.9})
            if "format" in body["output_config"]
            else say_text(("Set it to 4. ", (0, 0, 1)), ("Then restart it.", (1, 0, 1)))
        )
        spent = [await _overhead_ms(at, _request(n, pictures)) for n in range(WARM + CALLS)][WARM:]
    p50, p95 = np.percentile(spent, [50, 95])
    print(f"our code per Claude call{what:<14} {p50:8.1f} ms   p95 {p95:.1f} ms")


def _request(n: int, pictures: tuple[Picture, ...]) -> Request[Any, Any]:
    """In turn a class and an answer, in a dialogue of twenty lines with four references."""
    said: tuple[Line, ...] = tuple(line(m, Role.REQUESTER, f"{SAID} {m}") for m in range(20))
    if n % 2:
        inputs = identify("why do uploads fail with 503?").inputs
        made: Request[Any, Any] = identify_request(replace(inputs, dialogue=said, known=(passage(1, SAID * 4),) * 4))
    else:
        asked = generate("why do uploads fail with 503?", *[SAID * 4] * 4).inputs
        made = generate_request(replace(asked, dialogue=said))
    return replace(made, pictures=pictures)


async def _overhead_ms(at: At, request: Request[Any, Any]) -> float:
    begun = time.perf_counter()
    await at.engine.perform(request)
    return (time.perf_counter() - begun) * 1000 - at.meter.calls[-1].ms


async def _tell_tokens(home: Path) -> None:
    """Replay the example with a model that judges as the offline engine, each task over the wire; four characters a token."""
    out = io.StringIO()
    async with claude_engine(home / "claude") as at:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            await replay(settings_in(home), EXAMPLES / "acme", None, as_json=True, wrap=_over_the_wire(at))
        assert at.claude.violations == []
    calls: dict[str, list[Call]] = defaultdict(list)
    for call in at.meter.calls:
        calls[call.task].append(call)
    for task, made in calls.items():
        _tell_task(task, made)
    turns = Replayed(out.getvalue(), home).of("turn")
    answered = sum(one["outcome"] == "answered" for turn in turns for one in turn["questions"])
    hot = [call for task in HOT for call in calls[task]]
    for what, some in (("to answer", hot), ("in all", at.meter.calls)):
        usd = sum(call.usd or 0.0 for call in some) / answered
        print(f"tokens per answered question, {what:<9} {_tokens(some) / answered:8,.0f}      {usd:.4f} US dollars")


def _over_the_wire(at: At) -> Callable[[Parts], Parts]:
    def wrap(parts: Parts) -> Parts:
        model = OfflineModel(parts.engine, at.engine)
        at.claude.model = model.says
        return replace(parts, engine=model)

    return wrap


def _tell_task(task: str, calls: list[Call]) -> None:
    usages = [call.usage for call in calls]
    read = sum(usage.input_tokens for usage in usages)
    cached = sum(usage.cached_tokens for usage in usages) / read
    said = sum(usage.output_tokens for usage in usages)
    each = f"{read / len(calls):8,.0f} in, {said / len(calls):,.0f} out"
    print(f"tokens of {task:<8} {len(calls):>5} calls        {each}, {cached:.0%} cached")


def _tokens(calls: list[Call]) -> int:
    return sum(call.usage.input_tokens + call.usage.output_tokens for call in calls)
