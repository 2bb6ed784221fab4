"""What the knowledge store promises, on real LanceDB and on its twin in memory."""

import asyncio
import os
import resource
import shutil
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import lancedb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.knowledge_store import open_store
from adapters.knowledge_store.filters import one_of, quote
from adapters.knowledge_store.opening import TABLE
from adapters.knowledge_store.store import LanceStore
from core.domain.errors import FinalError, OlderStoreError, StoreMismatchError
from core.domain.ids import EntryId, part_id
from core.domain.knowledge import (
    CHUNK,
    INTERNAL,
    QA,
    SHARED,
    Audience,
    EntryStatus,
    KnowledgeEntry,
    SearchQuery,
    StoredEntry,
    Viewer,
)
from core.domain.people import Role
from core.ports.knowledge_store import KnowledgeStore
from tests.fakes.knowledge_store import MemoryKnowledgeStore
from tests.fakes.older import age_store

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
DIM = 4
AXES = np.eye(DIM, dtype=np.float32)


def entry(name: str, text: str = "text", audience: Audience = SHARED, **more: object) -> KnowledgeEntry:
    """An entry with only what matters to a test."""
    given_: dict[str, object] = {
        "kind": QA,
        "title": text,
        "question": text,
        "answer": text,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return KnowledgeEntry(id=EntryId(name), audience=audience, **{**given_, **more})  # type: ignore[arg-type] # by name


def stored(one: KnowledgeEntry, axis: int = 0, revision: int = 1) -> StoredEntry:
    """It as the projection keeps it, with the unit vector along an axis."""
    return StoredEntry(one, revision, AXES[axis], AXES[axis])


def query(text: str = "text", viewer: Viewer | None = None, axis: int = 0, **more: object) -> SearchQuery:
    """A look-up along an axis."""
    return SearchQuery(text, AXES[axis], viewer or Viewer((SHARED,)), NOW, **more)  # type: ignore[arg-type] # by name


@pytest.fixture
async def on_lance(tmp_path: Path) -> LanceStore:
    """An empty LanceDB table."""
    return await open_store(str(tmp_path / "k"), "model@1", DIM)


@pytest.fixture(params=["lance", "memory"])
def store(request: pytest.FixtureRequest) -> KnowledgeStore:
    """An empty store, real and its twin."""
    if request.param == "memory":
        return MemoryKnowledgeStore(DIM)
    made: LanceStore = request.getfixturevalue("on_lance")
    return made


async def test_an_empty_store_gives_nothing(store: KnowledgeStore) -> None:
    assert await store.search(query()) == []
    assert dict(await store.inventory()) == {}


async def test_both_legs_find_fresh_rows(store: KnowledgeStore) -> None:
    await store.put([stored(entry("near", "alpha"), 0), stored(entry("words", "uploads failing with timeout"), 1)])
    found = await store.search(query("upload fails"))
    assert {p.entry.id for p in found} == {"near", "words"}
    by_id = {p.entry.id: p for p in found}
    assert by_id[EntryId("near")].cosine == pytest.approx(1.0)
    assert by_id[EntryId("words")].cosine == pytest.approx(0.0)
    assert by_id[EntryId("words")].lexical == 1.0


async def test_chinese_words_are_found(store: KnowledgeStore) -> None:
    await store.put([stored(entry("zh", "分片上传时校验和错误"), 1), stored(entry("other", "证书过期"), 2)])
    found = await store.search(query("校验和", language="zh"))
    assert found[0].entry.id == "zh"


async def test_words_of_the_dialogue_decide_only_between_equals(store: KnowledgeStore) -> None:
    asked = entry("asked", "restore a version of a file")
    around = entry("around", "bucket policy region quota console")
    both = entry("both", "restore a version of a bucket")
    await store.put([stored(one, 1) for one in (asked, around, both)])
    context = "the bucket policy of our region; bucket quota in the console"
    assert [p.entry.id for p in await store.search(query("restore version", context=context))] == [
        "both",
        "asked",
        "around",
    ]


async def test_chinese_words_that_are_cut_otherwise_are_found_by_pairs(on_lance: LanceStore) -> None:
    await on_lance.put([stored(entry("zh", "增量同步任务卡住"), 1), stored(entry("en", "sync stuck"), 2)])
    (found, *_) = await on_lance.search(query("量同", language="zh"))
    assert found.entry.id == "zh"
    assert found.lexical == 0.0, "no word of it is known by itself"


@pytest.mark.parametrize(
    "text", ["", ":-)", "🙂🙂", "'; DROP TABLE entries; --", 'a "b" AND (c', "\x00", "x" * 100_000, "\ud800"]
)
async def test_any_text_can_be_looked_up(store: KnowledgeStore, text: str) -> None:
    await store.put([stored(entry("a"))])
    assert [p.entry.id for p in await store.search(query(text))] == ["a"]


async def test_an_entry_comes_back_as_it_was_put(store: KnowledgeStore) -> None:
    whole = entry(
        "whole", "t", Audience.customer("T'1"), object="o", symptom="s", conditions="c", keys=("K-1", "k2"), url="https://d.example",
        anchor="a", language="zh", expires_at=NOW + timedelta(days=1), confirmed_at=NOW, confirmations=3, uses=2,
        derived_from=(EntryId("x"),),
        taught_by=Role.REQUESTER,
    )  # fmt: skip
    await store.put([stored(whole, revision=7)])
    (found,) = await store.search(query("t", Viewer.operator()))
    assert (found.entry, found.revision) == (whole, 7)


async def test_put_replaces_by_id(store: KnowledgeStore) -> None:
    await store.put([stored(entry("a", "old"))])
    await store.put([stored(entry("a", "new"), revision=2), stored(entry("b", "other"), 1)])
    assert dict(await store.inventory()) == {"a": 2, "b": 1}
    assert (await store.search(query("new")))[0].entry.answer == "new"


async def test_each_kind_has_its_quota(store: KnowledgeStore) -> None:
    await store.put([stored(entry(f"q{i}")) for i in range(5)] + [stored(entry(f"c{i}", kind=CHUNK)) for i in range(5)])
    found = await store.search(query(kinds=((QA, 2), (CHUNK, 1))))
    assert sorted(p.entry.kind for p in found) == [CHUNK, QA, QA]


async def test_what_is_put_anew_is_found_as_it_is_now(store: KnowledgeStore) -> None:
    await store.put([stored(entry("a", "alpha")), stored(entry("b", "beta"), axis=1)])
    before = {str(p.entry.id): p for p in await store.search(query())}
    await store.put([stored(entry("a", "alpha"), axis=1), stored(entry("b", "gamma"), axis=1, revision=2)])
    after = {str(p.entry.id): p for p in await store.search(query())}
    assert [before["a"].cosine, after["a"].cosine] == [1.0, 0.0]
    assert [before["b"].entry.answer, after["b"].entry.answer, after["b"].revision] == ["beta", "gamma", 2]


async def test_what_another_process_changes_is_found_as_it_is_now(tmp_path: Path, on_lance: LanceStore) -> None:
    await on_lance.put([stored(entry("a", "alpha")), stored(entry("b", "alpha"))])
    assert [p.entry.answer for p in await on_lance.search(query())] == ["alpha", "alpha"]
    other = await open_store(str(tmp_path / "k"), "model@1", DIM)
    retired = entry("b", "alpha", status=EntryStatus.RETIRED)
    await other.put([stored(entry("a", "beta"), revision=2), stored(retired, revision=2)])
    await on_lance.put([stored(entry("c", "gamma"))])  # its own write shows it the newest version at once
    found = {p.entry.answer: p.revision for p in await on_lance.search(query())}
    assert found == {"beta": 2, "gamma": 1}


async def test_a_kind_that_it_brings_in_itself_is_found(on_lance: LanceStore) -> None:
    await on_lance.put([stored(entry("a"))])
    await on_lance.search(query())
    await on_lance.put([stored(entry("b", kind=CHUNK))])
    assert {p.entry.id for p in await on_lance.search(query(kinds=((QA, 5), (CHUNK, 5))))} == {"a", "b"}


async def test_a_kind_that_another_process_brings_in_later_is_found(tmp_path: Path, on_lance: LanceStore) -> None:
    await on_lance.put([stored(entry("a"))])
    assert [p.entry.id for p in await on_lance.search(query())] == ["a"]
    other = await open_store(str(tmp_path / "k"), "model@1", DIM)
    await other.put([stored(entry("b", kind=CHUNK))])
    assert {p.entry.id for p in await other.search(query())} == {"a", "b"}
    await on_lance.put([stored(entry("c"))])  # its own write shows it the newest version at once
    assert {p.entry.id for p in await on_lance.search(query())} == {"a", "b", "c"}


async def test_ties_are_broken_by_id_whatever_the_order_of_writing(tmp_path: Path) -> None:
    names = [f"e{i}" for i in range(6)]
    lists: list[list[str]] = []
    for n, order in enumerate((names, names[::-1])):
        one = await open_store(str(tmp_path / str(n)), "model@1", DIM)
        for name in order:
            await one.put([stored(entry(name))])
        lists.append([p.entry.id for p in await one.search(query())])
    assert lists[0] == lists[1] == sorted(lists[0])


@pytest.mark.parametrize("status", [EntryStatus.CANDIDATE, EntryStatus.RETIRED])
async def test_only_active_entries_are_retrieved(store: KnowledgeStore, status: EntryStatus) -> None:
    await store.put([stored(entry("a", status=status))])
    assert await store.search(query(viewer=Viewer.operator())) == []


async def test_expired_entries_are_not_retrieved(store: KnowledgeStore) -> None:
    await store.put(
        [stored(entry("gone", expires_at=NOW)), stored(entry("holds", expires_at=NOW + timedelta(microseconds=1)))]
    )
    assert [p.entry.id for p in await store.search(query())] == ["holds"]


async def test_another_model_is_refused_and_reset_mends_it(tmp_path: Path) -> None:
    first = await open_store(str(tmp_path), "model@1", DIM)
    await first.put([stored(entry("a"))])
    with pytest.raises(StoreMismatchError, match="vigil kb rebuild"):
        await open_store(str(tmp_path), "model@2", DIM)
    again = await open_store(str(tmp_path), "model@2", DIM, anew=True)
    assert dict(await again.inventory()) == {}


async def test_a_vector_that_does_not_fit_writes_nothing(store: KnowledgeStore) -> None:
    bad = StoredEntry(entry("b"), 1, np.full(DIM, np.nan, dtype=np.float32), AXES[0])
    with pytest.raises(FinalError):
        await store.put([stored(entry("a")), bad])
    assert dict(await store.inventory()) == {}


TENANTS = ("T1", "T2", "t1", "o'brien", 'a"b', "T1' OR '1'='1", "T1') OR (1=1", "%", "_", "\\'", "客户", "T1\n--", "")
tenants = st.sampled_from(TENANTS) | st.text(max_size=8)
audiences = st.sampled_from([SHARED, INTERNAL]) | tenants.map(Audience.customer)
rows = st.lists(
    st.tuples(
        st.text(min_size=1, max_size=8),
        audiences,
        st.sampled_from(EntryStatus),
        st.sampled_from([None, -1, 0, 1]),  # expires so many microseconds from now
        st.sampled_from([QA, CHUNK]),
    ),
    max_size=20,
    unique_by=lambda row: row[0],
)
viewers = st.builds(Viewer.of_customer, st.none() | tenants) | st.builds(
    Viewer, st.lists(audiences, max_size=3).map(tuple)
)
Row = tuple[str, Audience, EntryStatus, int | None, str]


@settings(max_examples=40, deadline=None)
@given(rows, viewers)
def test_no_foreign_entry_is_ever_retrieved(rows: list[Row], viewer: Viewer) -> None:
    asyncio.run(_no_foreign(rows, viewer))


async def _no_foreign(rows: list[Row], viewer: Viewer) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(folder, "model@1", DIM)
        known = [
            entry(
                name, "text", audience, status=status, kind=kind,
                expires_at=None if ends is None else NOW + timedelta(microseconds=ends),
            )
            for name, audience, status, ends, kind in rows
        ]  # fmt: skip
        await store.put([stored(one, i % DIM) for i, one in enumerate(known)])
        found = await store.search(query(viewer=viewer, kinds=((QA, 20), (CHUNK, 20))))
        may = {
            one.id
            for one in known
            if viewer.may_see(one.audience)
            and one.status is EntryStatus.ACTIVE
            and (one.expires_at is None or one.expires_at > NOW)
        }
        assert {p.entry.id for p in found} == may


@given(st.text())
def test_quoting_doubles_every_quote_and_adds_two(text: str) -> None:
    quoted = quote(text)
    assert quoted[0] == quoted[-1] == "'"
    assert quoted[1:-1].replace("''", "").count("'") == 0
    assert quoted[1:-1].replace("''", "'") == text


def test_no_values_match_nothing() -> None:
    assert one_of("audience", []) == "false"


def test_a_killed_writer_loses_no_acknowledged_row(tmp_path: Path) -> None:
    script = textwrap.dedent(f"""
        import asyncio, sys
        sys.path.insert(0, {str(Path(__file__).resolve().parents[2])!r})
        from tests.contract.test_knowledge_store import DIM, entry, open_store, stored
        async def main():
            store = await open_store({str(tmp_path)!r}, "model@1", DIM)
            for i in range(10_000):
                await store.put([stored(entry(f"e{{i}}"))])
                print(i, flush=True)
        asyncio.run(main())
    """)
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env={**os.environ})
    assert child.stdout is not None
    for line in child.stdout:
        if int(line) >= 8:
            child.send_signal(signal.SIGKILL)
            break
    acknowledged = int(line)
    child.wait()
    child.stdout.close()
    assert {f"e{i}" for i in range(acknowledged + 1)} <= asyncio.run(_stored_ids(tmp_path))


