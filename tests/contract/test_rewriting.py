"""A store that is written anew keeps what it holds and no byte of what it held before."""

from pathlib import Path

from adapters.knowledge_store import open_store
from core.domain.knowledge import SearchQuery, Viewer
from tests.contract.test_knowledge_store import AXES, DIM, NOW, entry, stored


def _holding(folder: Path, word: bytes) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and word in path.read_bytes().lower()]


async def test_nothing_of_what_was_replaced_or_dropped_stays_on_disk(tmp_path: Path) -> None:
    store = await open_store(str(tmp_path), "m", DIM)
    rows = [stored(entry(f"e{n}", f"ordinary words quokka{n:02}"), n % DIM) for n in range(40)]
    await store.put(rows)
    await store.maintain(NOW)
    await store.put([stored(entry("e12", "something else entirely"), 0, 2)])
    await store.put([], replacing=[rows[13].entry.id])
    await store.maintain(NOW)
    assert _holding(tmp_path, b"quokka12")
    await store.maintain(NOW, anew=True)
    assert _holding(tmp_path, b"quokka12") == _holding(tmp_path, b"quokka13") == []
    assert _holding(tmp_path, b"quokka14")
    again = await open_store(str(tmp_path), "m", DIM)
    for one in (store, again):
        assert (await one.inventory()) == {
            r.entry.id: 2 if r.entry.id == "e12" else 1 for r in rows if r is not rows[13]
        }
        found = await one.search(SearchQuery("quokka14", AXES[2], Viewer.operator(), NOW))
        assert found[0].entry.id == "e14"
        await one.put([stored(entry("new", "later words"), 1)])
    assert "new" in await store.inventory()


async def test_a_table_whose_writing_was_cut_off_is_indexed_when_it_is_opened(tmp_path: Path) -> None:
    store = await open_store(str(tmp_path), "m", DIM)
    await store.put([stored(entry("e1", "quokka words"), 0)])
    table = store._open
    for index in await table.list_indices():
        await table.drop_index(index.name)
    again = await open_store(str(tmp_path), "m", DIM)
    assert len(await table.list_indices()) == 2
    found = await again.search(SearchQuery("quokka", AXES[0], Viewer.operator(), NOW))
    assert found[0].lexical == 1.0
