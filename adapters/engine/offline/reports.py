"""What a requester reports back: that it worked, that it failed, or a new trouble beside the old one. English and Chinese.

Judged clause by clause, because "done, but now every upload is rejected" reports a success and asks for help.
"""

import re
from enum import StrEnum

from adapters.engine.offline import cues
from core.text.terms import keys


class Report(StrEnum):
    """What one clause says."""

    WORKED = "worked"
    FAILED = "failed"
    TROUBLE = "trouble"
    NOTHING = ""


_CLAUSE = re.compile(
    r"[.!;\n。！；]+(?=\s|$|[\u3400-\u9fff])|[,，]|(?=但是?|不过|可是)"
    r"|\s(?=(?:but|however|though|yet|and (?:now|then|the|we|i|it)|since then|instead)\b)",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:nothing|never|not|none|no one|nobody|hardly|neither|cannot|(?:did|does|do|is|was|has|wo|ca)n'?t)\b"
    r"(?:\W+\w+){0,3}\W*$|(?:没|没有|不)$",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:once|when(?:ever)?|if|whether|until|till|unless|before|as soon as|in case|hope\w*|should|would|might|may|could|"
    r"will|(?:i|we)'?ll|going to|used to|yesterday|last (?:week|month|time|night))\b|如果|要是|等|希望|之前",
    re.IGNORECASE,
)
_NEVER_MIND = re.compile(r"\b(?:never ?mind|nvm|all (?:good|set|green|fine))\b", re.IGNORECASE)
_FINE = re.compile(
    r"\b(?:opens?|loads?|starts?|connects?|appears?|arrives?|shows? up|comes? (?:up|in|through)|completes?) "
    r"(?:now|again|fine)\b|\bit(?:'s| is| has been) quiet\b"
    r"|\bno (?:single )?(?:[45]\d\d|errors?|failures?|alerts?|timeouts?) since\b|没(?:有)?问题",
    re.IGNORECASE,
)
"""Says that all is well without the words of a success, or with words of trouble ("no 503 since we set it")."""


def clauses(text: str) -> list[str]:
    """Cut a message where one statement ends and the next begins."""
    return [piece.strip() for piece in _CLAUSE.split(text[:_MOST_CHARS]) if piece and piece.strip()]


_MOST_CHARS = 1500
"""A report back is short; a longer text is a new tale, of which the beginning tells enough."""


def report_of(clause: str) -> Report:
    """Tell what one clause reports."""
    if _NEVER_MIND.search(clause):
        return Report.WORKED
    solved = cues.SOLVED.search(clause) or (not cues.REQUEST.search(clause) and _FINE.search(clause))
    if solved and _DENIED.search(clause[: solved.start()]):
        return Report.FAILED
    if cues.FAILED.search(clause):
        return Report.FAILED
    if solved and not _NOT_YET.search(clause) and not clause.rstrip().endswith(("?", "？")):
        return Report.WORKED
    if cues.TROUBLE.search(clause) or _code(clause):
        return Report.TROUBLE
    return Report.NOTHING


def _code(clause: str) -> bool:
    return any(not key.startswith("--") and not key[0].isdigit() for key in keys(clause)) and bool(
        _OCCURS.search(clause)
    )


_OCCURS = re.compile(
    r"\b(?:get(?:s|ting)?|got|see(?:s|ing)?|throws?|gives?|says?|returns?|with|shows?|fails?|now)\b|报|提示|出现",
    re.IGNORECASE,
)


def reports_back(text: str) -> bool:
    """Whether the requester only reports: done, works, will try; nothing failed, nothing new is wrong and nothing is asked."""
    if "?" in text or "？" in text:
        return False
    found = [report_of(clause) for clause in clauses(text)]
    if Report.FAILED in found or Report.TROUBLE in found[_first_good(found) :]:
        return False
    if Report.WORKED in found:
        return True
    return Report.TROUBLE not in found and bool(cues.DID.search(text) or cues.WILL_TRY.search(text))


def _first_good(found: list[Report]) -> int:
    return found.index(Report.WORKED) if Report.WORKED in found else 0


def verdict(said: str) -> tuple[bool, bool]:
    """Whether what was advised worked, and whether it failed: by what the requester says first. Both false where neither."""
    found = [one for one in map(report_of, clauses(said)) if one in (Report.WORKED, Report.FAILED)]
    if found:
        return found[0] is Report.WORKED, found[0] is Report.FAILED
    return bool(cues.DID.search(said)) and "?" not in said and "？" not in said, False