async def _stored_ids(folder: Path) -> set[str]:
    store = await open_store(str(folder), "model@1", DIM)
    return set(await store.inventory())


async def test_a_document_leaves_no_part_behind_that_it_has_no_more(store: KnowledgeStore) -> None:
    document, parts = (
        EntryId("d1"),
        [stored(entry(part_id(EntryId("d1"), n), f"part {n}", kind=CHUNK)) for n in range(3)],
    )
    await store.put([*parts, stored(entry("d10", "another"))])
    await store.put([replace(parts[0], revision=2)], replacing=[document])
    assert await store.inventory() == {"d1": 2, "d10": 1}
    await store.put([], replacing=[document])
    assert await store.inventory() == {"d10": 1}


async def test_a_document_is_at_the_revision_of_its_oldest_part(store: KnowledgeStore) -> None:
    parts = [stored(entry(part_id(EntryId("d1"), n), kind=CHUNK), revision=2 - n) for n in range(2)]
    await store.put(parts)
    assert await store.inventory() == {"d1": 1}


async def test_a_full_disk_is_told_and_nothing_is_half_written(tmp_path: Path) -> None:
    one = await open_store(str(tmp_path), "model@1", DIM)
    await one.put([stored(entry("a"))])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.raises(FinalError, match="disk of the knowledge store is full"):
            await one.put([stored(entry("b"))])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert set(await one.inventory()) == {"a"}
    await one.put([stored(entry("b"))])
    assert set(await one.inventory()) == {"a", "b"}


