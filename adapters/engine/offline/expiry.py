"""Until when a solution holds, read from its words. DESIGN 6: seven days when it is temporary and names no date."""

import re
from datetime import UTC, date, datetime, time, timedelta

from core.text.sentences import sentences

TEMPORARY_DAYS = 7
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\b\.?"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = r"(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs?|ur|urs)?(?:day)?\b"
_BEFORE = (
    r"(?:until|till|til|through|valid (?:until|to|through|before)|expires?(?: on| before)?|not (?:needed|required) after|"
    r"(?:fix|deploy|release|patch|gone|done)\w*(?: \w+){0,3} before)\s+(?:the )?(?:end of )?(?:on )?"
)
_ISO = re.compile(_BEFORE + r"(\d{4})-(\d{2})-(\d{2})", re.IGNORECASE)
_DAY_MONTH = re.compile(
    _BEFORE + r"(?:\w+,? )?(\d{1,2})(?:st|nd|rd|th)?(?: of)? " + _MONTH + r"(?:,? (\d{4}))?",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    _BEFORE + r"(?:\w+,? )?" + _MONTH + r" (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?\b",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(_BEFORE + r"(?:next |this )?" + _DAY, re.IGNORECASE)
_TOMORROW = re.compile(_BEFORE + r"(tomorrow|tonight|today)", re.IGNORECASE)
_ZH_DATE = re.compile(
    r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})[日号](?:之?前|为止|到期|有效)|(?:到|至|截止到?|有效期到?至?)(?:(\d{4})年)?(\d{1,2})月(\d{1,2})[日号]"
)
_ZH_WEEKDAY = re.compile(r"(?:到|至|截止到?)(?:下|本|这)?(?:周|星期)([一二三四五六日天])")
_SOLUTION = (
    r"(?:work-?arounds?|fix|solution|measure|setting|patch|mitigation|hack|remedy|bypass|stop-?gap|change|override)"
)
_DO = (
    r"(?:use|set|raise|lower|increase|decrease|reduce|limit|switch|turn|disable|enable|add|remove|pin|roll|revert|downgrade|skip|"
    r"bypass|point|move|change|stop|keep|allow|exclude)"
)
_TEMPORARY = re.compile(
    rf"work-?around|temporary {_SOLUTION}|(?:{_SOLUTION}|this|that|it) (?:is|was) (?:only |just |purely )?(?:a )?temporary|"
    rf"as a temporary|temporarily,? {_DO}\b|\b{_DO}\b(?:(?! (?:is|are|be|was|were)\b)[^.!?\n]){{1,80}} temporarily\b(?! (?:un|not|down|off|block|reject|fail|over|miss|gone))|"
    r"for now|time being|interim|in the meantime|"
    r"until (?:the (?:fix|deploy|release|patch|next)|it'?s fixed|we (?:fix|deploy|ship|release))|"
    r"(?:临时|暂时)(?!凭|文件|目录|密钥|令牌|表|账|证书|token|不可用|无法|不能|没)",
    re.IGNORECASE,
)
"""That a solution is temporary; temporary files and credentials are not."""
_HOURS = r"(?:support|office|opening|business|working|service|desk) (?:hours|times?)"
_ASIDE = re.compile(
    r"\b(?:(?:there(?:'s| is| are)|has|have|is|know|with|see) )?(?:no|not an?|without (?:an?|any)|any) (?:known )?work-?arounds?|"
    r"\b(?:that(?:'s| is| was| will be|'ll be)|this is|it's) (?:it|all|everything|enough)[^.,;!?\n]{0,30} for now|"
    r"\b(?:bye|thanks|thank you|done|closing(?: this| it)?|nothing (?:else|more)|good) for now|"
    r"\bin the meantime,? (?:i|let me)\b[^.;!?\n]*|"
    r"\b(?:i|we|he|she|they)(?:'m|'re|'s|'ll be| am| are| is| will be) (?:still |all )?(?:off|back|gone|reachable|open|closed|online)"
    r"\b[^.,;!?\n]*|\b\w+(?:'m|'re|'s|'ll be| am| are| is| will be) (?:still |all )?"
    r"(?:out|away|ooo|travell?ing|on (?:leave|vacation|holidays?|pto|call|duty))"
    r"\b[^.,;!?\n]*|\b(?:out of (?:the )?office|ooo)\b[^.,;!?\n]*|"
    rf"\b{_HOURS}\b[^.,;!?\n]*|\b(?:support|team|office|desk|hotline) (?:is|are) (?:available|open|closed|staffed)\b[^.,;!?\n]*|"
    r"没有(?:临时|变通)\w*|我(?:休假|请假|不在)[^。，；！？\n]*|(?:工作|营业|值班|服务)时间[^。，；！？\n]*",
    re.IGNORECASE,
)
"""What tells of no solution: that there is no workaround, where somebody is, when somebody may be reached."""
_OF_IT = re.compile(
    rf"\b{_SOLUTION}\b|\b(?:this|that|it)\b|\b(?:valid|needed|required|temporar\w*|holds?|applies)\b|临时|暂时|有效",
    re.IGNORECASE,
)
_END_CHARS = 24


