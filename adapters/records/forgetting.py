"""Forgetting: finding what is somebody's, taking it out, and the record that it was done."""

import json
from collections.abc import AsyncIterator, Collection, Sequence
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Column, RowMapping, bindparam, delete, false, or_, select, tuple_, update

from adapters.records import tables
from adapters.records.columns import Nested, clean
from adapters.records.database import Database, chunks, upsert
from adapters.records.events import forgotten_id, is_forgotten_id, ref_to_row
from adapters.records.ledger import keep_lineage, revision_to_row
from adapters.records.sessions import MESSAGE_IDS, PERSON
from adapters.records.turns import row_to_answer
from core.domain.answers import Answer
from core.domain.channels import ChannelRef
from core.domain.forgetting import Counts, Forgetting, WhomKind
from core.domain.ids import CardId, EntryId, MessageId, SessionId
from core.domain.knowledge import Revision
from core.domain.naming import names_in_json

_COUNTS: Final = Nested(lambda: TypeAdapter(Counts))
_PAGE = 2000
_LOOKED_AT = 100
_HELD = "early:"

_s, _m, _a, _c, _o, _r, _e, _f, _u, _x = (
    tables.sessions.c, tables.messages.c, tables.answers.c, tables.cited.c, tables.outbox.c, tables.revisions.c,
    tables.events.c, tables.feedback.c, tables.runs.c, tables.meta.c,
)  # fmt: skip
_SOURCES = (
    select(_r.row, _r.subject_id, _r.from_messages).where(_r.row > bindparam("place")).order_by(_r.row).limit(_PAGE)
)
_REWRITE = (
    update(tables.revisions)
    .where(_r.subject_id == bindparam("subject"), _r.n == bindparam("at_n"))
    .values(after=bindparam("image"), why=bindparam("because"), from_messages=bindparam("sources"), projected_at=None)
)
_RENAME = update(tables.events).where(_e.row == bindparam("at_row")).values(external_id=bindparam("now"))
_HEAD_N = select(_r.n).where(_r.subject_id == bindparam("subject")).order_by(_r.n.desc()).limit(1)


class SqlReach:
    """``Reach`` over every table that names a person, a channel or an entry."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def sessions_of(self, platform: str, person: str) -> list[SessionId]:
        """As the port says."""
        mark = f'"id":{json.dumps(clean(person), ensure_ascii=False)}'
        opened = select(_s.id, _s.opener).where(_s.platform == platform, _s.opener.contains(mark, autoescape=True))
        wrote = (
            select(_m.session, _m.author)
            .join_from(tables.messages, tables.sessions, _s.id == _m.session)
            .where(_s.platform == platform, _m.author.contains(mark, autoescape=True))
        )
        found = [(row[_s.id], row[_s.opener]) for row in await self._db.rows(opened)]
        found += [(row[_m.session], row[_m.author]) for row in await self._db.rows(wrote)]
        return sorted({SessionId(session) for session, who in found if PERSON.load(who).id == person})

    async def sessions_in(self, channel: ChannelRef) -> list[SessionId]:
        """As the port says."""
        here = [_s[name] == value for name, value in ref_to_row(channel).items()]
        return [SessionId(row[_s.id]) for row in await self._db.rows(select(_s.id).where(*here).order_by(_s.id))]

    async def taught(self, messages: Collection[MessageId]) -> list[EntryId]:
        """As the port says."""
        wanted, found, place = set(messages), set[EntryId](), 0
        while rows := await self._db.rows(_SOURCES, {"place": place}):
            place = rows[-1][_r.row]
            found |= {EntryId(r[_r.subject_id]) for r in rows if not wanted.isdisjoint(_sources(r))}
        return sorted(found)

    async def citing(self, entries: Collection[EntryId]) -> list[Answer]:
        """As the port says."""
        found: dict[str, Answer] = {}
        for some in chunks(entries):
            cited = select(tables.answers).join(tables.cited, _c.answer == _a.id).where(_c.entry.in_(some))
            found |= {row[_a.id]: row_to_answer(row) for row in await self._db.rows(cited)}
        return [found[one] for one in sorted(found)]

    async def cards_naming(self, words: Collection[str]) -> list[CardId]:
        """As the port says."""
        found: dict[int, CardId] = {}
        for some in chunks(words):
            async for row in _naming(self._db, some, _o.row, (_o.payload,), _o.card_id):
                found[row[_o.row]] = CardId(row[_o.card_id])
        return [found[row] for row in sorted(found)]


class SqlErasure:
    """``Erasure`` over ``runs``, ``events``, ``meta``, ``feedback``, ``outbox`` and ``people``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def runs(self, sessions: Collection[SessionId], words: Collection[str]) -> int:
        """As the port says."""
        gone = 0
        for some in chunks(sessions):
            gone += await self._db.write(delete(tables.runs).where(_u.session.in_(some)))
        named = await self._rows_naming(words, _u.row, _u.inputs, _u.evidence, _u.output)
        for rows in chunks(named):
            gone += await self._db.write(delete(tables.runs).where(_u.row.in_(rows)))
        return gone

    async def _rows_naming(self, words: Collection[str], at: Column[int], *columns: Column[str]) -> list[int]:
        found = [row[at] for some in chunks(words) async for row in _naming(self._db, some, at, columns)]
        return sorted(set(found))

    async def events(
        self,
        channels: Collection[ChannelRef],
        messages: Collection[tuple[ChannelRef, str]],
        people: Collection[str],
        words: Collection[str],
    ) -> int:
        """As the port says."""
        place = tuple_(_e.platform, _e.workspace, _e.channel)
        message = tuple_(_e.platform, _e.workspace, _e.channel, _e.message_id)
        named = await self._rows_naming([*people, *words], _e.row, _e.body)
        of = [
            *(place.in_(some) for some in chunks([_place(one) for one in channels])),
            *(message.in_(some) for some in chunks([(*_place(ref), clean(id_)) for ref, id_ in messages])),
            *(_e.row.in_(some) for some in chunks(named)),
        ]
        gone = 0
        for one in of:
            gone += await self._db.write(update(tables.events).where(one, _e.body != "").values(body=""))
        await self._rename(people)
        edits = _x.key.startswith(_HELD, autoescape=True) & _x.value.contains('"message_edited"')
        here = [_x.key.startswith(f"{_HELD}{one.key}:", autoescape=True) for one in channels]
        return gone + await self._db.write(delete(tables.meta).where(or_(false(), *here, *([edits] if people else []))))

    async def _rename(self, people: Collection[str]) -> None:
        """Events of some kinds have the person who did it in their id. What is renamed already would not be known again."""
        named = await self._rows_naming(people, _e.row, _e.external_id)
        for some in chunks(named):
            found = select(_e.row, _e.external_id).where(_e.row.in_(some))
            left = [row for row in await self._db.rows(found) if not is_forgotten_id(row[_e.external_id])]
            if left:
                ids = [{"at_row": row[_e.row], "now": forgotten_id(row[_e.external_id])} for row in left]
                await self._db.write(_RENAME, ids)

    async def feedback(self, actors: Collection[str], targets: Collection[str]) -> int:
        """As the port says."""
        changed = 0
        for some in chunks(actors):
            changed += await self._db.write(update(tables.feedback).where(_f.actor.in_(some)).values(actor="", text=""))
        for some in chunks(targets):
            said = _f.target.in_(some), _f.text != ""
            changed += await self._db.write(update(tables.feedback).where(*said).values(text=""))
        return changed

    async def cards(self, cards: Collection[CardId]) -> int:
        """As the port says."""
        return sum([await self._db.write(delete(tables.outbox).where(_o.card_id.in_(some))) for some in chunks(cards)])

    async def people(self, platform: str, people: Collection[str]) -> int:
        """As the port says."""
        p = tables.people.c
        of = [delete(tables.people).where(p.platform == platform, p.id.in_(some)) for some in chunks(people)]
        return sum([await self._db.write(one) for one in of])


