"""Forgetting a person, a channel or a customer: everything that they said, wherever it went (DESIGN 6, 10).

All of it in the records happens in one transaction; killed before its end nothing is forgotten, behind it only the files want
cleaning, and a record says so. The caller holds the home's lock.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.desk.documents import DOCUMENT_KEY, LINK_KEY
from core.desk.forget_sessions import Scope, Tally, empty_answer, empty_cards, forget_in, reword_answer
from core.domain.forgetting import Counts, Forgetting, Whom, WhomKind
from core.domain.ids import EntryId, MessageId, SessionId, make_id
from core.domain.jobs import JobOrder, Lane
from core.domain.knowledge import KnowledgeEntry, Revision
from core.domain.sessions import Message, Session
from core.knowledge.forgetting import (
    Lost,
    as_lesson,
    forget_entry,
    forgets,
    forgotten_why,
    is_forgotten,
    reduce_entry,
    remains,
    words_of,
)
from core.knowledge.ledger import Because
from core.knowledge.projection import Projector
from core.ports.records import Records, UnitOfWork

PAGE = 500
Discard = Callable[[MessageId, Collection[str]], Awaitable[None]]
"""Deletes what is kept of a message but for some of it, as ``Attachments.discard`` does."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What a forgetting reaches: sessions that go whole, sessions of which a part goes, and the messages that go."""

    whole: tuple[Session, ...]
    partly: tuple[Session, ...]
    messages: tuple[Message, ...]


async def reached(work: UnitOfWork, whom: Whom) -> Reached:
    """Find the sessions and messages."""
    whole = [one for channel in whom.channels for one in await work.reach.sessions_in(channel.ref)]
    wrote = [one for platform, person in whom.people for one in await work.reach.sessions_of(platform, person.id)]
    partly = [one for one in dict.fromkeys(wrote) if one not in set(whole)]
    people = {person.id for _, person in whom.people}
    messages = [m for one in whole for m in await work.messages.of_session(one)]
    messages += [m for one in partly for m in await work.messages.of_session(one) if m.author.id in people]
    return Reached(tuple(await _sessions(work, whole)), tuple(await _sessions(work, partly)), tuple(messages))


async def _sessions(work: UnitOfWork, ids: Iterable[SessionId]) -> list[Session]:
    return [found for one in ids if (found := await work.sessions.get(one))]


async def discard_pictures(found: Reached, discard: Discard) -> None:
    """Delete the pictures first: once the messages are forgotten nobody knows any more which they were."""
    for message in found.messages:
        if any(one.kept for one in message.attachments):
            await discard(message.id, ())


async def forget(work: UnitOfWork, whom: Whom, now: datetime) -> Forgetting:
    """Take everything out of the records, and keep the record that it was done. Derived entries wait, cards that cited what
    goes are withdrawn while their sessions are open, and what others taught too is learned anew from them."""
    found = await reached(work, whom)
    names = _names(whom)
    lost = Lost.of(found.messages, names)
    scope = Scope(lost, frozenset(person.id for _, person in whom.people), names, now)
    name = make_id("forgetting", whom.kind, now.isoformat())
    because = Because(forgotten_why(now), forgets(name), now)
    entries, changed = await _entries(work, whom, found, lost, because)
    tally = Tally()
    for session in (*found.whole, *found.partly):
        await forget_in(work, session, replace(scope, whole=session in found.whole), tally)
    for answer in await work.reach.citing(entries):
        await empty_answer(work, answer, entries, tally)
    for answer in await work.reach.citing(changed):
        await reword_answer(work, answer, changed, scope, tally)
    cards = await _cards(work, found, [*entries, *changed], scope, tally)
    counts = Counts(
        sessions=tally.sessions, messages=tally.messages, questions=tally.questions, turns=tally.turns,
        attachments=sum(bool(a.kept) for m in found.messages for a in m.attachments), answers=len(tally.answers),
        cards=cards, entries=len(entries), entries_changed=len(changed),
        **await _rows(work, whom, found, entries, changed),
    )  # fmt: skip
    await work.jobs.order(now, JobOrder(Lane.PROJECT, "knowledge"))
    done = Forgetting(name, whom.kind, now, counts)
    await work.forgettings.put(done)
    return done


