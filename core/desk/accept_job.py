"""The learn lane after a click: the ledger is brought to what the newest click says (DESIGN 6, Accept)."""

from dataclasses import dataclass, replace

import structlog

from core.desk.cards import ACCEPT
from core.desk.context import Desk
from core.desk.learn_job import PROJECT_WITHIN_S
from core.desk.on_click import last_click
from core.desk.thread import Thread, job_name, load, review_name
from core.domain.answers import Answer
from core.domain.ids import AnswerId
from core.domain.jobs import Job, JobOrder, Lane
from core.domain.knowledge import SHARED, Audience, EntryStatus
from core.domain.people import Role
from core.domain.records import Feedback
from core.domain.sessions import Question, QuestionState
from core.knowledge.ledger import Because
from core.knowledge.parts import history_as_cited
from core.learn import accept
from core.learn.accept import Cited, Taught, TeachesNothing
from core.learn.apply import unlearn
from core.learn.extract import entry_id
from core.learn.generalise import audience_of
from core.ports.records import UnitOfWork

log = structlog.get_logger(__name__)

PREFIX = accept.job_name(AnswerId(""))
UNDONE = "the Accept was undone"
STANDS = "the answer was accepted"


@dataclass(frozen=True, slots=True)
class Given:
    """A clicked answer: the newest click, its question, and what it cites."""

    answer: Answer
    question: Question
    click: Feedback
    cited: tuple[Cited, ...]


async def accept_job(job: Job, desk: Desk) -> None:
    """Take back what no longer holds, then write what the Accept teaches. Cut off anywhere, it is simply done again."""
    now = desk.clock.now()
    async with desk.records.begin() as work:
        given = await _given(work, AnswerId(job.key.removeprefix(PREFIX)))
        changed = given is not None and await _take_back(work, given)
    taught = await _taught(given, desk) if given and given.click.kind == ACCEPT else None
    async with desk.records.begin() as work:
        await _close_again(work, given)
        if given and taught and not isinstance(taught, TeachesNothing):
            role = Role(given.click.role)
            because = Because(accept.why(role), accept.job_name(given.answer.id), now, given.question.messages)
            changed = await accept.keep(work, taught, because) or changed
        if changed:
            await work.jobs.order(now, JobOrder(Lane.PROJECT, "knowledge", PROJECT_WITHIN_S, PROJECT_WITHIN_S))
        await work.jobs.finish(job)


async def _close_again(work: UnitOfWork, given: Given | None) -> None:
    """A learn job that was under way when the click came may have written where it saw the question stand."""
    question = await work.questions.get(given.question.id) if given and given.click.kind == ACCEPT else None
    if question and question.state is not QuestionState.ACCEPTED:
        await work.questions.put(replace(question, state=QuestionState.ACCEPTED))


async def _given(work: UnitOfWork, answer_id: AnswerId) -> Given | None:
    click, answer = await last_click(work, answer_id), await work.answers.get(answer_id)
    question = await work.questions.get(answer.question) if answer else None
    if click is None or answer is None or question is None:
        return None
    return Given(answer, question, click, await _cited(work, answer))


async def _cited(work: UnitOfWork, answer: Answer) -> tuple[Cited, ...]:
    used = {n for claim in answer.claims for n in claim.cites}
    revisions = {c.entry: c.revision for c in answer.citations if c.n in used}
    histories = [(n, await history_as_cited(work, entry, n)) for entry, n in revisions.items()]
    return tuple(Cited(history[n - 1].after, history[-1].after) for n, history in histories if len(history) >= n)


async def _take_back(work: UnitOfWork, given: Given) -> bool:
    """After an undo: what the Accept did. After an Accept: what review, and extract after it, did to the question."""
    answer, question, at = given.answer, given.question, given.click.at
    if given.click.kind != ACCEPT:
        because = Because(UNDONE, accept.job_name(answer.id), at)
        return await unlearn(work, accept.kept_entry_id(answer.id), because) != "known"
    jobs = (review_name(question.id), job_name(question.id))
    undone = [await unlearn(work, entry_id(question), Because(STANDS, job, at)) for job in jobs]
    return any(word != "known" for word in undone)


async def _taught(given: Given, desk: Desk) -> Taught:
    await desk.projector.flush()
    async with desk.records.read() as work:
        cited = await _cited(work, given.answer)
    thread = await load(given.answer.session, desk)
    if thread is None or not cited or not all(one.holds for one in cited):
        log.info("accept_teaches_nothing", answer=given.answer.id, reason=accept.OUTDATED)
        return TeachesNothing(accept.OUTDATED)
    if confirmed := await accept.leans_on(given.answer, cited, desk.embedder, desk.calibration):
        return accept.Confirms(confirmed)
    status = EntryStatus.CANDIDATE if thread.channel.settings.approval else EntryStatus.ACTIVE
    own = given.click.role != Role.ANALYST and not accept.carried([one.now for one in cited], given.answer)
    audience = Audience.customer(thread.customer) if own else _audience(given.answer, cited, thread)
    entry = accept.kept_entry(given.question, given.answer, cited, audience, status, given.click.at)
    entry = replace(entry, taught_by=Role.REQUESTER) if own else entry
    return await accept.known_as(entry, desk.store, desk.embedder, desk.calibration)


def _audience(answer: Answer, cited: tuple[Cited, ...], thread: Thread) -> Audience:
    """Who may see the answer's own words. What is quoted was ruled on when it was learned."""
    if accept.quotes(answer, [one.now for one in cited]):
        return SHARED
    return audience_of(answer.plain_text, thread.dialogue, thread.customer, thread.lexicon).audience
