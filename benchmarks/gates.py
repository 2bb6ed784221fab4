"""What must hold of everything a replay said, whatever export it was: each breach is a sentence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from benchmarks.reshape import CUSTOMERS
from core.domain.answers import Answer
from core.domain.calibration import Calibration
from core.domain.channels import Channel
from core.domain.ids import EntryId, MessageId, SessionId
from core.domain.knowledge import EntryStatus, Revision, Viewer
from core.domain.people import Role
from core.domain.sessions import Message, Outcome
from core.ports.embedder import Embedder
from core.ports.journal import MessageTold, Told, TurnTold
from core.respond.skip_repeat import find_repeat
from core.text.redaction import redact


@dataclass(slots=True)
class Said:
    """A replay's journal, read from its beginning: what was known when an answer was given."""

    channels: Mapping[str, Channel]
    messages: dict[MessageId, Message] = field(default_factory=dict)
    heads: dict[EntryId, Revision] = field(default_factory=dict)
    revisions: dict[tuple[EntryId, int], Revision] = field(default_factory=dict)
    answers: dict[SessionId, list[Answer]] = field(default_factory=dict)

    def breaches(self, told: Sequence[Told]) -> Iterator[str]:
        """Everything that a single answer breaks, in the order of time. An answer that went no further than a dropped card
        counts as well: it was made."""
        for one in told:
            match one:
                case MessageTold():
                    self.messages[one.message.id] = one.message
                case Revision():
                    self.heads[one.subject_id] = self.revisions[one.subject_id, one.n] = one
                case TurnTold():
                    yield from self._of_turn(one)
                case _:
                    pass

    def _of_turn(self, told: TurnTold) -> Iterator[str]:
        answered = {q.answer for q in told.turn.questions if q.outcome is Outcome.ANSWERED}
        authors = [self.messages[m] for m in told.turn.messages if m in self.messages]
        channel = self.channels[told.session.channel.key]
        for answer in (a for a in told.answers if a.id in answered):
            self.answers.setdefault(told.session.id, []).append(answer)
            if any(m.role is Role.ANALYST and not m.direct for m in authors):
                yield f"answer {answer.id} went to an analyst who had not asked for it"
            yield from self._of_citations(answer, channel)
            yield from _of_words(answer, channel)

    def _of_citations(self, answer: Answer, channel: Channel) -> Iterator[str]:
        if not answer.citations or any(not claim.cites for claim in answer.claims):
            yield f"answer {answer.id} says something without a citation"
        for cited in answer.citations:
            there = self.revisions.get((cited.entry, cited.revision))
            if there is None:
                yield f"answer {answer.id} cites {cited.entry} at revision {cited.revision}, which is not there"
            elif self.heads[cited.entry].after.status is not EntryStatus.ACTIVE:
                yield f"answer {answer.id} cites {cited.entry}, which is {self.heads[cited.entry].after.status}"
            elif not Viewer.of_customer(channel.customer).may_see(there.after.audience):
                yield f"answer {answer.id} in {channel.name} cites {cited.entry}, which is {there.after.audience.value}'s"


def _of_words(answer: Answer, channel: Channel) -> Iterator[str]:
    shown = "\n".join([answer.plain_text, *(cited.title for cited in answer.citations)])
    if redact(shown).text != shown:
        yield f"answer {answer.id} holds an address or a secret"
    for customer in CUSTOMERS:
        held = [word for word in customer.words if word in shown.lower()]
        if held and customer.team not in channel.organisations:
            yield f"answer {answer.id} in {channel.name} holds {held[0]}, which is {customer.team}'s"


async def repeats(said: Said, embedder: Embedder, calibration: Calibration) -> list[str]:
    """The answers of a session that say the same as another one that people saw in it."""
    found: list[str] = []
    for session, answers in said.answers.items():
        for one, other in combinations([a for a in answers if a.sent_at is not None], 2):
            texts = [one.plain_text]
            weights, theta = calibration.repeat_weights, calibration.repeat_theta
            if await find_repeat(other.plain_text, texts, embedder, weights, theta) is not None:
                found.append(f"answers {one.id} and {other.id} of session {session} say the same")
    return found
