"""PDF: the text of its pages, each a section that opens there, under the headings of its outline where it has one."""

import io
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pypdf import PdfReader, apply_configuration, get_configuration
from pypdf.errors import DependencyError, FileNotDecryptedError, PdfReadError, PyPdfError

from adapters.documents.outline import MOST_SECTIONS, Draft, UnreadableError, one_line
from adapters.documents.pdf_lines import mended, paragraphs, without_running_lines
from core.domain.documents import Section

MOST_PAGES = 3_000
MOST_STREAM_BYTES = 50_000_000
"""What one stream of a page may unpack to."""
DEEPEST = 6
_SCANNED = "it has no text, as scanned pages have none: give a version with text"
_DAMAGED = "it is damaged, or no PDF file that can be read"
_LOCKED = "it is encrypted: give a version without a password"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the outline: where it leads, counted from 0."""

    page: int
    trail: tuple[str, ...]


def pdf_draft(body: bytes) -> Draft:
    """Take a PDF apart. Raises ``UnreadableError`` for one that is encrypted, damaged, scanned or too long."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    names = ("zlib", "lzw", "run_length", "brotli", "array_based_stream")
    limits = {f"{name}_maximum_output_length": MOST_STREAM_BYTES for name in names if name != "array_based_stream"}
    with apply_configuration(get_configuration().with_overwrites(**limits)):
        try:
            return _draft(PdfReader(io.BytesIO(body)))
        except (DependencyError, FileNotDecryptedError) as error:
            raise UnreadableError(_LOCKED) from error
        except (PyPdfError, PdfReadError) as error:
            raise UnreadableError(_DAMAGED) from error


def _draft(reader: PdfReader) -> Draft:
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableError(_LOCKED)
    count = len(reader.pages)
    if count > MOST_PAGES:
        raise UnreadableError(f"it has more than {MOST_PAGES:,} pages: give its parts by themselves")
    pages = without_running_lines([mended(page.extract_text()) for page in reader.pages])
    if sum(character.isalnum() for lines in pages for line in lines for character in line) < 10:
        raise UnreadableError(_SCANNED)
    sections = tuple(_sections(pages, _outline(reader)))[: MOST_SECTIONS + 1]
    if len(sections) > MOST_SECTIONS:
        raise UnreadableError("it has too many sections: give its parts by themselves")
    return Draft(one_line(_title(reader)), sections)


def _title(reader: PdfReader) -> str:
    title = str((reader.metadata.title if reader.metadata is not None else None) or "")
    given = title.lower()
    return "" if given.endswith((".doc", ".docx", ".tex", ".indd", ".pdf")) or "untitled" in given else title


def _outline(reader: PdfReader) -> list[_Entry]:
    """The outline in the order of its pages; what leads nowhere, or cannot be read, is left out."""
    try:
        found = list(_entries(reader, reader.outline, ()))
    except (PyPdfError, KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return []  # the pages still have their text
    return sorted(found, key=lambda entry: entry.page)


def _entries(reader: PdfReader, nodes: Sequence[Any], above: tuple[str, ...]) -> Iterator[_Entry]:
    last = above
    for node in nodes:
        if isinstance(node, list):
            yield from _entries(reader, node, last[:DEEPEST])
            continue
        page, title = reader.get_destination_page_number(node), one_line(str(node.title or ""))
        last = (*above, title) if title else above
        if page is not None and page >= 0 and title:
            yield _Entry(page, last)


def _sections(pages: Sequence[list[str]], outline: Sequence[_Entry]) -> Iterator[Section]:
    """A section per page, or per heading where the page shows the lines that the outline names."""
    by_page = {page: list(entries) for page, entries in groupby(outline, key=lambda entry: entry.page)}
    trail: tuple[str, ...] = ()
    for n, lines in enumerate(pages):
        anchor = f"page={n + 1}"
        start, entries = 0, by_page.get(n, [])
        for entry in entries:
            at = _line_of(entry.trail[-1], lines, start)
            if at is None:
                if start == 0:  # somewhere on this page: it is what the page is about
                    trail = entry.trail
                continue
            yield from _section(lines[start:at], trail, anchor)
            trail, start = entry.trail, at + 1
        yield from _section(lines[start:], trail, anchor)


def _line_of(heading: str, lines: Sequence[str], start: int) -> int | None:
    wanted = _letters(heading)
    for at in range(start, len(lines)):
        found = _letters(lines[at])
        if found == wanted or (found.endswith(wanted) and len(found) <= len(wanted) + 6):  # with its number before it
            return at
    return None


def _letters(text: str) -> str:
    return "".join(character.lower() for character in text if character.isalnum())


def _section(lines: Sequence[str], trail: tuple[str, ...], anchor: str) -> Iterator[Section]:
    if text := "\n\n".join(paragraphs(lines)):
        yield Section(trail[-1] if trail else "", text, anchor, trail[:-1])
