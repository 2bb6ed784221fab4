"""``Overview`` in memory."""

from datetime import datetime
from itertools import takewhile

from core.domain.answers import Answer
from core.domain.channels import ChannelRef
from core.domain.ids import EntryId
from core.domain.knowledge import ChangeKind, EntryStatus, Revision
from core.domain.records import Numbers
from core.domain.sessions import Delivery, QuestionState, Turn
from tests.fakes.records import Tables

MOVES = {ChangeKind.UPDATED, ChangeKind.RETIRED, ChangeKind.RESTORED}


class MemoryOverview:
    """What analysts look at first."""

    def __init__(self, tables: Tables) -> None:
        self._t = tables

    def _candidates(self) -> dict[EntryId, list[Revision]]:
        """The candidate revisions that end with an entry's head, newest first."""
        newest: dict[EntryId, list[Revision]] = {}
        for _, revision in sorted(self._t.revisions.items(), reverse=True):
            newest.setdefault(revision.subject_id, []).append(revision)
        runs = {e: list(takewhile(lambda r: r.after.status is EntryStatus.CANDIDATE, h)) for e, h in newest.items()}
        return {entry: run for entry, run in runs.items() if run}

    async def waiting(self, limit: int) -> list[Revision]:
        runs = self._candidates().values()
        return [run[0] for run in sorted(runs, key=lambda run: (run[-1].at, run[-1].subject_id))][:limit]

    async def how_many_wait(self) -> int:
        return len(self._candidates())

    async def numbers(self, since: datetime) -> Numbers:
        shown = [a for a in self._t.answers.values() if a.sent_at is not None and a.sent_at >= since]
        asked = {answer.question for answer in shown}
        known = [q for q in self._t.questions.values() if q.id in asked]
        changes = [revision.change for revision in self._t.revisions.values() if revision.at >= since]
        return Numbers(
            answered=len(asked),
            accepted=sum(question.state is QuestionState.ACCEPTED for question in known),
            withdrawn=sum(answer.withdrawn_at is not None for answer in shown),
            learned=changes.count(ChangeKind.ADDED),
            retired=changes.count(ChangeKind.RETIRED),
        )

    async def outdated(self, since: datetime, limit: int) -> list[Answer]:
        moved = {r.subject_id for r in self._t.revisions.values() if r.n > 1 and r.change in MOVES}
        sent = [(a.sent_at, a) for a in self._t.answers.values() if a.sent_at is not None and a.sent_at >= since]
        found = [a for _, a in sorted(sent, key=lambda one: one[0]) if moved & {c.entry for c in a.citations}]
        return found[::-1][:limit]

    async def unseen(self, channel: ChannelRef, since: datetime, limit: int) -> list[Turn]:
        here = [turn for turn in self._t.turns.values() if self._t.sessions[turn.session].channel == channel]
        found = [t for t in here if t.at >= since and t.delivery in (Delivery.SHADOW, Delivery.NONE)]
        return sorted(found, key=lambda turn: turn.at)[::-1][:limit]