def _names(whom: Whom) -> tuple[str, ...]:
    people = [text for _, person in whom.people for text in (person.name, person.id) if text]
    customer = [whom.audience.value.partition(":")[2]] if whom.audience else []
    return tuple(dict.fromkeys((*people, *customer)))


async def _entries(
    work: UnitOfWork, whom: Whom, found: Reached, lost: Lost, because: Because
) -> tuple[list[EntryId], list[EntryId]]:
    """Empty the entries that go, take the words out of the others; gives those that went, and those that were changed. What is
    derived from one that goes is looked at without it, so that all are decided on before any is written."""
    said = [m.id for one in (*found.whole, *found.partly) for m in await work.messages.of_session(one.id)]
    looked_at = dict.fromkeys((*await work.reach.taught(said), *await _of_audience(work, whom)))
    gone: dict[EntryId, None] = {}
    before = (-1, -1)
    while before != (len(gone), len(looked_at)):
        before = len(gone), len(looked_at)
        for entry in [one for one in looked_at if one not in gone]:
            history = await work.ledger.history(entry)
            looked_at |= dict.fromkeys(await work.lineage.derived(entry))
            if history and not is_forgotten(history[-1].after) and await _left(work, history, whom, lost, gone) is None:
                gone[entry] = None
    for entry in gone:
        history = await work.ledger.history(entry)
        await _learn_again(work, history, lost, because.at)
        await forget_entry(work, history, because)
    stay = [one for one in looked_at if one not in gone]
    return list(gone), [one for one in stay if await _reduce(work, one, whom, lost, gone, because)]


async def _left(
    work: UnitOfWork, history: Sequence[Revision], whom: Whom, lost: Lost, gone: Collection[EntryId]
) -> KnowledgeEntry | None:
    """What the head says from now on; ``None`` where the entry goes."""
    head = history[-1]
    if whom.audience is not None and head.after.audience == whom.audience:
        return None
    lesson = as_lesson(head) if whom.keep_shared else None
    return lesson or remains(head, lost, await _kept(work, history, lost, gone), gone)


async def _reduce(
    work: UnitOfWork, entry: EntryId, whom: Whom, lost: Lost, gone: Collection[EntryId], because: Because
) -> bool:
    history = await work.ledger.history(entry)
    if not history or is_forgotten(history[-1].after):
        return False
    head = await _left(work, history, whom, lost, gone)
    assert head is not None, "what goes was decided before"
    kept = await _kept(work, history, lost, gone)
    lesson = whom.keep_shared and as_lesson(history[-1]) is not None
    return await reduce_entry(work, history, head, replace(lost, taught=frozenset()) if lesson else lost, kept, because)


async def _of_audience(work: UnitOfWork, whom: Whom) -> list[EntryId]:
    """The entries that ever were for nobody but the customer."""
    found: list[EntryId] = []
    after: EntryId | None = None
    while whom.audience and (page := await work.ledger.heads(after, PAGE)):
        for head in page:
            history = await work.ledger.history(head.subject_id)
            if any(one.after.audience == whom.audience for one in history):
                found.append(head.subject_id)
        after = page[-1].subject_id
    return found


async def _kept(work: UnitOfWork, history: Sequence[Revision], lost: Lost, gone: Collection[EntryId]) -> frozenset[str]:
    """The words of everything else that an entry was learned or derived from."""
    sources = dict.fromkeys(m for one in history for m in one.from_messages if m not in lost.messages)
    said = [found.text for m in sources if (found := await work.messages.get(m))]
    under = [await work.ledger.head(one) for one in dict.fromkeys(e for r in history for e in r.after.derived_from)]
    texts = [
        f"{h.after.answer}\n{h.after.title}\n{h.after.conditions}" for h in under if h and h.subject_id not in gone
    ]
    return words_of(*said, *texts)


