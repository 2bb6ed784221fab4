"""``vigil eval grounding``: whether answers cite the right documents, and whether what they say stands in what they cite."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from core.domain.answers import Claim
from core.domain.knowledge import KnowledgeEntry
from core.domain.tasks import Generated, GenerateInput, Reply, Request
from core.evaluate.asked import answers
from core.evaluate.metrics import Measured, mean, measured, pooled, share
from core.evaluate.report import Report, report
from core.evaluate.retrieval import ANSWERABLE, filled
from core.evaluate.rows import Row, needed
from core.evaluate.trial import Trial
from core.ports.engine import Engine
from core.text.terms import content_terms, term_set

In = TypeVar("In")
Out = TypeVar("Out")
NO_SPANS = "The engine names no spans: what its claims cite is compared as a whole."


@dataclass(slots=True)
class Noting:
    """An engine that keeps what generate was given and gave: spans as the engine named them, before anything is checked."""

    engine: Engine
    generated: list[tuple[GenerateInput, Generated]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """See ``Engine.name``."""
        return self.engine.name

    @property
    def quotes(self) -> bool:
        """See ``Engine.quotes``."""
        return self.engine.quotes

    @property
    def remote(self) -> bool:
        """See ``Engine.remote``."""
        return self.engine.remote

    async def perform(self, request: Request[In, Out]) -> Reply[Out]:
        """See ``Engine.perform``."""
        reply = await self.engine.perform(request)
        if isinstance(request.inputs, GenerateInput) and isinstance(reply.output, Generated):
            self.generated.append((request.inputs, reply.output))
        return reply


@dataclass(frozen=True, slots=True)
class Grounded:
    """One row: how many documents its answers cite, how many of these are relevant and how many there would be; then as (hits,
    all) its spans found in their passages, the content terms of its claims found in their spans, and found in what they
    cite."""

    cited: int = 0
    right: int = 0
    relevant: int = 0
    spans: tuple[int, int] = (0, 0)
    in_spans: tuple[int, int] = (0, 0)
    in_cited: tuple[int, int] = (0, 0)


async def grounding_suite(trial: Trial) -> Report:
    """Citations of what is answered, asked directly, to the answerable rows of which the corpus holds a relevant document; no
    model judges.

    ``citation_precision``: the share of all cited documents that are among the row's ``relevant_ids``. ``citation_recall``: per
    answered row the share of its relevant documents that is cited, in the mean. ``cites_relevant``: the share of answered rows
    that cite at least one. ``spans_found``: the share of the cited spans that stand in their passage word for word, white space
    aside. ``carried_by_spans`` and ``carried_by_cited``: the share of the claims' content terms that stand in the claims'
    spans, or anywhere in the passages that they cite. Spans and claims are those of the engine, before the code drops what is
    wrong.
    """
    begun = time.monotonic()
    await filled("grounding", trial)
    held = {str(document["id"]) for document in trial.corpus}
    rows = [row for row in trial.rows if _answerable(row) and held & set(row.get("relevant_ids") or ())]

    async def work(row: Row) -> Grounded:
        return await _grounded(row, held & set(row["relevant_ids"]), trial)

    done = await trial.each(work, lambda _: Grounded(), rows)
    named = any(one.spans[1] for one in done)
    return report("grounding", len(done), begun, _figures(done), [] if named else [NO_SPANS])


def _figures(done: Sequence[Grounded]) -> dict[str, Measured]:
    answered = [one for one in done if one.cited]
    figures = {
        "answered": measured([one.cited > 0 for one in done], share),
        "citation_precision": measured([(one.right, one.cited) for one in answered], pooled),
        "citation_recall": measured([one.right / one.relevant for one in answered], mean),
        "cites_relevant": measured([one.right > 0 for one in answered], share),
        "carried_by_cited": measured([one.in_cited for one in answered], pooled),
    }
    if any(one.spans[1] for one in done):
        figures["spans_found"] = measured([one.spans for one in done], pooled)
        figures["carried_by_spans"] = measured([one.in_spans for one in done], pooled)
    return figures


def _answerable(row: Row) -> bool:
    return row.get("answerability", ANSWERABLE[0]) in ANSWERABLE


async def _grounded(row: Row, relevant: Collection[str], trial: Trial) -> Grounded:
    (query,) = needed(row, "query")
    noting = Noting(trial.tools.engine)
    made = await answers(row, str(query), replace(trial.tools, engine=noting), trial.scope)
    cited = {citation.entry for answer in made for citation in answer.citations}
    claims = [(claim, given) for given, output in noting.generated for claim in output.claims]
    return Grounded(
        cited=len(cited),
        right=len(cited & set(relevant)),
        relevant=len(relevant),
        spans=_sum([_found(claim, given) for claim, given in claims]),
        in_spans=_sum([_carried(claim, [span.text for span in claim.spans]) for claim, _ in claims if claim.spans]),
        in_cited=_sum([_carried(claim, _cited(claim, given)) for claim, given in claims]),
    )


def _found(claim: Claim, given: GenerateInput) -> tuple[int, int]:
    texts = dict(enumerate((_plain(_text(p.entry)) for p in given.passages), start=1))
    return sum(_plain(span.text) in texts.get(span.n, "") for span in claim.spans), len(claim.spans)


def _carried(claim: Claim, by: Sequence[str]) -> tuple[int, int]:
    there, said = term_set("\n".join(by)), content_terms(claim.text)
    return sum(term in there for term in said), len(said)


def _cited(claim: Claim, given: GenerateInput) -> list[str]:
    return [_text(given.passages[n - 1].entry) for n in claim.cites if 1 <= n <= len(given.passages)]


def _text(entry: KnowledgeEntry) -> str:
    """What an entry says to whoever reads it as a source."""
    conditions = f"Conditions: {entry.conditions}\n" if entry.conditions else ""
    return f"{entry.title}\n{conditions}{entry.answer}"


def _plain(text: str) -> str:
    return " ".join(text.split())


def _sum(counts: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(hits for hits, _ in counts), sum(n for _, n in counts)
