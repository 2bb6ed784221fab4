"""What an entry says as the parts that may be cited: the same for the engine that cites and for the check of what it cited."""

from itertools import pairwise

from core.domain.knowledge import KnowledgeEntry
from core.text.sentences import sentences


def cited_parts(entry: KnowledgeEntry) -> list[str]:
    """The conditions, where there are any, then the sentences of the answer; joined they are the whole text. None is blank."""
    starts = [sentence.start for sentence in sentences(entry.answer)]
    ends = [0, *starts[1:], len(entry.answer)] if starts else [0, 0]
    parts = [entry.answer[start:end] for start, end in pairwise(ends)]
    conditions = [f"Conditions: {entry.conditions}\n"] if entry.conditions.strip() else []
    return [*conditions, *(part for part in parts if part.strip())]
