"""What all renderings of a card word alike: numbers and ages of sources, what happened to it, where it is cut. Pure."""

from datetime import datetime, timedelta

from core.domain.answers import Answer, Citation, marked
from core.domain.cards import Card, CardMark, CardNote, CardState
from core.domain.ids import EntryId
from core.text.catalogue import day, say
from core.text.sentences import sentences

SHOWN_CHARS = 900
"""About what a card shows before `Show all` (UX.md)."""
OLD = timedelta(days=180)
"""From this age on a source says its age in months (UX.md: old knowledge says its age)."""

_ALONE = {CardNote.PICTURE_UNREAD: "picture_unread", CardNote.REDUCED: "reduced_service"}
"""The notes that say something where there is no answer."""

Numbers = dict[tuple[EntryId, int], int]


def numbers_of(card: Card) -> Numbers:
    """Number what a card cites, from 1 in the order of its answers; a revision that several of them cite has one number."""
    cited = (citation for section in card.sections for citation in section.answer.citations)
    found: Numbers = {}
    for citation in cited:
        found.setdefault((citation.entry, citation.revision), len(found) + 1)
    return found


def marked_by_card(answer: Answer, numbers: Numbers) -> str:
    """An answer's text with the markers of its card: ``Set it to 8 MB [3].`` A list or code block begins its own line."""
    renumber = {c.n: numbers[c.entry, c.revision] for c in answer.citations}
    text = ""
    for claim in answer.claims:
        piece = marked(claim.text, (renumber[n] for n in claim.cites))
        text += f"{_joint(text, piece)}{piece}" if text else piece
    return text


def _joint(before: str, after: str) -> str:
    own_line = after.startswith(("- ", "* ", "• ", "```", "1. ")) or before.rpartition("\n")[2].startswith(
        ("- ", "* ", "• ")
    )
    return "\n" if own_line else " "


def beginning(text: str, chars: int) -> str:
    """The text, or its sentences that end within ``chars`` characters; where none does, as many characters."""
    if len(text) <= chars:
        return text
    ends = [s.end for s in sentences(text) if s.end <= chars]
    return text[: ends[-1] if ends else chars].rstrip()


def age(citation: Citation, language: str, now: datetime) -> str:
    """How old a source is, and how often it was confirmed."""
    known = citation.confirmed_at or citation.updated_at
    if now - known > OLD:
        return say(language, "old" if citation.confirmations else "old_unconfirmed", months=(now - known).days // 30)
    if citation.confirmations > 1:
        return say(language, "confirmed", count=citation.confirmations, day=day(known, language))
    return say(language, "confirmed_once" if citation.confirmations else "unconfirmed", day=day(known, language))


def read_age(citation: Citation, language: str, now: datetime) -> str:
    """How long ago a document was read: ``documentation, read 3 days ago``. Found unchanged, it counts as read then."""
    read, kind = citation.confirmed_at or citation.updated_at, say(language, "chunk_source")
    days = max((now - read).days, 0)
    if now - read > OLD:
        return say(language, "read_months", kind=kind, count=days // 30)
    key = {0: "read_today", 1: "read_yesterday"}.get(days, "read_days")
    return say(language, key, kind=kind, count=days)


def note_words(card: Card) -> list[str]:
    """The notes, a line each. What one says of an answer is left out where there is none; that a screenshot was not read,
    or that service is reduced, explains why."""
    if card.sections:
        return [say(card.language, note) for note in card.notes]
    return [say(card.language, _ALONE[note]) for note in card.notes if note in _ALONE]


def mark_words(mark: CardMark, language: str, by: str, time: str) -> str:
    """What happened to a card: ``Accepted by Dana, 14:02``; ``by`` and ``time`` as the platform shows them."""
    match mark.state:
        case CardState.WITHDRAWN:
            return say(language, mark.reason or "withdrawn", day=day(mark.at, language))
        case CardState.ACCEPTED | CardState.SENT | CardState.DISMISSED:
            return say(language, f"{mark.state.value}_by", by=by, time=time)
        case CardState.NOT_SENT:
            return say(language, mark.reason or "not_sent_moved")
        case CardState.ANSWERED_FIRST:
            return say(language, "answered_first")
        case CardState.POSTED:
            return ""
