"""Files that are no pictures, or claim too much, are left out: never an error."""

import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from adapters.engine.claude import pictures
from adapters.engine.claude.pictures import read_pictures
from core.domain.dialogue import Picture
from tests.fakes.claude.images import measure
from tests.unit.engine.claude.test_pictures import drawn, noise, sent, taken_at_home, written


def bomb(width: int, height: int) -> bytes:
    """A PNG of few bytes that claims to be so large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


BROKEN = {
    "empty": b"",
    "text": b"this is no picture",
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "PDF": b"%PDF-1.7\n",
    "BMP": written(drawn(), "BMP"),
    "TIFF": written(drawn(), "TIFF"),
    "truncated PNG": written(noise(50, 50), "PNG")[:3000],
    "truncated JPEG": written(noise(50, 50), "JPEG")[:1500],
    "truncated WEBP": written(noise(50, 50), "WEBP")[:900],
    "truncated GIF": written(noise(50, 50), "GIF")[:900],
    "header alone": b"\x89PNG\r\n\x1a\n",
    "51 megapixels": bomb(10_200, 5_000),
    "100 megapixels": bomb(10_000, 10_000),
    "a gigapixel": bomb(50_000, 50_000),
    "no pixels": bomb(0, 0),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
async def test_what_cannot_be_seen_is_left_out_and_logged_by_its_place_alone(tmp_path: Path, content: bytes) -> None:
    with capture_logs() as logs:
        assert await sent(tmp_path, content) == []
    (line,) = logs
    assert (line["event"], line["kept"]) == ("picture_not_sent", "p.png")
    assert set(line) == {"event", "kept", "reason", "log_level"}


@pytest.mark.parametrize("kept", ["gone.png", ".", "a\x00b.png", "x" * 5_000, "p.png/inside"])
async def test_a_file_that_is_not_there_is_left_out(tmp_path: Path, kept: str) -> None:
    (tmp_path / "p.png").write_bytes(written(drawn(), "PNG"))
    with capture_logs() as logs:
        assert await read_pictures([Picture("m1", kept)], tmp_path) == []
    assert [line["event"] for line in logs] == ["picture_not_sent"]


@pytest.mark.parametrize("way", ["../outside.png", "inside/../../outside.png", "{absolute}", "link.png"])
async def test_nothing_outside_of_the_home_is_sent(tmp_path: Path, way: str) -> None:
    home = tmp_path / "home"
    (home / "inside").mkdir(parents=True)
    outside = tmp_path / "outside.png"
    outside.write_bytes(written(drawn(), "PNG"))
    (home / "link.png").symlink_to(outside)
    with capture_logs() as logs:
        assert await read_pictures([Picture("m1", way.format(absolute=outside))], home) == []
    assert str(tmp_path) not in str(logs)
    assert logs[0]["reason"] == "it is not below the home"


WHOLE = [
    written(noise(40, 30), kind, **({} if kind == "GIF" else {"exif": taken_at_home()})) for kind in pictures._TAKEN
]


@given(st.sampled_from(WHOLE), st.dictionaries(st.integers(0, 400), st.integers(0, 255)), st.integers(10, 9_000))
def test_no_bytes_whatever_are_an_error(whole: bytes, spoilt: dict[int, int], length: int) -> None:
    content = bytearray(whole[:length])
    for at, byte in spoilt.items():
        content[min(at, len(content) - 1)] = byte
    try:
        media_type, made = pictures._small(bytes(content))
    except pictures._UNREADABLE:
        return
    assert measure(made)[0] == media_type
