"""What reading documents promises, on the web and on files, and on the twin in memory."""

import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.documents.fetch import Limits
from adapters.documents.reach import Reach
from adapters.documents.reader import SafeDocuments
from core.domain.documents import Gone, Page, Seen, Unchanged
from core.domain.errors import CallerError
from core.ports.documents import Documents
from tests.fakes.documents import FakeDocuments
from tests.fakes.parsing import ParserHere
from tests.fakes.web import fake_web, network, page, reply


@dataclass
class Shelf:
    """Documents under test, and how to put one on the web or into a file, and to take it away."""

    documents: Documents
    web: str
    file: str
    put: Callable[[str, str], object]
    remove: Callable[[str], None]


@pytest.fixture(params=["real", "memory"])
async def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Shelf]:
    path = tmp_path / "guide.md"
    if request.param == "memory":
        fake = FakeDocuments()
        yield Shelf(fake, "https://docs.test/guide?v=1", str(path), fake.put, fake.remove)
        return
    async with fake_web() as web:

        def put(address: str, text: str) -> None:
            if address == str(path):
                path.write_text(f"# A page\n\n{text}\n", "utf-8")
            else:
                web.pages["/guide?v=1"] = reply(page(text))

        def remove(address: str) -> None:
            if address == str(path):
                path.unlink()
            else:
                del web.pages["/guide?v=1"]

        documents = SafeDocuments(Reach(ports=frozenset({web.port})), network(), Limits(), ParserHere())
        yield Shelf(documents, web.url("/guide?v=1"), str(path), put, remove)


async def test_a_page_is_read_and_known_again(shelf: Shelf) -> None:
    shelf.put(shelf.web, "It says this.")
    found = await shelf.documents.read(f"{shelf.web}#part")
    assert isinstance(found, Page)
    assert (found.address, found.url, found.title) == (shelf.web, shelf.web, "A page")
    assert [(s.heading, s.trail, s.text) for s in found.sections] == [("", (), "It says this.")]
    assert not found.with_credentials
    seen = Seen(found.digest, found.etag, found.modified)
    for place in ("", found.url):
        assert isinstance(await shelf.documents.read(shelf.web, replace(seen, place=place)), Unchanged)
    moved = await shelf.documents.read(shelf.web, replace(seen, place="https://docs.test/old"))
    assert isinstance(moved, Page), "what is elsewhere is told, also where it says the same"
    shelf.put(shelf.web, "It says that.")
    changed = await shelf.documents.read(shelf.web, seen)
    assert isinstance(changed, Page)
    assert changed.digest != found.digest


async def test_a_file_is_read_and_known_again(shelf: Shelf) -> None:
    shelf.put(shelf.file, "It says this.")
    found = await shelf.documents.read_file(os.path.relpath(shelf.file))  # noqa: ASYNC240  # touches no disk
    assert isinstance(found, Page)
    assert (found.address, found.url, found.title) == (shelf.file, shelf.file, "A page")
    assert isinstance(await shelf.documents.read_file(shelf.file, Seen(found.digest)), Unchanged)
    shelf.put(shelf.file, "It says that.")
    assert isinstance(await shelf.documents.read_file(shelf.file, Seen(found.digest)), Page)


async def test_what_was_taken_away_is_gone(shelf: Shelf) -> None:
    for address, read in ((shelf.web, shelf.documents.read), (shelf.file, shelf.documents.read_file)):
        shelf.put(address, "It says this.")
        found = await read(address)
        assert isinstance(found, Page)
        shelf.remove(address)
        gone = await read(address, Seen(found.digest))
        assert isinstance(gone, Gone)
        assert "v=1" not in gone.reason
        assert "not there any more" in gone.reason


async def test_a_file_is_read_by_no_address_and_an_address_by_no_path(shelf: Shelf) -> None:
    shelf.put(shelf.file, "The secret of this machine.")
    for address in (shelf.file, f"file://{shelf.file}", f"FILE:{shelf.file}", f"//localhost{shelf.file}"):
        with pytest.raises(CallerError, match="Only http"):
            await shelf.documents.read(address)
    shelf.put(shelf.web, "It says this.")
    with pytest.raises(CallerError, match="no file"):
        await shelf.documents.read_file(shelf.web)
