"""The words for what became of a question: the same in the live view and in the summary."""

from core.domain.sessions import Outcome, QuestionClass

_OUTCOMES = {
    Outcome.ABSTAINED: "not sure",
    Outcome.REPEAT: "already said",
    Outcome.SUPERSEDED: "overtaken",
    Outcome.STALE: "too old",
    Outcome.FAILED: "failed",
}

WHO = {"requester": "the requester", "analyst": "an analyst"}


def silence(outcome: Outcome, class_: QuestionClass | None, reason: str) -> str:
    """Why nothing was said, in a word or two."""
    if word := _OUTCOMES.get(outcome):
        return word
    if "analyst" in reason:
        return "already handled"
    return "out of scope" if class_ is QuestionClass.OUT_OF_SCOPE else "small talk"


def count(number: int, one: str) -> str:
    """``1 question``, ``2 questions``."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def times(number: int) -> str:
    """``once``, ``twice``, ``3 times``."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
