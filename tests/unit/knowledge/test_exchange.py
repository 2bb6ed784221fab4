"""Entries as lines and back (DESIGN 11): what is read is what was written, and a bad line is named."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.documents import DOCUMENT
from core.domain.errors import CallerError
from core.domain.ids import EntryId, MessageId
from core.domain.knowledge import (
    ENTRY,
    INTERNAL,
    QA,
    SHARED,
    Audience,
    ChangeKind,
    EntryStatus,
    KnowledgeEntry,
    Revision,
    Viewer,
)
from core.domain.people import Role
from core.knowledge import exchange
from core.knowledge.exchange import line_of, parsed, planned, too_long, wider
from core.knowledge.forgetting import emptied
from core.knowledge.ledger import Because

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
BECAUSE = Because("imported", "hand:import:1", NOW)
T1 = Audience.customer("T1")


def revision(n: int = 1, name: str = "a", **more: Any) -> Revision:
    image: dict[str, Any] = {
        "id": EntryId(name), "kind": QA, "audience": SHARED, "title": "t", "answer": "Set it.", "created_at": NOW,
        "updated_at": NOW, **more,
    }  # fmt: skip
    change = ChangeKind.ADDED if n == 1 else ChangeKind.UPDATED
    sources = (MessageId("m1"), MessageId("m2"))
    return Revision(
        subject_kind=ENTRY, subject_id=image["id"], n=n, change=change, after=KnowledgeEntry(**image), at=NOW, why="w",
        job="extract:1", from_messages=sources,
    )  # fmt: skip


words = st.sampled_from(["", "Set `part_size=64`.", "分片上传", 'a "b"\n\tc\\', "🙂", "a\u2028b"])
entries = st.builds(
    KnowledgeEntry, id=st.sampled_from([EntryId("a"), EntryId("o'b")]), kind=st.just(QA),
    audience=st.sampled_from([SHARED, INTERNAL, T1]), title=words, answer=words.filter(bool), question=words,
    created_at=st.just(NOW), updated_at=st.datetimes(timezones=st.just(UTC)), status=st.sampled_from(EntryStatus),
    conditions=words, keys=st.lists(words).map(tuple), expires_at=st.none() | st.just(NOW), confirmations=st.integers(0, 9),
    derived_from=st.lists(st.just(EntryId("b"))).map(tuple), taught_by=st.sampled_from(Role), object=words, symptom=words,
    url=st.just(""), anchor=st.just(""), language=st.just("en"), confirmed_at=st.none() | st.just(NOW), uses=st.just(0),
)  # fmt: skip


@given(entries)
def test_what_is_written_is_read_back(entry: KnowledgeEntry) -> None:
    one = replace(revision(), subject_id=entry.id, after=entry)
    assert parsed([line_of(one)]) == {entry.id: [(1, one)]}


def test_documents_longer_than_one_that_is_read_are_named_and_what_people_said_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exchange, "MOST_CHARACTERS", 3_000)
    monkeypatch.setattr(exchange, "MOST_PARTS", 2)
    long, many = "word " * 700, "word " * 500
    rows = [
        revision(name="long", kind=DOCUMENT, answer=long), revision(name="many", kind=DOCUMENT, answer=many),
        revision(name="was", kind=DOCUMENT, answer=long), revision(2, "was", kind=DOCUMENT, answer="word " * 300),
        revision(name="said", answer=long),
    ]  # fmt: skip
    assert too_long(parsed([line_of(one) for one in rows])) == {
        "long": "Line 1: document long was left out: it has 3,500 characters of text, and at most 3,000 are kept of one. "
        "Learn its chapters one by one.",
        "many": "Line 2: document many was left out: it has 3 parts, and at most 2 are kept of one. Learn its chapters "
        "one by one.",
    }


@pytest.mark.parametrize(
    "url",
    [
        "/etc/passwd", "file:///etc/passwd", "javascript:alert(1)", "https://Docs.example.com", "https://a.example/#part",
        "https://jo:hidden@a.example/", "https://a.example/?token=ghp_16C7e42F292c6912E7710c838347Ae178B4a", "//a.example/x",
    ],
)  # fmt: skip
def test_an_address_that_no_page_has_is_refused_with_its_line(url: str) -> None:
    with pytest.raises(CallerError, match="Line 1: its url is no plain http or https address") as refused:
        parsed([line_of(revision(kind=DOCUMENT, url=url))])
    assert "hidden" not in refused.value.sentence
    assert parsed([line_of(revision(kind=DOCUMENT, url="https://a.example/x?page=2"))])


def test_secrets_in_a_file_are_masked() -> None:
    secret = "AKIA" + "IOSFODNN7EXAMPLQ"
    ((_, read),) = parsed([line_of(revision(answer=f"Use the access key {secret}."))])[EntryId("a")]
    assert secret not in read.after.answer


def _changed(**more: object) -> Callable[[dict[str, Any]], object]:
    return lambda line: line.update(more)


BAD: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("no revision of version 1", _changed(v=2)),
    ("no revision of version 1", _changed(type="entry")),
    ("no entry", _changed(entry="text")),
    ("job is missing", lambda line: line.pop("job")),
    ("surprise is missing, or no field", _changed(surprise=1)),
    ("colour is missing, or no field", lambda line: line["entry"].update(colour="red")),
    ("n is not usable", _changed(n="many")),
    ("change is not usable", _changed(change="burned")),
    ("status is not usable", lambda line: line["entry"].update(status="new")),
    ("a time has no time zone", _changed(at="2026-11-02T09:00:00")),
    ("no answer", lambda line: line["entry"].update(answer="  ")),
    ("no id", lambda line: line["entry"].update(id="")),
    ("a count is too low", _changed(n=0)),
    ("its audience is neither", lambda line: line["entry"].update(audience="everybody")),
    ("its audience is neither", lambda line: line["entry"].update(audience="customer:")),
    ("audience.value is not usable", lambda line: line["entry"].update(audience=None)),
]


@pytest.mark.parametrize(("says", "spoil"), BAD)
def test_a_bad_line_is_named(says: str, spoil: Callable[[dict[str, Any]], object]) -> None:
    bad = json.loads(line_of(revision(2)))
    spoil(bad)
    with pytest.raises(CallerError, match=rf"^Line 3: .*{says}.*Nothing was imported\.$"):
        parsed([line_of(revision()), "", json.dumps(bad)])


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "[]", "1", "null", "\ufeff{}", '"\ud800"'])
def test_what_is_no_line_is_named(text: str) -> None:
    with pytest.raises(CallerError, match="Line 1: "):
        parsed([text])


@pytest.mark.parametrize("order", [(1, 1), (1, 3), (2, 3), (3, 1)])
def test_a_history_has_no_gaps(order: tuple[int, int]) -> None:
    with pytest.raises(CallerError, match=r"Line 2: revision . of entry a does not follow"):
        parsed([line_of(revision(n)) for n in order])


def _plan(*lines: Revision, heads: tuple[Revision, ...] = (), update: bool = False) -> Any:
    known: dict[EntryId, list[Revision]] = {}
    for one in heads:
        known.setdefault(one.subject_id, []).append(one)
    return planned(parsed([line_of(one) for one in lines]), known, BECAUSE, update=update)


def test_an_unknown_history_is_taken_whole_and_a_head_alone_begins_one() -> None:
    assert _plan(revision(), revision(2)).histories == ((revision(), revision(2)),)
    (((head),),) = _plan(revision(3)).histories
    assert (head.n, head.change, head.job, head.from_messages) == (1, ChangeKind.ADDED, "hand:import:1", ("m1", "m2"))
    assert head.after == revision(3).after
    assert head.why == "imported as it was at revision 3: w"


def test_what_is_known_as_it_is_changes_nothing() -> None:
    plan = _plan(revision(), heads=(revision(5),))
    assert (plan.histories, plan.changed, plan.same) == ((), (), 1)


def test_what_is_known_otherwise_is_refused_unless_it_may_change() -> None:
    other = revision(2, answer="Unset it.")
    with pytest.raises(CallerError, match="Line 2: entry a is known otherwise here: --update changes it"):
        _plan(revision(), other, heads=(revision(),))
    assert _plan(revision(), other, heads=(revision(),), update=True).changed == (other.after,)


def test_a_home_that_knows_more_is_left_as_it_is_by_an_older_file() -> None:
    later = revision(2, answer="Unset it.")
    for lines in ((revision(),), (revision(), later)):
        for update in (False, True):
            plan = _plan(*lines, heads=(revision(), later, revision(3, answer="Neither.")), update=update)
            assert (plan.histories, plan.changed, plan.same) == ((), (), 1)


def test_what_was_forgotten_here_is_not_brought_back_and_an_emptied_revision_is_carried_over() -> None:
    gone = emptied(revision().after)
    forgotten = replace(revision(), after=gone)
    plan = _plan(revision(), heads=(forgotten,), update=True)
    assert (plan.histories, plan.changed, plan.forgotten) == ((), (), 1)
    assert _plan(forgotten, revision(2)).histories == ((forgotten, revision(2)),)
    with pytest.raises(CallerError, match="Line 2: its entry is empty"):
        _plan(revision(), replace(revision(2), after=gone))


def test_no_import_shows_an_entry_to_more_people() -> None:
    with pytest.raises(CallerError, match="more people than now"):
        _plan(revision(audience=SHARED), heads=(revision(audience=T1),), update=True)
    assert len(_plan(revision(audience=T1), heads=(revision(audience=SHARED),), update=True).changed) == 1


@given(st.sampled_from([SHARED, INTERNAL, T1, Audience.customer("T2")]), st.sampled_from([SHARED, INTERNAL, T1]))
def test_wider_means_that_somebody_new_may_see_it(before: Audience, after: Audience) -> None:
    viewers = [Viewer.of_customer(one) for one in ("T1", "T2", None)]
    assert wider(before, after) == any(v.may_see(after) and not v.may_see(before) for v in viewers)


def test_times_keep_their_moment_whatever_their_zone() -> None:
    line = json.loads(line_of(revision()))
    line["at"] = (NOW + timedelta(hours=8)).replace(tzinfo=None).isoformat() + "+08:00"
    ((_, read),) = parsed([json.dumps(line)])[EntryId("a")]
    assert read.at == NOW
