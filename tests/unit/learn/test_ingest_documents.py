"""Which links are read, in which form an address is known, and what a page becomes (DESIGN 6)."""

from datetime import UTC, datetime

import pytest

from core.domain.documents import DOCUMENT, Page, Section
from core.domain.errors import CallerError
from core.domain.knowledge import INTERNAL, SHARED, Audience, EntryStatus
from core.learn.ingest_documents import (
    FILE,
    MASKED,
    PLATFORM,
    audience_for,
    document_id,
    entry_of,
    is_about,
    links_of,
    why_not,
)
from core.text.addresses import canonical

AT = datetime(2026, 11, 2, tzinfo=UTC)


def page(text: str = "Set part_size=64.", **changes: object) -> Page:
    known = {"address": "https://a.example/x", "url": "https://a.example/x", "title": "T", "digest": "d"}
    return Page(sections=(Section("H", text),), **(known | changes))  # type: ignore[arg-type]  # a test names fields of a page


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://a.example/x.", ["https://a.example/x"]),
        ("(https://a.example/x_(y))", ["https://a.example/x_(y)"]),
        ("the docs (https://a.example/x)", ["https://a.example/x"]),
        ("https://a.example/x#one https://A.example:443/x#two", ["https://a.example/x"]),
        ("看 https://a.example/x，谢谢", ["https://a.example/x"]),
        ("`https://a.example/x` ```\nhttps://b.example\n```", []),
        ("http://a.example ftp://b.example mailto:a@b.example a.example/x", ["http://a.example/"]),
        ("https:// http://[::1 https://:80/ http://a:99999/", []),
        ("https://[2001:db8::1]:8443/x", ["https://[2001:db8::1]:8443/x"]),
        ("", []),
    ],
)
def test_links_are_what_somebody_shares(text: str, found: list[str]) -> None:
    assert links_of(text) == found


def test_many_links_are_found_in_linear_time() -> None:
    assert len(links_of(" ".join(f"https://a.example/{n})))" for n in range(20_000)))) == 20_000
    assert links_of("https://" * 100_000) in ([], links_of("https://" * 100_000))


def test_tracking_and_fragment_make_no_other_page_but_a_query_does() -> None:
    assert canonical("https://a.example/x?utm_source=s&gclid=1#f") == "https://a.example/x"
    assert canonical("https://a.example/x?page=2&utm_medium=m") == "https://a.example/x?page=2"
    assert canonical("https://a.example/x?q=a%20b") == "https://a.example/x?q=a%20b"


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://acme.slack.com/archives/C1/p1", PLATFORM),
        ("https://notslack.com/", ""),
        ("https://meet.google.com/abc", PLATFORM),
        ("https://a.example/x.ZIP", FILE),
        ("https://a.example/x.pdf", ""),
        ("https://a.example/?key=<secret>", MASKED),
        ("https://ana:hunter2hunter2@a.example/", MASKED),
        ("https://a.example/guide", ""),
    ],
)
def test_what_is_not_asked_for_says_why(address: str, reason: str) -> None:
    assert why_not(address) == reason


def test_who_may_see_a_page() -> None:
    inside = page(with_credentials=True)
    assert audience_for(page(), "T1") == SHARED
    assert audience_for(inside, "T1") == Audience.customer("T1")
    assert audience_for(inside, None) == INTERNAL
    assert document_id("https://a.example/x", SHARED) != document_id("https://a.example/x", INTERNAL)


def test_a_page_is_kept_without_secrets_and_a_file_without_its_path() -> None:
    entry = entry_of(
        page("password=Tr0ub4dor&3xyz is set"), document_id("x", SHARED), SHARED, EntryStatus.ACTIVE, (AT, AT)
    )
    assert (entry.kind, entry.url, entry.language) == (DOCUMENT, "https://a.example/x", "en")
    assert "Tr0ub4dor" not in entry.answer
    file = page(address="/home/ana/secret plans.md", url="/home/ana/secret plans.md")
    kept = entry_of(file, document_id("x", SHARED), SHARED, EntryStatus.ACTIVE, (AT, AT))
    assert (kept.url, "secret plans" in repr(kept)) == ("", False)


@pytest.mark.parametrize(
    "one",
    [
        page(""),
        Page(address="", url="", title="T", sections=(), digest="d"),
        page(url="https://a:pw12345678@a.example/"),
    ],
)
def test_a_page_without_text_or_with_a_secret_in_its_address_is_refused(one: Page) -> None:
    with pytest.raises(CallerError):
        entry_of(one, document_id("x", SHARED), SHARED, EntryStatus.ACTIVE, (AT, AT))


def test_a_page_is_about_a_thread_that_it_shares_words_with() -> None:
    uploads = page("Multipart uploads fail with SlowDown when a bucket is busy.")
    assert is_about(uploads, ["why do my uploads fail?"])
    assert not is_about(uploads, ["where do we eat lunch today?", "  "])
    assert is_about(uploads, ["为什么上传会失败？"]), "words of another language cannot tell"
