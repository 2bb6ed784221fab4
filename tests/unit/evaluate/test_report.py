"""What a report holds, for people and for programs."""

from dataclasses import replace

import pytest

from core.domain.dialogue import Line
from core.domain.errors import TransientError
from core.domain.ids import MessageId
from core.domain.people import Role, RoleBasis
from core.domain.tasks import RewriteInput, Usage
from core.evaluate.counting import Counting, TaskCost
from core.evaluate.metrics import Measured
from core.evaluate.report import Origin, Report, markdown
from core.evaluate.rows import START
from core.prompts.requests import rewrite_request
from tests.fakes.engine import FakeEngine

ASKED = RewriteInput((), (Line(MessageId("m"), Role.REQUESTER, RoleBasis.HOME, "Kim", "cold", START),))
COSTS = (
    TaskCost("generate", 3, 1, ("large-1",), Usage(1200, 90, 1000, 40), 812.4, 0.0123),
    TaskCost("rewrite", 5, 0, ("small-1",), Usage(700, 60), 210.0, 0.0004),
)
DONE = Report(
    "answer", 4, {"f1": Measured(0.5, 0.25, 0.75, 3)}, 12.3, ("One was not judged.",),
    Origin("claude", "vigil eval answer rows.jsonl --corpus docs.jsonl", COSTS),
)  # fmt: skip


def test_a_page_holds_figures_with_intervals_costs_notes_and_how_to_repeat_it() -> None:
    page = markdown(DONE)
    assert "4 rows in 12 s. Engine: claude (large-1, small-1)." in page
    assert "| f1 | 0.500 | 0.250 to 0.750 | 3 |" in page
    assert "| generate | 3 | 1 | 1200 | 1000 | 90 | 812 | 0.0123 |" in page
    assert "| all |  |  |  |  |  |  | 0.0127 |" in page
    assert "\nOne was not judged.\n" in page
    assert page.endswith("```\nvigil eval answer rows.jsonl --corpus docs.jsonl\n```\n")


def test_the_line_for_programs_holds_the_same() -> None:
    line = DONE.as_json()
    assert (line["metrics"], line["interval"], line["over"]) == ({"f1": 0.5}, {"f1": [0.25, 0.75]}, {"f1": 3})
    assert (line["engine"], line["models"], line["command"]) == (
        "claude", ["large-1", "small-1"], "vigil eval answer rows.jsonl --corpus docs.jsonl",
    )  # fmt: skip
    assert line["usd"] == pytest.approx(0.0127)
    assert line["notes"] == ["One was not judged."]
    assert line["tasks"] == {
        "generate": {
            "calls": 3, "failed": 1, "input_tokens": 1200, "cached_tokens": 1000, "written_tokens": 40, "output_tokens": 90,
            "mean_ms": 812.4, "usd": 0.0123,
        },
        "rewrite": {
            "calls": 5, "failed": 0, "input_tokens": 700, "cached_tokens": 0, "written_tokens": 0, "output_tokens": 60,
            "mean_ms": 210.0, "usd": 0.0004,
        },
    }  # fmt: skip


def test_a_price_that_is_not_known_is_said_to_be_so_and_not_guessed() -> None:
    assert DONE.origin is not None
    unpriced = replace(DONE, origin=replace(DONE.origin, costs=(replace(COSTS[0], usd=None), COSTS[1])))
    assert unpriced.as_json()["usd"] is None
    assert "| all |  |  |  |  |  |  | not known |" in markdown(unpriced)


def test_a_report_without_an_origin_still_tells_its_figures() -> None:
    bare = replace(DONE, origin=None)
    assert "engine" not in bare.as_json()
    assert "## Cost" not in markdown(bare)


async def test_calls_are_counted_by_task_with_their_price_and_failures_apart() -> None:
    engine = FakeEngine()
    counting = Counting(engine, lambda model, usage: 0.25 if model == "fake/1" and usage == Usage() else None)
    for _ in range(2):
        await counting.perform(rewrite_request(ASKED))
    engine.says["rewrite"] = TransientError("It took too long.")
    with pytest.raises(TransientError):
        await counting.perform(rewrite_request(ASKED))
    assert counting.costs() == (TaskCost("rewrite", 2, 1, ("fake/1",), Usage(), 1.0, 0.5),)
    assert (counting.name, counting.quotes, counting.remote) == ("fake", True, False)
