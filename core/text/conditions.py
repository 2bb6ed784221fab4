"""What a text holds under: its conditional clauses, version ranges, platforms, and what it says is there or not. Pure.

A question contradicts an answer when it names another platform, a version outside the answer's range, or says that there is
none of what the answer is about (DESIGN 5.5: a contradicted condition forbids, an unknown one is stated).
"""

import re
from functools import lru_cache

from core.text.platforms import platforms_clash, stated_kits
from core.text.sentences import sentences
from core.text.terms import content_terms, keys
from core.text.versions import named_versions, versions_clash

_I = re.IGNORECASE
_TO_STOP = r"[^,;:.，；：。\n()（）]|\.(?=[\w`])|:(?=\w)"
_CLAUSE = re.compile(
    rf"\b(?:only )?(?:if|when|unless|provided that|as long as)\b (?:{_TO_STOP}){{3,160}}"
    rf"|\bonly (?:with|in|on|for|from|since|below|before|until|up to)\b (?:{_TO_STOP}){{2,160}}"
    r"|(?<![\w-])(?:below|before|from|since|until|up to|(?:with|on|in|for) (?:the "
    r")?(?=[A-Za-z`])(?!versions?\b)) ?(?:[\w./'-]{1,40} ){0,5}?v?\d{1,6}(?:\.\d{1,6}){1,4}(?:\.x)?"
    r"(?: (?:and|or) (?:later|older|below|above|newer|earlier|higher))?(?! (?:or|and) \d)"
    r"|\b[A-Z][\w+-]{0,30} (?:SDK |client |driver |agent )?v?\d{1,6}(?:\.\d{1,6}){0,3}\.x\b"
    r"|\bin (?:the )?[`'\"\w-]{2,40} mode\b"
    r"|(?:^|(?<=[.!?] ))(?:With|Behind) `[^`\n]{2,60}`",
    _I,
)
_CLAUSE_ZH = re.compile(
    r"(?:如果|若|当|除非|只有|仅在|仅当|仅限|只在)[^，。；！？\n]{2,60}|[\w .`-]{2,30}模式下?|[\w "
    r"]{0,20}\d+(?:\.\d+)+ ?(?:版本)?(?:及)?(?:以上|以下|之前|之后|以前|以后)(?:的?版本)?"
)
_NO_CONDITION = re.compile(
    r"\b(?:i|i'm|we|my|our|you(?:'re)? (?:could|can|select|go|look|log|login|call|read|find|specify)|you(?:'d)? "
    r"(?:want|need|like|prefer|have (?:any|more|other|further|questions))|questions?|helps?|possible|in doubt|"
    r"not sure|let (?:me|us)|"
    r"still|again|happens|necessary|needed|it (?:does|is)|that (?:does|is)|you (?:get|see) (?:a chance|this)|"
    r"have time|done|finished|ready)\b|还|再|需要帮",
    _I,
)
_AIM = re.compile(
    r"\b(?:upgrad|updat|fixed|chang|switch|mov|go(?:es)? back|downgrad|add|introduc|available|new|support|"
    r"automatic)\w*\b[^.;]{0,40}$|升级到?$",
    _I,
)
_MOST_CHARS = 4000
"""What is read of a text: the patterns look far ahead."""
_LONGEST = 240
_MOST_TERMS = 14
"""A longer clause is a tale."""


@lru_cache(maxsize=4096)
def clauses(text: str) -> str:
    """Give the conditional clauses of an answer, joined by semicolons; empty when it holds everywhere."""
    found: list[str] = []
    for sentence in sentences(text[:_MOST_CHARS]):
        for pattern in (_CLAUSE, _CLAUSE_ZH):
            for match in pattern.finditer(sentence.text):
                clause = re.split(r" then | (?:you|it) (?:can|will|must|should) ", match.group(), maxsplit=1)[0].strip(
                    " ,，"
                )
                if _is_condition(clause) and not _AIM.search(sentence.text[: match.start()]):
                    found.append(clause)
    kept = [c for c in dict.fromkeys(found) if not any(c != other and c.lower() in other.lower() for other in found)]
    joined = ""
    for clause in kept:
        if len(joined) + len(clause) > _LONGEST:
            break
        joined += f"; {clause}" if joined else clause
    return joined


def _is_condition(clause: str) -> bool:
    says = (
        len(content_terms(clause)) in range(2, _MOST_TERMS)
        or bool(keys(clause))
        or re.search(r"\d\.\d|[\u3400-\u9fff]{3}|`", clause)
    )
    return bool(says) and not _NO_CONDITION.search(clause)


