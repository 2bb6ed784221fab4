"""Has a human answered? One cheap test for identify and for the last look (DESIGN 5.1).

*Answered* means: an analyst resolved or explicitly took on this very question. Requests for data, disclaimers, politeness,
promises of looking, sending elsewhere and asides do not count. Judged sentence by sentence, by words alone; which question a
reply is about is ``transcript.after``. ``core/evaluate/own/taken.jsonl`` measures it; the words were chosen with that file in
sight, so its figures flatter (before and after: tests/unit/session/test_answered.py).
"""

import re
from collections.abc import Sequence

from core.domain.people import Role
from core.domain.sessions import Message
from core.text.sentences import sentences
from core.text.terms import content_terms

_I = re.IGNORECASE
_LEAD = re.compile(
    r"^\W*(?:(?:hi|hey|hello|good (?:morning|afternoon|evening)|morning|ok(?:ay)?|thanks?(?: you)?|thx|sorry|hmm+|ah+|oh|well|so|ufff?)\b"
    r"(?:\s+(?:for|to) [^,.!]*|\s+(?:there|all|team|everyone)|(?-i:\s+@?[A-Z]\w+))?[\s,!.:…-]+|@[\w.-]+[\s,:]+|(?:好的?|收到|嗯+|您?好|在的?)[，,。！ ]+)",
    _I,
)
"""How a sentence begins before it says anything; taken off again and again."""

_SOCIAL = re.compile(
    r"^\W*(?:(?:hi|hey|hello|good (?:morning|afternoon|evening)|morning|thanks?|thank you|thx|np|no (?:problem|worries)|welcome|you'?re welcome|"
    r"sorry|apolog\w+|my apologies|ok(?:ay)?|sure|yes|yep|interesting|funny|ouch|wow|oh no|good question|glad|happy to|long time|poor|congrat\w*|awesome|feel free|good luck|(?:kind |best )?regards|great (?:to hear|that))\b"
    r"(?![,:;]? (?:set|use|the|you|it|there|add|run|with)\b)[^,:;]*|(?:你好|您好|嗨|在的?|谢谢|感谢|收到|不客气|早上好|抱歉|辛苦)[^，,]*)$",
    _I,
)
_ASKS_FOR = re.compile(
    r"^\W*(?:(?:please|pls|kindly)\s+(?:send|share|post|paste|provide|attach|show|give|tell|confirm|dm|don'?t post)\b"
    r"|(?:can|could|would|will) (?:you|someone|anyone|somebody|i)\b|(?:send|share|show|tell|give|dm) (?:me|us)\b"
    r"|(?:which|who|whose|do you|did you|have you|are you|does it|is it|what (?:is|are|does|do|did) (?:the|your|it|you))\b"
    r"|(?:i|we)(?:'d| would)? (?:still |also )?(?:need|like|want) (?:to (?:see|know|have)|the|your|a|an|some|more)\b)"
    r"|^\W*(?:麻烦|请)(?:您|你)?(?:先)?(?:提供|发|贴|给|看|提)|发一?下|提供一下",
    _I,
)
_DISCLAIMS = re.compile(
    r"\bno (?:idea|clue)\b|\b(?:not|un) ?(?:sure|certain)\b|\b(?:do|does|did)(?:n'?t| not) (?:know|remember|recall)\b|\bnot that i know\b|"
    r"\bi(?:'m| am) not (?:allowed|able|familiar)\b|\bi (?:think|guess|believe) so\b|\bcould be (?:a few|many|several)\b|\bi(?:'d| would|'ll| will) (?:have|need) to\b"
    r"|不确定|不清楚|不知道|不太了解",
    _I,
)
_LOOKS = re.compile(
    r"^(?:just )?(?:(?:one|a|just a) (?:sec(?:ond)?|moment|minute|min)\b|moment\b|let me\b|give me\b|(?:please )?(?:wait$|hold on|hang on|bear with|stand ?by)\b|brb\b|"
    r"(?:still |now )?(?:checking|looking|investigating|digging|asking|pinging|tagging|reading|escalating|forwarding|moving this|adding (?:it |this )?to the list|noted|seen)\b)"
    r"|\b(?:i|we)(?:'m|'re| am| are|'ll| will|'ve| try to)(?: \w+)? (?:check(?:ing)?|look(?:ing)?|see|ask(?:ing)?|find|get(?:ting)? back|come back|follow(?:ing)? up|ping(?:ing)?|loop(?:ing)?|dig(?:ging)?|"
    r"investigat\w+|verify(?:ing)?|confirm|forward\w*|be back|reading)\b|\bi(?:'ve| have) (?:forwarded|asked|pinged)\b"
    r"|^(?:请?稍等|等一下|请稍候|看到了|正在(?:排查|确认|查|看|核实|了解))|^我们?(?:先|来|去|帮您|帮你)?(?:看|查|确认|问)(?!了)|^已记录|晚点",
    _I,
)
_AWAY = re.compile(
    r"\b(?:at|on|to|for) lunch\b|\bin an? (?:meeting|call)\b|\bout (?:today|of office|until|this week)\b|\bon (?:holiday|vacation|leave)\b|"
    r"\b(?:back (?:at|in|on|soon|tomorrow) .{0,20}$)|\bjust joining\b|在(?:开会|忙|吃饭|休假)|午休",
    _I,
)
_ELSEWHERE = re.compile(
    r"^cc\b|\b(?:right|wrong) channel\b|\bone is yours\b|\b(?:i|we) (?:just )?(?:see|saw|had|have) (?:it|that|this|lots)\b|\bsame here\b|^me (?:too|neither)\b|\bmine works\b|\bi would love\b",
    _I,
)
_ASIDE = re.compile(
    r"\bby the way\b|\bbtw\b|\b(?:other|another) (?:question|thread|topic|ticket)\b|\byou asked (?:about|me|yesterday|last)\b|\bquestion from\b|\bnot your question\b|"
    r"\bas you asked\b|顺便|另一个问题",
    _I,
)
_TAKES_ON = re.compile(
    r"^(?:(?:i'?m |i am |we'?re |we are )?(?:on it|taking (?:this|it|over)\b)|mine$|(?:i|we)(?:'ve| have)? (?:take|took|taken over)\b)"
    r"|\b(?:i|we)(?:'m|'re| am| are) (?:now |just |already )?(?!check|look|ask|read|try|go|investigat|wonder|think|hop|join|ping|talk|us|see|wait|forward|digg)\w{2,}ing\b"
    r"|\b(?:i|we)(?:'ll| will) (?:now )?(?:do (?:that|it|this)|fix|raise|roll|reset|restart|revert|deploy|run|put|add|change|remove|delete|unlock|enable|disable|restore)\b"
    r"|\b(?:i|we)(?:'ve| have)? (?:now |just |already )?(?:fixed|rolled back|restarted|reset|raised|increased|enabled|disabled|unblocked|reverted|deployed|patched|changed|added|removed|"
    r"deleted|restored|resumed|set|opened a (?:bug|ticket|case))\b"
    r"|^(?:it'?s |all |now |already )*(?:done|added|fixed|deleted|unlocked|removed|reset|restarted|enabled|disabled|raised|increased|reverted|deployed|approved|granted|restored)\b"
    r"|我来处理|已经?(?:修复|处理|重启|回滚|解决|开通|调整|加好)|我已|刚.{1,3}好",
    _I,
)
_SAYS = re.compile(r"^(?:yes|no|nope|yep|yeah|sure|right)\b[,:. ]+\w|\d|^(?:可以|能|支持|不支持|不能|按)", _I)
"""A short sentence that answers all the same: yes or no and more, or a figure."""

