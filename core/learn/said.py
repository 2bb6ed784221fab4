"""Whether a lesson says only what people have said (DESIGN 6: only humans teach). An engine only words it."""

from collections.abc import Sequence

from core.domain.dialogue import Line
from core.domain.people import Role
from core.domain.tasks import Lesson
from core.text.carried import shares, strays
from core.text.invented import invented
from core.text.redaction import redact
from core.text.terms import coverage, term_set

LEAST_SHARE = 0.3
"""Of the content terms of each sentence, the least share (0..1) that people must have used. Set by hand: a sentence put in
other words keeps about half of its terms, one about something else next to none."""
FOREIGN = "it says something else than what people said"
PRIVATE = "it holds a secret or an address of a person"


def unsaid(lesson: Lesson, dialogue: Sequence[Line], known: str = "") -> str:
    """Why a lesson may not be kept, or the empty string. Every address, code, version and flag that it shows, and enough of the
    words of each sentence, must come from people in the dialogue or, where it corrects an entry, from what was ``known``."""
    told = told_by_people(dialogue, known)
    shown = f"{lesson.object}\n{lesson.symptom}\n{lesson.conditions}\n{lesson.answer}"
    if redact(shown).masks:
        return PRIVATE
    if (what := invented(shown, told, seen=any(line.kept for line in dialogue))) is not None:
        return what.value
    title = f"{lesson.object} {lesson.symptom}"
    titled = not term_set(title) or coverage(title, told) >= LEAST_SHARE
    said = titled and shares(f"{lesson.answer}\n{lesson.conditions}", told, LEAST_SHARE)
    return FOREIGN if not said or strays(f"{lesson.answer}\n{lesson.conditions}", told) else ""


def keys_said(lesson: Lesson, dialogue: Sequence[Line]) -> tuple[str, ...]:
    """The lesson's codes and versions that people said. Where a picture was read they may be from there."""
    told = told_by_people(dialogue).casefold()
    seen = any(line.kept for line in dialogue)
    return tuple(key for key in lesson.keys if " " not in key.strip() and (seen or key.casefold() in told))


def told_by_people(dialogue: Sequence[Line], known: str = "") -> str:
    """All that people have said in a dialogue, and what was known before."""
    return "\n".join((*(one.text for one in dialogue if one.role in (Role.ANALYST, Role.REQUESTER)), known))