async def test_an_older_table_is_emptied_by_who_holds_the_home_and_refused_to_others(tmp_path: Path) -> None:
    first = await open_store(str(tmp_path / "knowledge"), "model@1", DIM)
    await first.put([stored(entry("a"))])
    await age_store(tmp_path)
    with pytest.raises(OlderStoreError, match="another version of Vigil"):
        await open_store(str(tmp_path / "knowledge"), "model@1", DIM, holds=False)
    renewed = await open_store(str(tmp_path / "knowledge"), "model@1", DIM)
    assert dict(await renewed.inventory()) == {}
    await renewed.put([stored(entry("a"))])
    assert set(await (await open_store(str(tmp_path / "knowledge"), "model@1", DIM, holds=False)).inventory()) == {"a"}


@pytest.mark.parametrize("gone", ["data", "_versions"])
async def test_a_table_that_lost_its_files_is_not_said_to_be_of_another_version(tmp_path: Path, gone: str) -> None:
    first = await open_store(str(tmp_path), "model@1", DIM)
    await first.put([stored(entry("a"))])
    shutil.rmtree(tmp_path / "entries.lance" / gone)
    with pytest.raises(FinalError, match=r"cannot be read: run `vigil kb rebuild`"):
        await (await open_store(str(tmp_path), "model@1", DIM, holds=False)).inventory()
    assert dict(await (await open_store(str(tmp_path), "model@1", DIM, anew=True)).inventory()) == {}


async def test_a_table_that_names_no_version_is_not_said_to_be_of_another(tmp_path: Path) -> None:
    connection = await lancedb.connect_async(str(tmp_path))
    await connection.create_table(TABLE, pa.table({"id": ["a"]}))
    with pytest.raises(FinalError, match="cannot be read") as raised:
        await open_store(str(tmp_path), "model@1", DIM)
    assert not isinstance(raised.value, StoreMismatchError)
