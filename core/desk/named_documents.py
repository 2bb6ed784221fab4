"""Documents that somebody names by hand, with or without a word about who may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.desk.documents import Kept, audience_was_named, keep, keep_again, order_refresh
from core.desk.places import Known, id_for, is_put_away, known_as
from core.desk.places import named as named_among
from core.desk.ready import Ready
from core.domain.documents import AUDIENCE_NAMED, Link
from core.domain.knowledge import INTERNAL, SHARED, Audience, EntryStatus, Revision
from core.knowledge.ledger import Because, retire
from core.knowledge.quarantine import BY_HAND
from core.learn.ingest_documents import audience_for
from core.ports.records import UnitOfWork
from core.text.addresses import canonical


@dataclass(frozen=True, slots=True)
class Learned:
    """The document, and those of the same page that it stands in place of: retired, because it is meant for others now."""

    kept: Kept
    in_place_of: tuple[Revision, ...]


async def learn_by_hand(
    work: UnitOfWork, ready: Ready, address: str, named: Audience | None, refresh_s: float, now: datetime
) -> Learned:
    """Keep a page that was named by hand at ``address``. Who ``named`` an audience means no other: a page that was for more
    people is so no longer. Where none is named, a known page stays with those who have it, what was retired by hand stays so,
    and what is new is for analysts where it is a file or credentials opened it, else for everybody."""
    found = await known_as(work, ready.page)
    heads = [one.head for one in found]
    known = [one for one in heads if one.after.status is not EntryStatus.RETIRED]
    away = [one for one in heads if is_put_away(one)] if named is None and not known else []
    if away:
        return Learned(Kept(away[0].subject_id, away[0].after.title, None), ())
    head = _meant(found, known, named)
    audience = named or (audience_for(ready.page, None) if canonical(address) else INTERNAL)
    document = head.subject_id if head else await id_for(work, ready.page, found, audience)
    by = AUDIENCE_NAMED if named or await audience_was_named(work, document) else ""
    await work.links.put(Link(address=address, at=now, document=document, by=by))
    if head is not None:
        kept = await keep_again(work, ready, head, now, by_hand=True, named=named is not None)
    else:
        kept = await keep(work, ready, audience, now, by_hand=True, named=named is not None)
    await order_refresh(work, kept.document, refresh_s, now)
    others = [one for one in known if one.subject_id != kept.document]
    gone = [await _retired(work, one, named, now) for one in others] if named else []
    return Learned(kept, tuple(one for one in gone if one is not None))


def _meant(found: Sequence[Known], known: Sequence[Revision], named: Audience | None) -> Revision | None:
    """The document that is read again: the one for the audience named, else one whose audience was named before (also where
    it was gone), else the one that most may see."""
    if named is not None:
        return next((one for one in known if one.after.audience == named), None)
    before = named_among([one for one in found if not is_put_away(one.head)], SHARED)
    return before or next((one for one in known if one.after.audience in (SHARED, INTERNAL)), None)


async def _retired(work: UnitOfWork, other: Revision, named: Audience, now: datetime) -> Revision | None:
    """Two customers may each have the page; else one that is meant for others stands no longer."""
    if other.after.audience != SHARED and named not in (SHARED, INTERNAL):
        return None
    why = f"the page was learned by hand for {named.value}"
    return await retire(
        work, other.subject_id, Because(why, f"{BY_HAND}learn:{other.subject_id}:{now.isoformat()}", now)
    )
