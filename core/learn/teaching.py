"""Who may teach, and with what weight (DESIGN 4, Roles; DESIGN 6, Extract)."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.dialogue import Line
from core.domain.people import Role, RoleBasis
from core.domain.tasks import Lesson


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
    and a requester's own fix stays with that customer until an analyst confirms it."""
    by_id = {line.id: line for line in dialogue}
    taught = [by_id[one] for one in lesson.from_messages if one in by_id]
    if not taught or any(line.role in (Role.BOT, Role.OTHER) for line in taught):
        return Teaching(False, "it does not come from a human of this dialogue")
    analysts = [line for line in taught if line.role is Role.ANALYST]
    if not analysts:
        return Teaching(True, stays=True, own=True)
    presumed = all(line.basis is RoleBasis.PRESUMED for line in analysts)
    if presumed and not lesson.confirmed:
        return Teaching(False, "the requester has not confirmed what a presumed analyst said")
    return Teaching(True, own=taught[0].role is Role.REQUESTER)
