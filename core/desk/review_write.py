"""Writing what a review changes: never twice, and taken back when a later run no longer says it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.desk.review_job import Reviewed
from core.desk.thread import Thread, job_name, review_name
from core.domain.ids import make_id
from core.domain.ids import subject_of as subject_of_id
from core.domain.knowledge import EntryStatus
from core.domain.records import Feedback
from core.domain.reviews import ReviewRecord
from core.domain.sessions import QuestionState
from core.knowledge.ledger import Because, retire, standing, take_back, update
from core.knowledge.quarantine import same_content
from core.learn.apply import Change, target_of, undo, unlearn, write
from core.learn.corrections import Flag, Retire, Reword, subject_of
from core.learn.extract import entry_id
from core.learn.review import verdicts
from core.ports.records import UnitOfWork
from core.prompts.runs import Occasion, run_of
from core.prompts.tasks import review_task

REVIEWED = "the review of the answer no longer carries it"
FLAGGED, UNFLAGGED = "correction", "undo"


async def outdated(work: UnitOfWork, reviewed: Sequence[Reviewed]) -> bool:
    """Whether an entry has changed since it was looked at: then its verdict is void, and it is reviewed again."""
    for one in reviewed:
        for entry, n in one.heads.items():
            head = await work.ledger.head(subject_of_id(entry))
            if head is None or head.n != n:
                return True
    return False


async def write_review(work: UnitOfWork, one: Reviewed, thread: Thread, now: datetime) -> bool:
    """Write what a review changes, take back what an earlier run did and this one does not; gives whether the ledger has
    changed."""
    because = Because(REVIEWED, review_name(one.question.id), now)
    on = Occasion(thread.session.id, one.question.id, now, (thread.session.seq,))
    record = ReviewRecord(one.reply.output, verdicts(one.held, one.inputs, one.answers))
    cited = [f"{cited.entry.id}@{cited.revision}" for cited in one.inputs.cited]
    await work.turns.add_run(run_of(review_task(), one.reply, on, inputs=one.inputs, evidence=cited, output=record))
    await _write_flags(work, one, because)
    wanted = {subject_of(c) for c in one.corrections} | {target_of(change) for change in one.added}
    gone = [e for e in await work.ledger.touched_by(because.job) if e not in wanted]
    changed = [await undo(work, entry, because) is not None for entry in gone]
    for correction in one.corrections:
        if isinstance(correction, Retire | Reword):
            changed.append(await _correct(work, correction, because))
    changed += [await _add(work, change, because) for change in one.added]
    return await _settle_question(work, one, thread, now) or any(changed)


async def _correct(work: UnitOfWork, correction: Retire | Reword, because: Because) -> bool:
    """Apply a correction to the entry as it stood before this review; one that holds already changes nothing."""
    subject = subject_of(correction)
    history = await work.ledger.history(subject)
    head = history[-1]
    own = standing(history, because.job) is head
    after = correction.entry if isinstance(correction, Reword) else replace(head.after, status=EntryStatus.RETIRED)
    if own and same_content(head.after, after):
        return False
    if own:
        await take_back(work, subject, because)
    because = replace(because, why=correction.why)
    if isinstance(correction, Retire):
        return await retire(work, subject, because) is not None
    sources = tuple(dict.fromkeys((*history[-2 if own else -1].from_messages, *correction.from_messages)))
    await update(work, correction.entry, replace(because, from_messages=sources))
    return True


async def _add(work: UnitOfWork, change: Change, because: Because) -> bool:
    """Write an entry to stand beside the cited one, unless somebody else has retired it since."""
    head = await work.ledger.head(change.learned.entry.id)
    if head and head.after.status is EntryStatus.RETIRED and head.job != because.job:
        return False
    return await write(work, change, because) != "known"


async def _write_flags(work: UnitOfWork, one: Reviewed, because: Because) -> None:
    """Put on record which documents misled, and which no longer count as that."""
    flags = {c.entry: c.why for c in one.corrections if isinstance(c, Flag)}
    for cited in one.inputs.cited:
        entry = cited.entry.id
        own = [row for row in await work.feedback.of_target("entry", entry) if row.actor == because.job]
        flagged = bool(own) and own[-1].kind == FLAGGED
        if flagged != (entry in flags):
            kind, why = (UNFLAGGED, because.why) if flagged else (FLAGGED, flags[entry])
            row = make_id("feedback", because.job, entry, len(own))
            await work.feedback.add(Feedback(row, "entry", entry, because.job, "bot", kind, why, because.at))


async def _settle_question(work: UnitOfWork, one: Reviewed, thread: Thread, now: datetime) -> bool:
    """Where extract has nothing to find, the question is answered, by Vigil or, where nobody saw that, by the correction; what
    extract learned from it before is taken back."""
    if one.opens:
        return False
    state = QuestionState.ANSWERED if one.seen else QuestionState.RESOLVED
    await work.questions.put(replace(one.question, state=state))
    extracted = Because(REVIEWED, job_name(one.question.id), now)
    touched = one.question.id in thread.touched
    return touched and await unlearn(work, entry_id(one.question), extracted) != "known"
