"""PDF files made by hand, as small as they can be."""

import io
from collections.abc import Sequence

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, IndirectObject, NameObject

LINE_HEIGHT = 14


def pdf_of(
    pages: Sequence[Sequence[str]],
    outline: Sequence[tuple[str, int, int | None]] = (),
    *,
    title: str = "",
    password: str = "",
) -> bytes:
    """A PDF with these lines on its pages; ``outline`` are titles, their pages from 0, and the entry each is below, from 0."""
    writer = PdfWriter()
    font = DictionaryObject(
        {NameObject(key): NameObject(value) for key, value in
         {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}.items()}
    )  # fmt: skip
    for lines in pages:
        page = writer.add_blank_page(612, 792)
        shown = "".join(f"({_escaped(line)}) Tj 0 -{LINE_HEIGHT} Td\n" for line in lines)
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 11 Tf 72 720 Td\n{shown}ET".encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(stream)
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    made: list[IndirectObject] = []
    for text, page_number, above in outline:
        made.append(
            writer.add_outline_item(title=text, page_number=page_number, parent=None if above is None else made[above])
        )
    if title:
        writer.add_metadata({"/Title": title})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    sink = io.BytesIO()
    writer.write(sink)
    return sink.getvalue()


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