async def _learn_again(work: UnitOfWork, history: Sequence[Revision], lost: Lost, now: datetime) -> None:
    """What an entry that goes was also learned from teaches it anew, without the forgotten words."""
    sources = dict.fromkeys(m for one in history for m in one.from_messages if m not in lost.messages)
    sessions = dict.fromkeys([found.session for m in sources if (found := await work.messages.get(m))])
    await work.jobs.order(now, *(JobOrder(Lane.LEARN, one) for one in sessions))


async def _cards(work: UnitOfWork, found: Reached, entries: Sequence[EntryId], scope: Scope, tally: Tally) -> int:
    whole = [one.id for one in found.whole]
    removed = await work.erasure.cards(await work.reach.cards_naming(whole)) if whole else 0
    naming = [*(one.id for one in found.partly), *entries, *scope.people, *scope.names]
    over = await empty_cards(work, await work.reach.cards_naming(naming), scope, tally) if naming else []
    await work.erasure.cards(over)
    return removed + tally.cards


async def _rows(
    work: UnitOfWork, whom: Whom, found: Reached, entries: Sequence[EntryId], changed: Sequence[EntryId]
) -> dict[str, int]:
    """Everything that is no session and no entry; gives how many rows by the name of the count."""
    people = [person for _, person in whom.people]
    refs = {one.id: one.channel for one in (*found.whole, *found.partly)}
    places = [(refs[m.session], m.platform_id) for m in found.messages]
    ids, names = [one.id for one in people if one.id], _names(whom)
    sessions = [one.id for one in (*found.whole, *found.partly)]
    answers = [a.id for one in found.whole for a in await work.answers.of_session(one.id)]
    targets = [*entries, *answers, *(m.id for m in found.messages)]
    await work.documents.drop(entries)
    return {
        "links": await work.links.drop([m.id for m in found.messages], ids, entries),
        "runs": await work.erasure.runs(sessions, [*entries, *changed, *names]),
        "events": await work.erasure.events([one.ref for one in whom.channels], places, ids, names),
        "feedback": await work.erasure.feedback(ids, targets),
        "people": sum([await work.erasure.people(platform, [one.id]) for platform, one in whom.people]),
        "channels": await _channels(work, whom),
        "jobs": await _jobs(work, found, entries),
    }


async def _channels(work: UnitOfWork, whom: Whom) -> int:
    """Channels lose their names, not their settings: one that was ``off`` stays so. Who reads in them is known anew with the
    next message; until then only what all may see is shown there."""
    for channel in whom.channels:
        alone = whom.kind is WhomKind.CUSTOMER
        known = frozenset() if alone else channel.organisations
        await work.channels.put(replace(channel, name="", organisations=known))
    return sum(bool(one.name) for one in whom.channels)


async def _jobs(work: UnitOfWork, found: Reached, entries: Sequence[EntryId]) -> int:
    """What was to be done for sessions, messages and documents that are no more."""
    gone = {*(one.id for one in found.whole), *(m.id for m in found.messages)}
    gone |= {f"{LINK_KEY}{m.id}" for m in found.messages} | {f"{DOCUMENT_KEY}{one}" for one in entries}
    jobs = [job for job in await work.owners.listing() if job.key in gone]
    for job in jobs:
        await work.jobs.finish(job)
    return len(jobs)


async def clean(records: Records, projector: Projector, now: datetime) -> list[Forgetting]:
    """Leave no byte of what was forgotten in the files: the knowledge store, the records. Finishes whatever forgetting was cut
    off before; gives those that are done now."""
    async with records.read() as work:
        open_ = [one for one in await work.forgettings.all() if one.done_at is None]
    if open_:
        await projector.flush()
        await projector.maintain(anew=True)
        await records.compact(whole=True)
        async with records.begin() as work:
            for one in open_:
                await work.forgettings.put(replace(one, done_at=now))
    return open_
