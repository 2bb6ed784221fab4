"""Ids that are the same whenever the same thing is made again, so that a repeated job writes the same rows."""

from typing import NewType
from uuid import UUID, uuid5

SessionId = NewType("SessionId", str)
MessageId = NewType("MessageId", str)
QuestionId = NewType("QuestionId", str)
TurnId = NewType("TurnId", str)
AnswerId = NewType("AnswerId", str)
EntryId = NewType("EntryId", str)
CardId = NewType("CardId", str)
RunId = NewType("RunId", str)

SHORT = 8
"""Characters of an entry's id that name it in lists and sentences."""

_PART = "#"
_NAMESPACE = UUID("6f1f3a52-2f0e-5c5c-9d0b-7d1f0a4b9c11")


def make_id(*parts: object) -> str:
    """Give the uuid5 of the parts, in order; equal parts give the equal id in every process."""
    return str(uuid5(_NAMESPACE, "\x1f".join(str(part) for part in parts)))


def part_id(document: EntryId, n: int) -> EntryId:
    """The id of a document's ``n``-th part, counted from 0: the ledger knows the document, retrieval its parts."""
    return EntryId(f"{document}{_PART}{n}")


def short(entry: EntryId) -> str:
    """The beginning of an entry's id that names it to people; a part of a document by its number too."""
    document, part, n = entry.partition(_PART)
    return f"{document[:SHORT]}{part}{n}"


def subject_of(entry: EntryId) -> EntryId:
    """What the ledger knows an entry as: a part of a document as its document, everything else as itself."""
    return EntryId(entry.partition(_PART)[0])
