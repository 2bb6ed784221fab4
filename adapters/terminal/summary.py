"""A replay in numbers, and as a sentence."""

from collections import Counter
from dataclasses import dataclass, field

from core.domain.knowledge import ChangeKind, Revision
from core.domain.sessions import Outcome, QuestionClass
from core.ports.journal import MessageTold, Told, TurnTold


@dataclass(slots=True)
class Tally:
    """Counts what is told. ``known`` are the entries that are not retired, ``taught`` the threads that taught something."""

    threads: set[str] = field(default_factory=set)
    messages: int = 0
    answered: int = 0
    in_scope: int = 0
    answered_threads: set[str] = field(default_factory=set)
    silent: Counter[str] = field(default_factory=Counter)
    known: set[str] = field(default_factory=set)
    taught: set[str] = field(default_factory=set)
    session_of: dict[str, str] = field(default_factory=dict)
    slowest_ms: float = 0.0

    def add(self, told: Told) -> None:
        """Count one thing."""
        match told:
            case MessageTold():
                self.messages += 1
                self.threads.add(told.session.id)
                self.session_of[told.message.id] = told.session.id
            case TurnTold():
                self._turn(told)
            case Revision():
                self._revision(told)

    def _turn(self, told: TurnTold) -> None:
        for question in told.turn.questions:
            self.in_scope += question.class_ is QuestionClass.WITHIN_SCOPE
            if question.outcome is Outcome.ANSWERED:
                self.answered += 1
                self.answered_threads.add(told.turn.session)
                self.slowest_ms = max(self.slowest_ms, sum(ms for _, ms in told.turn.ms))
            else:
                self.silent[_why(question.outcome, question.class_, question.reason)] += 1

    def _revision(self, revision: Revision) -> None:
        if revision.change is ChangeKind.RETIRED:
            self.known.discard(revision.subject_id)
        else:
            self.known.add(revision.subject_id)
        self.taught.update(self.session_of[m] for m in revision.from_messages if m in self.session_of)

    def as_json(self, skipped: int) -> dict[str, object]:
        """The counts for a program."""
        return {
            "threads": len(self.threads),
            "messages": self.messages,
            "in_scope": self.in_scope,
            "answered": self.answered,
            "answered_threads": len(self.answered_threads),
            "silent": dict(sorted(self.silent.items())),
            "knows": len(self.known),
            "learned_from": len(self.taught),
            "skipped": skipped,
            "ms": round(self.slowest_ms, 1),
        }

    def sentence(self) -> str:
        """The counts as a person would say them."""
        parts = [f"{count} {why}" for why, count in self.silent.most_common()]
        silent = f"stayed silent {self.silent.total()} times ({', '.join(parts)})" if parts else "was never silent"
        slowest = f" Slowest answer {self.slowest_ms:.0f} ms." if self.answered else ""
        return (
            f"{len(self.threads)} threads, {self.messages} messages. Vigil answered {self.answered} questions in "
            f"{len(self.answered_threads)} threads; {silent}. It knows {len(self.known)} things, learned from "
            f"{len(self.taught)} threads.{slowest}"
        )


def _why(outcome: Outcome, class_: QuestionClass | None, reason: str) -> str:
    match outcome:
        case Outcome.ABSTAINED:
            return "not sure"
        case Outcome.REPEAT:
            return "already said"
        case Outcome.SUPERSEDED:
            return "overtaken"
        case Outcome.STALE:
            return "too old"
        case Outcome.FAILED:
            return "failed"
        case _ if "analyst" in reason:
            return "already handled"
        case _ if class_ is QuestionClass.OUT_OF_SCOPE:
            return "out of scope"
        case _:
            return "small talk"
