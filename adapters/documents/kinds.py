"""What kind of document some bytes are: what they are called, held against what they look like."""

import re
from enum import StrEnum
from pathlib import PurePosixPath

from core.domain.errors import CallerError


class Kind(StrEnum):
    """The kinds that are read."""

    HTML = "html"
    MARKDOWN = "markdown"
    PLAIN = "plain"
    PDF = "pdf"


_BY_TYPE = {
    "text/html": Kind.HTML,
    "application/xhtml+xml": Kind.HTML,
    "text/markdown": Kind.MARKDOWN,
    "text/x-markdown": Kind.MARKDOWN,
    "text/plain": Kind.PLAIN,
    "application/pdf": Kind.PDF,
    "application/x-pdf": Kind.PDF,
}
_BY_ENDING = {
    **dict.fromkeys((".html", ".htm", ".xhtml"), Kind.HTML),
    **dict.fromkeys((".md", ".markdown", ".mdown", ".mdx"), Kind.MARKDOWN),
    **dict.fromkeys((".txt", ".text", ".rst", ".adoc"), Kind.PLAIN),
    ".pdf": Kind.PDF,
}
_UNSAID = {"", "application/octet-stream", "binary/octet-stream"}
_READ = "HTML, Markdown, plain text and PDF are"
_NAMES = {Kind.HTML: "an HTML page", Kind.MARKDOWN: "Markdown", Kind.PLAIN: "plain text", Kind.PDF: "a PDF file"}
_BINARY = (
    *(
        b"\x89PNG",
        b"GIF8",
        b"\xff\xd8\xff",
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"\x1f\x8b",
        b"BZh",
        b"\xfd7zXZ",
        b"7z\xbc\xaf",
    ),
    *(b"\x7fELF", b"MZ", b"\xca\xfe\xba\xbe", b"RIFF", b"OggS", b"ID3", b"\xd0\xcf\x11\xe0", b"SQLite format", b"Rar!"),
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_PROLOG = re.compile(rb"\s*(?:<\?xml[^>]{0,300}>\s*)?(?:<!--.{0,5000}?-->\s*)*", re.DOTALL)
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_OTHER_XML = re.compile(rb"<(?:svg|rss|feed|urlset|sitemapindex|plist|error)[\s>:/]", re.IGNORECASE)
_ANY_TAG = re.compile(rb"<[a-zA-Z!][^<]{0,2000}>")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)


def kind_of(media_type: str, path: str, body: bytes, shown: str) -> tuple[Kind, str]:
    """The kind of a document and the charset that its media type names (empty: none). Raises ``CallerError`` when its type is
    not read, or when the bytes are not what the type says."""
    name = media_type.partition(";")[0].strip().lower()
    kind = _BY_TYPE.get(name)
    by_ending = _BY_ENDING.get(PurePosixPath(path).suffix.lower())
    if name in _UNSAID:
        kind = by_ending or _looks_like(body)
    elif kind is Kind.PLAIN and by_ending is Kind.MARKDOWN:
        kind = Kind.MARKDOWN  # as code hosts serve raw files
    if kind is None:
        raise CallerError(f"{shown} is not read: it is {_type(name)}, and {_READ}.")
    _hold(kind, body, shown)
    charset = _CHARSET.search(media_type)
    return kind, charset[1] if charset else ""


def file_kind(path: str, body: bytes, shown: str) -> Kind:
    """The kind of a file by its ending and its bytes. Raises ``CallerError`` as ``kind_of`` does."""
    kind = _BY_ENDING.get(PurePosixPath(path).suffix.lower())
    if kind is None:
        raise CallerError(f"{shown} is not read: {_READ} (files that end with .html, .md, .txt or .pdf).")
    _hold(kind, body, shown)
    return kind


def _type(name: str) -> str:
    return f"of the type '{name}'" if re.fullmatch(r"[\w.+-]+/[\w.+-]{1,60}", name) else "of no type that is known"


def _looks_like(body: bytes) -> Kind | None:
    if body.startswith(b"%PDF-"):
        return Kind.PDF
    return Kind.HTML if _PAGE.match(body, _after_prolog(body)) else None


def _after_prolog(body: bytes) -> int:
    found = _PROLOG.match(body, 3 if body.startswith(b"\xef\xbb\xbf") else 0)
    return found.end() if found else 0


def _hold(kind: Kind, body: bytes, shown: str) -> None:
    """Raise when the bytes are of another kind than they are called."""
    if not body.strip():
        raise CallerError(f"{shown} is not read: it is empty.")
    is_pdf, binary = b"%PDF-" in body[:1024], body.startswith(_BINARY)
    text = not binary and not body.startswith(b"%PDF-") and (b"\0" not in body or body.startswith(_UTF16))
    if body.startswith(_UTF16):
        fits = kind is not Kind.PDF
    elif kind is Kind.PDF:
        fits = is_pdf
    elif kind is Kind.HTML:
        start = _after_prolog(body)
        fits = text and not _OTHER_XML.match(body, start) and bool(_ANY_TAG.search(body[:200_000]))
    else:
        fits = text and not _PAGE.match(body, _after_prolog(body))
    if not fits:
        raise CallerError(f"{shown} is not read: it is called {_NAMES[kind]}, and its bytes are something else.")
