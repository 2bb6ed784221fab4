"""Labels tell what people did, as it stands now, and never who they are."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from core.domain.channels import Channel
from core.domain.ids import AnswerId, EntryId, RunId
from core.domain.knowledge import KnowledgeEntry
from core.domain.people import Person
from core.domain.records import Run
from core.domain.reviews import EntryRuling, Review, ReviewRecord, Verdict, Verdicts
from core.domain.tasks import ExtractInput, Extraction, Lesson
from core.evaluate.labels import labels_of
from core.knowledge.ledger import Because, retire, update
from core.learn.extract import entry_id
from core.learn.review import BY_RULE
from tests.unit.desk.clicking import ASKED, answered
from tests.unit.desk.support import ANALYST, CHANNEL, CUSTOMER, HOME, OTHER, Table, table

FIX = "Ana here: set `part_size=64`, Kim."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        yield one


async def _labels(desk: Table) -> list[Mapping[str, Any]]:
    async with desk.desk.records.read() as work:
        return [json.loads(json.dumps(row)) async for row in labels_of(work)]


async def test_an_accept_is_a_label_until_it_is_undone(desk: Table) -> None:
    await desk.know(ASKED)
    one = await answered(desk, f"{ASKED} thanks, Kim")
    await one.click()
    accept, identify = await _labels(desk)
    assert (accept["kind"], accept["label"], accept["question"]) == ("accept", "accepted", f"{ASKED} thanks, <name>")
    assert [(e["entry"], e["revision"]) for e in accept["entries"]] == [("known", 1)]
    assert (identify["dialogue"][0]["text"], identify["asked"]) == (f"{ASKED} thanks, <name>", [0])
    await one.click("undo_accept")
    assert await _labels(desk) == []
    await one.click()
    assert [row["kind"] for row in await _labels(desk)] == ["accept", "identify"]


async def test_customers_and_their_hosts_are_masked_and_the_teams_own_name_stays(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        await work.channels.put(Channel(CHANNEL, "ext-northwind", True, frozenset(["T0CUS"])))
        await work.channels.put(Channel(OTHER, "ext-globex", True, frozenset(["T0GLO"])))
    await desk.post("deployed", Person("UACME", "Acme Status", HOME, is_bot=True), channel=OTHER)
    asked = f"{ASKED} on db7.nwind.io, `acme-os` 2.7, since 2026-11-02 at Northwind, like GlobexStore 604800"
    await desk.know(asked)
    await (await answered(desk, asked)).click()
    accept, identify = await _labels(desk)
    masked = f"{ASKED} on <name>, `acme-os` 2.7, since 2026-11-02 at <name>, like <name>Store 604800"
    assert accept["question"] == identify["dialogue"][0]["text"] == masked


async def _lesson(desk: Table, confirmed: bool) -> KnowledgeEntry:
    """A thread that teaches what an analyst said."""

    def taught(inputs: ExtractInput) -> Extraction:
        said = tuple(line.id for line in inputs.dialogue if line.role == "analyst")
        return Extraction(Lesson("uploads", "fail", "", "Set `part_size=64`.", (), said, None, confirmed, 0.9))

    desk.engine.says["extract"] = taught
    ts = await desk.post(ASKED)
    await desk.wait(60)
    await desk.post(FIX, ANALYST, thread=ts)
    await desk.wait(700)
    (question,) = await desk.questions((await desk.session_of(ts)).id)
    async with desk.desk.records.read() as work:
        head = await work.ledger.head(entry_id(question))
    assert head is not None
    return head.after


@pytest.mark.parametrize(("confirmed", "label"), [(True, "confirmed"), (False, "standing")])
async def test_a_lesson_is_labelled_by_what_became_of_it(desk: Table, confirmed: bool, label: str) -> None:
    await _lesson(desk, confirmed)
    (row,) = await _labels(desk)
    assert (row["kind"], row["label"], row["asked"], row["taught"]) == ("extract", label, [0], [1])
    assert [line["role"] for line in row["dialogue"]] == ["requester", "analyst"]
    assert row["dialogue"][1]["text"] == "<name> here: set `part_size=64`, <name>."
    assert row["answer"] == "Set `part_size=64`."


@pytest.mark.parametrize(
    ("job", "retired", "label"),
    [
        ("review:q", True, "retired"), ("hand:x", True, "retired"), ("delete:m", True, None),
        ("review:q", False, "replaced"),
    ],
)  # fmt: skip
async def test_only_a_ruling_on_a_lesson_labels_it_as_wrong(
    desk: Table, job: str, retired: bool, label: str | None
) -> None:
    entry = await _lesson(desk, confirmed=False)
    because = Because("a test", job, desk.clock.now())
    async with desk.desk.records.begin() as work:
        await (retire(work, entry.id, because) if retired else update(work, entry, because))
    assert [row["label"] for row in await _labels(desk)] == ([label] if label else [])


async def test_what_was_deleted_since_is_left_out(desk: Table) -> None:
    await _lesson(desk, confirmed=False)
    aside = await desk.post("and by the way", CUSTOMER)
    await desk.wait(5)
    await desk.delete(aside)
    (row,) = await _labels(desk)
    assert "by the way" not in json.dumps(row)


async def test_a_review_comes_with_its_verdicts_and_without_authors(desk: Table) -> None:
    ts = await desk.post(ASKED, Person("UCUS", "Kim", "T0CUS"))
    await desk.wait(5)
    session = await desk.session_of(ts)
    (question,) = await desk.questions(session.id)
    inputs = json.dumps({"dialogue": [{"author": "Kim", "text": "Kim says no"}]})
    kept = Verdicts(AnswerId("a"), Verdict.KEEP, (EntryId("e"),), "an analyst agrees")
    record = ReviewRecord(
        Review((EntryRuling(1, Verdict.DELETE, "unsure"),)), (kept, replace(kept, verdict=Verdict.DELETE))
    )
    output = TypeAdapter(ReviewRecord).dump_json(record).decode()
    run = Run(RunId("r"), "review", "h", "m", desk.clock.now(), session.id, question.id, inputs, "[]", output)
    async with desk.desk.records.begin() as work:
        await work.turns.add_run(run)
        await work.turns.add_run(replace(run, id=RunId("s"), model=BY_RULE))
    (row,) = await _labels(desk)
    assert (row["kind"], row["label"]) == ("review", ["keep", "delete"])
    assert row["run"]["inputs"] == {"dialogue": [{"text": "<name> says no"}]}
    await desk.delete(ts)
    assert await _labels(desk) == []


async def test_an_entry_that_nobody_taught_here_makes_no_label(desk: Table) -> None:
    await desk.know(ASKED)
    async with desk.desk.records.read() as work:
        assert await work.ledger.head(EntryId("known")) is not None
    assert await _labels(desk) == []
