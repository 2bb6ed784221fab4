"""A replay or a backfill in numbers, and as a sentence."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from adapters.terminal.words import count, silence, times
from core.domain.ids import EntryId
from core.domain.knowledge import ChangeKind, Revision
from core.domain.sessions import Delivery, Outcome, QuestionClass
from core.ports.journal import AcceptTold, MessageTold, ReviewTold, Told, TurnTold

UNSEEN = "As nobody saw these answers, repeats and those that an analyst overtook count too; a replay leaves them out. "


@dataclass(slots=True)
class Tally:
    """Counts what is told. ``known`` are the entries that are not retired, ``taught`` the threads that taught something,
    ``recorded`` counts the answers that were only recorded (shadow, backfill), ``accepted`` are the answers accepted now."""

    threads: set[str] = field(default_factory=set)
    messages: int = 0
    answered: int = 0
    recorded: int = 0
    in_scope: int = 0
    answered_threads: set[str] = field(default_factory=set)
    silent: Counter[str] = field(default_factory=Counter)
    known: set[EntryId] = field(default_factory=set)
    changed: set[EntryId] = field(default_factory=set)
    taught: set[str] = field(default_factory=set)
    session_of: dict[str, str] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    slowest_ms: float = 0.0

    @classmethod
    def of(cls, told: Iterable[Told]) -> "Tally":
        """Count all of it."""
        tally = cls()
        for one in told:
            tally.add(one)
        return tally

    def add(self, told: Told) -> None:
        """Count one thing."""
        match told:
            case MessageTold():
                self.messages += 1
                self.threads.add(told.session.id)
                self.session_of[told.message.id] = told.session.id
            case TurnTold():
                self._turn(told)
            case AcceptTold():
                (self.accepted.discard if told.click.kind == "undo" else self.accepted.add)(told.click.target)
            case ReviewTold():
                pass  # what it changes are revisions
            case Revision():
                self._revision(told)

    def _turn(self, told: TurnTold) -> None:
        for question in told.turn.questions:
            self.in_scope += question.class_ is QuestionClass.WITHIN_SCOPE
            if question.outcome is Outcome.ANSWERED:
                self.answered += 1
                self.recorded += told.turn.delivery is Delivery.SHADOW
                self.answered_threads.add(told.turn.session)
                self.slowest_ms = max(self.slowest_ms, sum(ms for _, ms in told.turn.ms))
            else:
                self.silent[silence(question.outcome, question.class_, question.reason)] += 1

    def _revision(self, revision: Revision) -> None:
        self.changed.add(revision.subject_id)
        if revision.change is ChangeKind.RETIRED:
            self.known.discard(revision.subject_id)
        else:
            self.known.add(revision.subject_id)
        self.taught.update(self.session_of[m] for m in revision.from_messages if m in self.session_of)

    def as_json(self, skipped: Mapping[str, int]) -> dict[str, object]:
        """The counts for a program; ``skipped`` counts what was not read by its reason."""
        return {
            "threads": len(self.threads),
            "messages": self.messages,
            "in_scope": self.in_scope,
            "answered": self.answered,
            "answered_threads": len(self.answered_threads),
            "only_recorded": self.recorded,
            "accepted": len(self.accepted),
            "silent": dict(sorted(self.silent.items())),
            "knows": len(self.known),
            "learned_from": len(self.taught),
            "skipped": sum(skipped.values()),
            "skipped_by_reason": dict(sorted(skipped.items())),
            "ms": round(self.slowest_ms, 1),
        }

    def sentence(self) -> str:
        """The counts as a person would say them."""
        slowest = f" Slowest answer {self.slowest_ms:.0f} ms." if self.answered else ""
        return (
            f"{count(len(self.threads), 'thread')}, {count(self.messages, 'message')}. {self.said()} It knows "
            f"{count(len(self.known), 'thing')}, learned from {count(len(self.taught), 'thread')}.{slowest}"
        )

    def said(self, *, posts: bool = True) -> str:
        """How often it answered, or would have, where nothing is posted or nothing was, and why it did not."""
        unseen = self.answered == self.recorded if self.answered else not posts
        verb = "would have answered" if unseen else "answered"
        some = f" ({self.recorded} of them only recorded)" if 0 < self.recorded < self.answered else ""
        parts = [f"{number} {why}" for why, number in self.silent.most_common()]
        silent = f"stayed silent {times(self.silent.total())} ({', '.join(parts)})" if parts else "was never silent"
        threads = count(len(self.answered_threads), "thread")
        accepted = f", {len(self.accepted)} accepted" if self.accepted else ""
        return f"Vigil {verb} {count(self.answered, 'question')} in {threads}{some}{accepted}; {silent}."


@dataclass(frozen=True, slots=True)
class Backfilled:
    """What a backfill came to: what the home knew ``before``, what this ``run`` did, how many messages it ``read`` and how many
    of them the home had ``already``."""

    before: set[EntryId]
    run: Tally
    read: int
    already: int

    def sentence(self) -> str:
        """What would have been said, what was learned from this export, and what was known already."""
        knows = f"It now knows {count(len(self._known), 'thing')}."
        if not self.run.messages and not self.run.changed:
            return f"Nothing new: {count(self.read, 'message')}, all known already. {knows}"
        old = f" ({self.already} of {self.read} read were known already)" if self.already else ""
        return (
            f"{count(len(self.run.threads), 'thread')}, {count(self.run.messages, 'message')}{old}; nothing was posted. "
            f"{self.run.said(posts=False)} {UNSEEN if self.run.recorded else ''}{self._lessons()} {knows}"
        )

    @property
    def _known(self) -> set[EntryId]:
        """What the home knows now: what it knew and this run left alone, and what this run made of the rest."""
        return self.before - self.run.changed | self.run.known

    def _lessons(self) -> str:
        new, revised = self.run.known - self.before, self.run.known & self.before
        gone = self.before & self.run.changed - self.run.known
        parts = [f"{count(len(new), 'new thing')} from {count(len(self.run.taught), 'thread')}"] if new else []
        parts += [f"{count(len(revised), 'known thing')} confirmed or changed"] if revised else []
        parts += [f"{count(len(gone), 'thing')} retired"] if gone else []
        return f"Learned: {', '.join(parts)}." if parts else "Nothing was learned from it."
