"""What Vigil was worth in a period: the records' counts put together (``core.domain.figures`` defines them)."""

from collections import Counter
from collections.abc import Sequence

from core.domain.figures import MANY, Figures, Help, Knowledge, KnowledgeDay, Lead, OnCalls, Over
from core.domain.knowledge import ChangeKind
from core.ports.records import UnitOfWork


async def figures(work: UnitOfWork, over: Over) -> Figures:
    """Read the figures of a period."""
    on_calls = await work.figures.on_calls(over)
    leads, recorded = await work.figures.leads(over)
    growth = await work.figures.growth(over)
    since = over.since.date()
    return Figures(
        over=over,
        helped={when: sum(one.count for one in on_calls if one.help is when) for when in Help},
        answers_per_on_call=_distribution(on_calls),
        days=tuple(await work.figures.answers(over)),
        leads_s=tuple(leads),
        lead=lead_of(leads),
        recorded=recorded,
        growth=tuple(growth),
        knowledge=_knowledge([one for one in growth if one.day < since], [one for one in growth if one.day >= since]),
    )


def _distribution(on_calls: Sequence[OnCalls]) -> tuple[int, ...]:
    found = Counter[int]()
    for one in on_calls:
        found[min(one.answers, MANY)] += one.count
    return tuple(found[n] for n in range(MANY + 1))


def lead_of(leads: Sequence[float]) -> Lead:
    """The quartiles of ascending leads, interpolated between neighbours."""
    return Lead(len(leads), *(_quantile(leads, at) for at in (0.25, 0.5, 0.75)))


def _quantile(ascending: Sequence[float], at: float) -> float | None:
    if not ascending:
        return None
    place = at * (len(ascending) - 1)
    low = int(place)
    high = min(low + 1, len(ascending) - 1)
    return ascending[low] + (ascending[high] - ascending[low]) * (place - low)


def _knowledge(earlier: Sequence[KnowledgeDay], now: Sequence[KnowledgeDay]) -> Knowledge:
    changes: Counter[ChangeKind] = Counter()
    for one in now:
        changes[one.change] += one.revisions
    before = _size(earlier)
    return Knowledge(changes, before, before + _size(now))


def _size(days: Sequence[KnowledgeDay]) -> Counter[str]:
    size: Counter[str] = Counter()
    for one in days:
        size.update({one.kind: one.grew})
    return size