_QUESTION_BACK = re.compile(r"[?？]\W*$")
_PARTS = re.compile(r"[;；]\s*|,?\s+but\s+", _I)
_NO_ANSWER = (_SOCIAL, _ASKS_FOR, _DISCLAIMS, _LOOKS, _AWAY, _ELSEWHERE)
_EMPTY = (_SOCIAL, _ASKS_FOR, _LOOKS, _AWAY)
_MIN_TERMS = 3


def human_answered(messages: Sequence[Message]) -> bool:
    """Whether any analyst's message among these (all after the question, and about it) answers it or takes it on. What an
    analyst says to Vigil is said to nobody else."""
    said = [m.text for m in messages if m.role is Role.ANALYST and m.deleted_at is None and not m.direct]
    return any(reply_answers(text) for text in said)


def reply_answers(text: str) -> bool:
    """Whether an analyst's reply resolves or takes on the question before it, by its words alone."""
    said = [s.text for s in sentences(text) if not _QUESTION_BACK.search(s.text) and not _ASIDE.search(s.text)]
    return any(_states(_without_lead(part)) for sentence in said for part in _PARTS.split(sentence))


def says_something(text: str) -> bool:
    """Whether a message is more than politeness, a question back or a promise to look: also a short "no" is."""
    said = [s.text for s in sentences(text) if not _QUESTION_BACK.search(s.text)]
    parts = (_without_lead(part) for sentence in said for part in _PARTS.split(sentence))
    return any(part and not any(pattern.search(part) for pattern in _EMPTY) for part in parts)


def _without_lead(text: str) -> str:
    text = text.strip()
    while (lead := _LEAD.match(text)) and lead.end() < len(text):
        text = text[lead.end() :]
    return text.strip(" .!,。！，")


def _states(part: str) -> bool:
    if _TAKES_ON.search(part):
        return True
    if any(pattern.search(part) for pattern in _NO_ANSWER):
        return False
    return bool(_SAYS.search(part)) or len(content_terms(part)) >= _MIN_TERMS
