"""When the documents that a response cites were last read, changed or not."""

from dataclasses import replace
from datetime import datetime

from core.domain.answers import Answer
from core.domain.ids import EntryId, subject_of
from core.domain.knowledge import CHUNK, Passage
from core.ports.records import Records
from core.respond.situation import Response


async def as_read(response: Response, records: Records) -> Response:
    """The response with the days on which the documents that it cites, or names as closest, were last read, changed or not."""
    documents = {subject_of(p.entry.id) for r in response.resolved for p in r.passages if p.entry.kind == CHUNK}
    if not documents:
        return response
    async with records.read() as work:
        sources = await work.documents.among(documents)
    read_at = {source.document: source.read_at for source in sources}
    resolved = tuple(
        replace(
            one,
            passages=tuple(_passage_read(p, read_at) for p in one.passages),
            answer=_answer_read(one.answer, read_at) if one.answer else None,
        )
        for one in response.resolved
    )
    return replace(response, resolved=resolved)


def _passage_read(passage: Passage, read_at: dict[EntryId, datetime]) -> Passage:
    at = read_at.get(subject_of(passage.entry.id))
    return replace(passage, entry=replace(passage.entry, confirmed_at=at)) if at else passage


def _answer_read(answer: Answer, read_at: dict[EntryId, datetime]) -> Answer:
    citations = tuple(
        replace(one, confirmed_at=read_at.get(subject_of(one.entry), one.confirmed_at)) for one in answer.citations
    )
    return replace(answer, citations=citations)
