"""Whether a lesson says only what people have said (DESIGN 6: only humans teach). An engine only words it."""

from collections.abc import Sequence

from core.domain.dialogue import Line
from core.domain.people import Role
from core.domain.tasks import Lesson
from core.text.invented import invented
from core.text.terms import coverage

LEAST_SHARE = 0.3
"""Of the content terms of a lesson's answer, the least share (0..1) that people must have used. Set by hand: a sentence put in
other words keeps about half of its terms, one about something else next to none."""
FOREIGN = "it says something else than what people said"


def unsaid(lesson: Lesson, dialogue: Sequence[Line], known: str = "") -> str:
    """Why a lesson may not be kept, or the empty string. Every address, code, version and flag in it, and enough of its words,
    must come from people in the dialogue or, where it corrects an entry, from what was ``known`` before."""
    told = told_by_people(dialogue, known)
    shown = "\n".join((lesson.object, lesson.symptom, lesson.conditions, lesson.answer, *lesson.keys))
    if (what := invented(shown, told, seen=any(line.kept for line in dialogue))) is not None:
        return what.value
    return FOREIGN if coverage(lesson.answer, told) < LEAST_SHARE else ""


def told_by_people(dialogue: Sequence[Line], known: str = "") -> str:
    """All that people have said in a dialogue, and what was known before."""
    return "\n".join((*(one.text for one in dialogue if one.role in (Role.ANALYST, Role.REQUESTER)), known))