_THING = r"((?:[\w`-]{1,40} ){0,2}[\w`-]{1,40})"
_ABSENT_AFTER = re.compile(
    rf"\b(?:no|without(?: an?| any)?|(?:do|does|did|is|are|was|were|has|have|had)(?:n'?t| not)(?: (?:use|using|"
    rf"have|having|has|got|enabled?|set up|on))?(?: an?| any| the)?|"
    rf"(?:not|never) (?:use|used|using|have|had|enabled)(?: an?| any| the)?) (?={_THING})",
    _I,
)
_ABSENT_BEFORE = re.compile(
    rf"\b{_THING} (?:(?:is|are|was|were|has been|have been) (?:off|disabled|deactivated|inactive|unset)\b"
    r"|(?:is|are|was|were|has|have|had)(?:n'?t| not| never)(?: yet)?(?: been)? "
    r"(?:on|enabled|set|used|active|activated|configured|in use|switched on|turned on)\b)",
    _I,
)
_ABSENT_ZH = re.compile(
    r"(?:没有?|未|不)(?:启用|开启|使用|打开|配置)过?([\u3400-\u9fff\w ]{2,12})"
    r"|([\u3400-\u9fff\w ]{2,12}?)(?:没有?|未)(?:启用|开启|使用|打开)"
)
_PRESENT = re.compile(
    rf"\b{_THING} (?:is|are|was|were) (?:already )?(?:on|enabled|active|set|switched on|turned on)\b|\bwith {_THING} enabled\b",
    _I,
)
_SYMPTOMS = frozenset(
    content_terms(
        "error message log logs output response reply answer change changes effect difference problem issue luck idea way "
        "success exception warning trace documentation result reason entry update news sign hint information details clue "
        "chance question access permission"
    )
)
_TURNS_ON = re.compile(
    r"\b(?:enabl\w*|turn\w* on|switch\w* on|activat\w*|creat\w*|add\w*|set(?: up)?|allow\w*|grant\w*|needs?|requires?)\b"
    r"|启用|开启|打开|需要",
    _I,
)
_NEAR_CHARS = 90


def _phrases(pattern: re.Pattern[str], text: str, first: bool) -> set[tuple[str, ...]]:
    """The things named at a pattern's matches: of the words next to it the two (or one) that carry meaning."""
    found: set[tuple[str, ...]] = set()
    for match in pattern.finditer(text):
        terms = content_terms(next((group for group in match.groups() if group), ""))
        if terms and not _SYMPTOMS & set(terms[:2] if first else terms[-2:]):
            found.add(tuple(terms[:2] if first else terms[-2:]))
    return found


@lru_cache(maxsize=4096)
def _absent(text: str) -> set[tuple[str, ...]]:
    return (
        _phrases(_ABSENT_AFTER, text, first=True)
        | _phrases(_ABSENT_BEFORE, text, first=False)
        | _phrases(_ABSENT_ZH, text, first=True)
    )


@lru_cache(maxsize=4096)
def _present(text: str) -> set[tuple[str, ...]] | None:
    """What a text says is there; ``None`` when it says so of nothing, an empty set when of nothing that tells."""
    return _phrases(_PRESENT, text, first=False) if _PRESENT.search(text) else None


def _absence_clashes(asked: str, about: str, answer: str, conditions: str) -> bool:
    missing = {phrase for phrase in _absent(asked) if len(phrase) > 1}
    if missing:
        known = f"{about}\n{answer}"
        terms, denied = content_terms(known), _absent(known)
        if any(_adjacent(p, terms) and p not in denied and not _is_turned_on(p, answer) for p in missing):
            return True
    return bool((_present(asked) or set()) & _absent(conditions))


def _adjacent(phrase: tuple[str, ...], terms: list[str]) -> bool:
    return any(tuple(terms[i : i + len(phrase)]) == phrase for i in range(len(terms)))


def _is_turned_on(phrase: tuple[str, ...], answer: str) -> bool:
    """Whether the answer tells to bring in what is missing."""
    after = (answer[m.end() : m.end() + _NEAR_CHARS] for m in _TURNS_ON.finditer(answer))
    return any(_adjacent(phrase, content_terms(text)) for text in after)


def contradicted(asked: str, question: str, answer: str, conditions: str) -> bool:
    """Whether a question rules out an answer that was given to another ``question`` under ``conditions`` (or the clauses of the
    answer, where none were kept)."""
    asked, question, answer = asked[:_MOST_CHARS], question[:_MOST_CHARS], answer[:_MOST_CHARS]
    limited = bool(named_versions(asked)) or _present(asked) is not None
    held = conditions or (clauses(answer) if limited else "")
    return (
        platforms_clash(asked, f"{conditions}\n{stated_kits(answer)}")
        or versions_clash(asked, held)
        or _absence_clashes(asked, f"{question}\n{conditions}", answer, held)
    )


def other_context(one: str, other: str) -> bool:
    """Whether two texts name different platforms or different versions."""
    versions = [{v for _, v in named_versions(text)} for text in (one, other)]
    apart = bool(versions[0] and versions[1] and not versions[0] & versions[1])
    return apart or platforms_clash(one, other) or platforms_clash(other, one)
