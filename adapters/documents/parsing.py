"""From the bytes of a document to its sections. Blocking, and safe to kill: it runs in a process of its own."""

from adapters.documents.charsets import text_of
from adapters.documents.html.page import page_draft
from adapters.documents.kinds import Kind
from adapters.documents.markdown import markdown_draft
from adapters.documents.outline import Draft, UnreadableError, too_long
from adapters.documents.plain import plain_draft
from core.domain.documents import MOST_CHARACTERS


def parsed(kind: Kind, body: bytes, charset: str = "") -> Draft:
    """Take a document apart. Raises ``UnreadableError`` with the reason when there is nothing to learn from."""
    draft = _draft(kind, body, charset)
    if not any(character.isalnum() for section in draft.sections for character in section.text):
        raise UnreadableError("it has no text")
    if sum(len(section.text) for section in draft.sections) > MOST_CHARACTERS:
        raise too_long()
    return draft


def _draft(kind: Kind, body: bytes, charset: str) -> Draft:
    match kind:
        case Kind.HTML:
            return page_draft(text_of(body, charset, page=True))
        case Kind.MARKDOWN:
            return markdown_draft(text_of(body, charset, page=False))
        case Kind.PLAIN:
            return plain_draft(text_of(body, charset, page=False))
        case Kind.PDF:
            from adapters.documents.pdf import pdf_draft

            return pdf_draft(body)