class SqlForgettings:
    """``Forgettings`` over the tables ``forgettings`` and ``revisions``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def put(self, forgetting: Forgetting) -> None:
        """As the port says."""
        row = {
            "id": forgetting.id, "kind": forgetting.kind, "at": forgetting.at,
            "counts": _COUNTS.dump(forgetting.counts), "done_at": forgetting.done_at,
        }  # fmt: skip
        await self._db.write(upsert(tables.forgettings, "id"), row)

    async def all(self) -> list[Forgetting]:
        """As the port says."""
        rows = await self._db.rows(select(tables.forgettings).order_by(tables.forgettings.c.row))
        return [
            Forgetting(r["id"], WhomKind(r["kind"]), r["at"], _COUNTS.load(r["counts"]), r["done_at"]) for r in rows
        ]

    async def rewrite(self, revision: Revision) -> None:
        """As the port says."""
        row = revision_to_row(revision)
        await self._db.write(
            _REWRITE,
            {"subject": revision.subject_id, "at_n": revision.n, "image": row["after"], "because": row["why"],
             "sources": row["from_messages"]},
        )  # fmt: skip
        if await self._db.value(_HEAD_N, {"subject": revision.subject_id}) == revision.n:
            await keep_lineage(self._db, revision, anew=True)


def _sources(row: RowMapping) -> Sequence[MessageId]:
    return MESSAGE_IDS.load(row[_r.from_messages])


def _place(ref: ChannelRef) -> tuple[str, str, str]:
    return ref.platform, ref.workspace, ref.channel


async def _naming(
    db: Database, words: Collection[str], at: Column[int], columns: Sequence[Column[Any]], *more: Column[Any]
) -> AsyncIterator[RowMapping]:
    """The rows of which one of the columns, which are JSON, holds one of the words as a whole. The database finds where the
    letters are, in any case; a page at a time is looked at here."""
    written = [json.dumps(clean(word), ensure_ascii=False)[1:-1] for word in words]
    letters = or_(false(), *(column.contains(word, autoescape=True) for column in columns for word in written))
    place = 0
    while rows := await db.rows(select(at, *columns, *more).where(letters, at > place).order_by(at).limit(_LOOKED_AT)):
        place = rows[-1][at]
        for row in rows:
            if names_in_json([row[column] for column in columns], written):
                yield row
