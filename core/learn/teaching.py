"""Who may teach, and with what weight (DESIGN 4, Roles; DESIGN 6, Extract)."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.dialogue import Line
from core.domain.people import Role, RoleBasis
from core.domain.tasks import Lesson
from core.session.answered import says_something
from core.text.assent import AGREES
from core.text.carried import SENTENCE_WORDS, shares, strays

LEAST_SAID = 0.2
"""Of the words of each sentence that is taught as an analyst's, the least share (0..1) that analysts must have used. Set by
hand: they answer in few words, and the rest is the question's."""


@dataclass(frozen=True, slots=True)
class Teaching:
    """Whether a lesson may be kept, why not if not, whether it must stay with the customer it came from, and whether it is a
    requester's ``own`` fix."""

    allowed: bool
    reason: str = ""
    stays: bool = False
    own: bool = False


def may_teach(lesson: Lesson, dialogue: Sequence[Line]) -> Teaching:
    """Rule on a lesson by the people it comes from: only humans teach, a presumed analyst only when the requester confirms,
    and a requester's own fix stays with that customer until an analyst confirms it. Whose it is, is seen in the words: what
    only requesters said is theirs, whoever is named."""
    by_id = {line.id: line for line in dialogue}
    taught = [by_id[one] for one in lesson.from_messages if one in by_id]
    if not taught or any(line.role in (Role.BOT, Role.OTHER) for line in taught):
        return Teaching(False, "it does not come from a human of this dialogue")
    requesters = any(line.role is Role.REQUESTER for line in taught)
    analysts = [line for line in taught if line.role is Role.ANALYST and says_something(line.text)]
    if not analysts:
        return Teaching(requesters, "" if requesters else "the analyst has not said anything yet", stays=True, own=True)
    presumed = all(line.basis is RoleBasis.PRESUMED for line in analysts)
    if presumed and not (lesson.confirmed and has_a_say(taught, dialogue)):
        return Teaching(False, "the requester has not confirmed what a presumed analyst said")
    if not _said_by_analysts(lesson.answer, dialogue) and not any(AGREES.match(line.text) for line in analysts):
        return Teaching(True, stays=True, own=True)
    return Teaching(True, own=taught[0].role is Role.REQUESTER)


def has_a_say(taught: Sequence[Line], dialogue: Sequence[Line]) -> bool:
    """Whether a requester is among those who teach, or has written after them: else nobody can have confirmed it."""
    ids = {line.id for line in taught}
    last = max(n for n, line in enumerate(dialogue) if line.id in ids)
    return any(line.role is Role.REQUESTER for line in (*taught, *dialogue[last + 1 :]))


def _said_by_analysts(answer: str, dialogue: Sequence[Line]) -> bool:
    said = "\n".join(line.text for line in dialogue if line.role is Role.ANALYST)
    return shares(answer, said, LEAST_SAID) and not strays(answer, said, SENTENCE_WORDS)
