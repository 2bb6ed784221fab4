"""Has a human answered? One cheap test for identify and for the last look (DESIGN 5.1).

*Answered* means: an analyst resolved or explicitly took on this very question. A greeting, "let me check" or a question back do
not count. Judged by the analyst's words alone; ``core/evaluate/own/taken.jsonl`` measures it.
"""

import re
from collections.abc import Sequence

from core.domain.people import Role
from core.domain.sessions import Message
from core.text.terms import content_terms

_LOOKING = re.compile(
    r"^(?:(?:ok(?:ay)?|sure|thanks|hmm+|hi|hey|hello)[\s,!.]*(?:\w+[,!.]\s*)?)?"
    r"(?:(?:one|a|just a) (?:sec(?:ond)?|moment|minute|min)\b|(?:let me|i(?:'ll| will)|we(?:'ll| will)|i am|i'm|we're|we are|will|gonna)\s+"
    r"(?:just |quickly |also |now )?(?:check|look|see|ask|find out|get back|take a (?:quick )?look|looking|checking|asking|"
    r"investigat\w+|follow up|ping|loop|dig)|(?:checking|looking|investigating)\b|bear with|hold on|stand ?by|brb)",
    re.IGNORECASE,
)
_LOOKING_ZH = re.compile(
    r"^(?:好的?[，,。 ]*)?(?:稍等|等一下|请稍候|我(?:先|来|去|帮您|帮你)?(?:看看|看一下|查一下|查查|确认|问一下)|我们?(?:看一下|查一下|确认一下))"
)
_GREETING = re.compile(
    r"^\W*(?:hi|hey|hello|good (?:morning|afternoon|evening)|morning|thanks?(?: you)?(?: for [\w ]+)?|thx|welcome|np|no problem|"
    r"you'?re welcome|sorry(?: to hear that)?|ok(?:ay)?|sure|yes|yep|你好|您好|嗨|在的?|谢谢|收到|不客气)"
    r"(?:\s+(?:there|all|team|everyone|@?\w+))?\W*$",
    re.IGNORECASE,
)
_TAKES_ON = re.compile(
    r"\b(?:i(?:'m| am)|we(?:'re| are)) (?:on it|fixing|rolling|restarting|deploying|raising|increasing|resetting|reverting)\b|"
    r"\b(?:i|we)(?:'ll| will| have|'ve)? (?:now |just |already )?(?:take (?:this|it)|took (?:this|it)|fix|fixed|roll(?:ed)? back|"
    r"restart(?:ed)?|reset|raised?|increased?|enabled?|disabled?|unblocked?|reverted?|deployed|patched|opened a (?:bug|ticket|case))\b|"
    r"我(?:来处理|已经?(?:修复|重启|调整|处理|回滚|开通))|已(?:修复|处理|重启|回滚|解决)",
    re.IGNORECASE,
)
_QUESTION_BACK = re.compile(r"[?？]\s*$")
_MIN_TERMS = 3


def human_answered(messages: Sequence[Message]) -> bool:
    """Whether any analyst's message among these (all after the question) answers it or takes it on."""
    said = [m.text for m in messages if m.role is Role.ANALYST and m.deleted_at is None and not m.direct]
    return any(reply_answers(text) for text in said)


def reply_answers(text: str) -> bool:
    """Whether an analyst's reply resolves or takes on the question before it, by its words alone."""
    stripped = text.strip()
    if not stripped or _GREETING.match(stripped):
        return False
    if _TAKES_ON.search(stripped):
        return True
    statements = [s for s in _sentences(stripped) if not _QUESTION_BACK.search(s) and not _is_phrase(s)]
    return any(len(content_terms(s)) >= _MIN_TERMS for s in statements)


def _is_phrase(sentence: str) -> bool:
    return bool(_LOOKING.match(sentence) or _LOOKING_ZH.match(sentence) or _GREETING.match(sentence))


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?。！？])\s+|\n+|(?<=[。！？])", text) if part.strip()]
