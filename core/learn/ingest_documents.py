"""What becomes of links and pages: which links are read, who may see a page, and the page as the ledger keeps it (DESIGN 6)."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from core.domain.documents import DOCUMENT, Page, Section
from core.domain.errors import CallerError
from core.domain.ids import EntryId, make_id
from core.domain.knowledge import INTERNAL, SHARED, Audience, EntryStatus, KnowledgeEntry
from core.knowledge.outline import written
from core.text.addresses import canonical
from core.text.language import language_of
from core.text.redaction import redact
from core.text.terms import coverage

LEAST_ABOUT = 0.2
"""Of the terms of one message of the thread or of the scope, the least share (0..1) that a linked page must have. Of questions
and the pages that answer them (retrieval_awsdocs) none has less than .6, of chance pairs six in ten have less than .2."""
MOST_LANGUAGE_CHARS = 4000
MOST_TITLE_CHARS = 200
MASKED = "a part of the address is masked as a secret"
PLATFORM = "it leads to a chat or a meeting, not to a document"
FILE = "it is a file and no page of text"
OFF_TOPIC = "it has little to do with what the thread or the team is about"

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_LINK = re.compile(r"https?://(?:<(?:secret|email|card|phone)>|[^\s<>\"'`|，。；（）、\u3400-\u9fff])+", re.IGNORECASE)
_TAIL = ".,;:!?*_~'"
_PAIRS = {")": "(", "]": "[", "}": "{"}
_PLATFORMS = (
    "slack.com", "slack-files.com", "slack-edge.com", "applink.feishu.cn", "applink.larksuite.com", "zoom.us",
    "meet.google.com", "teams.microsoft.com", "calendly.com", "meeting.tencent.com",
)  # fmt: skip
_FILES = re.compile(
    r"\.(?:zip|gz|tgz|tar|bz2|xz|7z|rar|exe|msi|dmg|pkg|deb|rpm|apk|iso|jar|png|jpe?g|gif|webp|svg|ico|mp[34]|mov|avi|webm|wav"
    r"|xlsx?|pptx?|docx?|csv|parquet|log|json|ya?ml|xml|js|css|ttf|woff2?)$",
    re.IGNORECASE,
)


def links_of(text: str) -> list[str]:
    """The http(s) addresses that somebody shares in a message, each once, in order and in one form. What stands in code is an
    example and no link."""
    found = (_trimmed(one.group()) for one in _LINK.finditer(_CODE.sub(" ", text)))
    return list(dict.fromkeys(address for one in found if (address := canonical(one))))


def _trimmed(link: str) -> str:
    """Without the marks of the sentence around it."""
    while link and (link[-1] in _TAIL or (link[-1] in _PAIRS and link.count(_PAIRS[link[-1]]) < link.count(link[-1]))):
        link = link[:-1]
    return link


def why_not(address: str) -> str:
    """Why an address is not even asked for; empty where it is."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if redact(address).masks or re.search(r"<(?:secret|email|card|phone)>|%3C(?:secret|email)%3E", address):
        return MASKED
    if any(host == one or host.endswith(f".{one}") for one in _PLATFORMS):
        return PLATFORM
    return FILE if _FILES.search(parts.path) else ""


def is_about(page: Page, said: Iterable[str]) -> bool:
    """Whether a page has to do with one of the texts, by their words. Where they are of another language words cannot tell."""
    text = "\n".join((page.title, *(f"{s.heading}\n{s.text}" for s in page.sections)))
    language = language_of(text[:MOST_LANGUAGE_CHARS])
    return any(language_of(one) != language or coverage(one, text) >= LEAST_ABOUT for one in said if one.strip())


def audience_for(page: Page, customer: str | None) -> Audience:
    """Who may see a page that was linked in a thread of this customer: what is public everybody, what the team's credentials
    opened that customer alone, or analysts where there is none."""
    if not page.with_credentials:
        return SHARED
    return Audience.customer(customer) if customer else INTERNAL


def document_id(place: str, audience: Audience) -> EntryId:
    """The id of the document at an address (in its one form) or path, for those who may see it."""
    return EntryId(make_id("document", place, audience.value))


def place_of(page: Page) -> str:
    """Where a page is in the end: the address in its one form, or a path."""
    return canonical(page.url) or page.url


def entry_of(
    page: Page, document: EntryId, audience: Audience, status: EntryStatus, times: tuple[datetime, datetime]
) -> KnowledgeEntry:
    """The page as the ledger keeps it, without secrets; ``times`` are when it was first read and now. A file of this machine
    has no address that others could open. Raises ``CallerError`` where no text is left, or its address holds a secret."""
    url = canonical(page.url)
    if redact(url).masks:
        raise CallerError(f"This page cannot be cited: {MASKED}. Give the address without it.")
    answer = written(_masked(page.sections))
    if not answer.strip():
        raise CallerError("This page has no text that could be kept: name another one.")
    title = " ".join(redact(page.title).text.split())[:MOST_TITLE_CHARS]
    created, now = times
    return KnowledgeEntry(
        id=document, kind=DOCUMENT, audience=audience, title=title or url or "A document", answer=answer, status=status,
        url=url, language=language_of(answer[:MOST_LANGUAGE_CHARS]), created_at=created, updated_at=now,
    )  # fmt: skip


def _masked(sections: Sequence[Section]) -> list[Section]:
    def clean(text: str) -> str:
        return redact(text).text

    return [
        Section(clean(one.heading), clean(one.text), one.anchor, tuple(clean(above) for above in one.trail))
        for one in sections
    ]
