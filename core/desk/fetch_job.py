"""Keeping a message's pictures: what is kept follows what the message has, off the hot path."""

from collections.abc import Sequence
from dataclasses import replace

import structlog

from core.desk.context import Desk, Heard
from core.domain.errors import CallerError, FinalError
from core.domain.events import Attachment
from core.domain.ids import MessageId
from core.domain.jobs import Job, JobOrder, JobState, Lane
from core.domain.policy import Policy
from core.ports.attachments import Attachments
from core.text.redaction import redact

log = structlog.get_logger(__name__)

FOR_THE_BOT = "pictures are fetched by the running bot"


def fetch_consumer(heard: Heard, _policy: Policy) -> Sequence[JobOrder]:
    """Fetch what may be a picture. Registered where there is a platform to fetch from: an export orders nothing."""
    wanted = any(may_be_picture(one) for one in heard.message.attachments)
    return (JobOrder(Lane.FETCH, heard.message.id),) if wanted else ()


def may_be_picture(attachment: Attachment) -> bool:
    """Whether it is a picture that is not kept yet; of what is shared from outside the platform says no type until asked."""
    return not attachment.kept and (attachment.is_image or not attachment.media_type)


def keeping(new: Sequence[Attachment], old: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """The attachments of an edit, with what is known of those that were there before."""
    known = {one.id: one for one in old if one.kept}
    return tuple(known.get(one.id, one) for one in new)


def reconcile(new: Sequence[Attachment], old: Sequence[Attachment], message: MessageId, desk: Desk) -> list[JobOrder]:
    """The job that an edit or a deletion needs: something kept is not wanted any more, or a picture is new. Nothing is fetched
    for recorded history."""
    before, left = {one.id for one in old}, {one.kept for one in new}
    gone = any(one.kept and one.kept not in left for one in old)
    come = desk.attachments is not None and any(may_be_picture(one) and one.id not in before for one in new)
    return [JobOrder(Lane.FETCH, message)] if gone or come else []


async def fetch_job(job: Job, desk: Desk) -> None:
    """Fetch the pictures that the message has, delete those that it has no more."""
    if desk.attachments is None:  # the running bot has left it, and takes it up at its next start
        async with desk.records.begin() as work:
            await work.jobs.put_back(replace(job, state=JobState.PARKED, reason=FOR_THE_BOT))
        return
    async with desk.records.read() as work:
        message = await work.messages.get(MessageId(job.key))
    wanted = message.attachments if message and message.deleted_at is None else ()
    fetched = {
        one.id: await _fetched(one, MessageId(job.key), desk.attachments) for one in wanted if may_be_picture(one)
    }
    async with desk.records.begin() as work:
        now = await work.messages.get(MessageId(job.key))
        if now is None or now.deleted_at is not None:
            left: tuple[Attachment, ...] = ()
        else:
            left = tuple(fetched.get(one.id, one) for one in now.attachments)
            await work.messages.put(replace(now, attachments=left))
        await work.jobs.finish(job)
    kept = [one.kept for one in left if one.kept]
    await desk.attachments.discard(MessageId(job.key), kept)
    log.info("attachments_kept", message=job.key, count=len(kept))


async def _fetched(attachment: Attachment, message: MessageId, attachments: Attachments) -> Attachment:
    """As it is kept now; one that is not for us stays as it was. A right that is missing parks the job with its sentence."""
    try:
        found = await attachments.fetch(attachment, message)
    except CallerError as error:
        raise FinalError(error.sentence) from error
    except FinalError as error:
        log.info("attachment_not_kept", attachment=attachment.id, reason=error.sentence)
        return attachment
    return replace(found, name=redact(found.name).text, url=redact(found.url).text)
