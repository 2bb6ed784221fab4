"""What people wrote in a message: its text, whom it mentions, its files. Pure."""

from adapters.slack_payloads.blocks import mentions_in_blocks, text_of_blocks
from adapters.slack_payloads.fields import Payload, number_in, object_in, objects_in, text_in
from adapters.slack_payloads.readable import Names, mentions_in, readable
from core.domain.events import Attachment


def text_of(payload: Payload, names: Names) -> str:
    """The text as people read it; of a message without text, that of its blocks."""
    return readable(text_in(payload, "text"), names).strip() or text_of_blocks(payload, names)


def mentions_of(payload: Payload) -> tuple[str, ...]:
    """The user ids that a message mentions, each once, in order."""
    return tuple(dict.fromkeys((*mentions_in(text_in(payload, "text")), *mentions_in_blocks(payload))))


def files_of(payload: Payload) -> tuple[Attachment, ...]:
    """The files of a message, without those that were removed."""
    return tuple(
        Attachment(
            key,
            text_in(file, "name", "title"),
            text_in(file, "mimetype"),
            number_in(file, "size"),
            text_in(file, "url_private", "permalink"),
        )
        for file in objects_in(payload, "files")
        if (key := text_in(file, "id")) and file.get("mode") != "tombstone"
    )


def edited(payload: Payload) -> Payload | None:
    """The message of a ``message_changed`` as it is now, or ``None`` where people see the same words and files as before: a
    link was unfolded, a reply was counted."""
    now = object_in(payload, "message")
    before = object_in(payload, "previous_message") or object_in(payload, "original")
    if before and text_in(now, "text") == text_in(before, "text") and files_of(now) == files_of(before):
        return None
    return now