def expiry_beside(text: str, answer: str, said_at: datetime) -> datetime | None:
    """Read from the answer that was kept of a text until when it holds, and from the sentences next to what was kept that say
    how long that does."""
    pieces = [piece for piece in (one.text.strip() for one in sentences(text)) if piece]
    kept = [piece[-_END_CHARS:] in answer for piece in pieces]
    beside = [
        piece
        for i, piece in enumerate(pieces)
        if not kept[i] and any(kept[max(0, i - 1) : i + 2]) and _OF_IT.search(_ASIDE.sub(" ", piece))
    ]
    return expiry_of("\n".join((answer, *beside)), said_at)


def expiry_of(text: str, said_at: datetime) -> datetime | None:
    """Give the end of the last day on which the text says that it holds, seven days when it only says that it is temporary,
    ``None`` when it is not temporary. A date without a year is the next one from ``said_at`` on."""
    text = _ASIDE.sub(" ", text)
    last = _dated(text, said_at.date())
    if last is None and not _TEMPORARY.search(text):
        return None
    return datetime.combine(last or said_at.date() + timedelta(days=TEMPORARY_DAYS), time(23, 59, 59), UTC)


def _dated(text: str, today: date) -> date | None:
    days = (read(text, today) for read in (_iso, _day_month, _month_day, _chinese, _weekday, _near))
    return next((day for day in days if day is not None and day >= today), None)


def _iso(text: str, today: date) -> date | None:
    found = _ISO.search(text)
    return _date(int(found[1]), int(found[2]), int(found[3])) if found else None


def _day_month(text: str, today: date) -> date | None:
    found = _DAY_MONTH.search(text)
    return _coming(found[3], _MONTHS.index(found[2].lower()) + 1, int(found[1]), today) if found else None


def _month_day(text: str, today: date) -> date | None:
    found = _MONTH_DAY.search(text)
    return _coming(found[3], _MONTHS.index(found[1].lower()) + 1, int(found[2]), today) if found else None


def _chinese(text: str, today: date) -> date | None:
    found = _ZH_DATE.search(text)
    if found:
        year, month, day = (found[1], found[2], found[3]) if found[2] else (found[4], found[5], found[6])
        return _coming(year, int(month), int(day), today)
    weekday = _ZH_WEEKDAY.search(text)
    return _next_weekday("一二三四五六日".index(weekday[1].replace("天", "日")), today) if weekday else None


def _weekday(text: str, today: date) -> date | None:
    found = _WEEKDAY.search(text)
    return _next_weekday(_DAYS.index(found[1].lower()), today) if found else None


def _near(text: str, today: date) -> date | None:
    found = _TOMORROW.search(text)
    return today + timedelta(days=found[1].lower() == "tomorrow") if found else None


def _next_weekday(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.weekday()) % 7 or 7)


def _coming(year: str | None, month: int, day: int, today: date) -> date | None:
    if year:
        return _date(int(year), month, day)
    this_year = _date(today.year, month, day)
    return this_year if this_year is None or this_year >= today else _date(today.year + 1, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # 31 February: the words are no date
        return None
