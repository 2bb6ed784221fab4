"""Exports as the zip that they come in: the same as the folder, and nothing in a bad one does harm."""

import io
import json
import random
import shutil
import struct
import warnings
import zipfile
from dataclasses import asdict
from pathlib import Path

import pytest

from adapters.history import read_export
from adapters.history.files import UnreadableError
from adapters.history.zipped import Caps, Zipped
from core.domain.errors import CallerError, MalformedExportError
from tests.fakes.replayed import EXAMPLES
from tests.unit.test_history import export, message

DAY = "help/2026-11-02.json"
SAID = json.dumps([message(0)])
LISTS = {"channels.json": json.dumps([{"id": "C1", "name": "help"}]), "users.json": "[]"}


def zipped(path: Path, files: dict[str, str | bytes] | None = None, **more: str | bytes) -> Path:
    """A zip with a sound small export, and what is given; a name of ``more`` says ``_`` for a dot."""
    content = {**LISTS, DAY: SAID, **(files or {}), **{name.replace("_", "."): text for name, text in more.items()}}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in content.items():
            file.writestr(name, text)
    return path


def reasons(path: Path) -> dict[str, str]:
    return {one.file: one.reason for one in read_export(path).skipped}


@pytest.mark.parametrize("top", ["", "acme-export/", "a/b/"])
def test_a_zip_reads_as_its_folder_does(tmp_path: Path, top: str) -> None:
    with zipfile.ZipFile(tmp_path / "acme.zip", "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted((EXAMPLES / "acme").rglob("*")):
            file.write(path, top + path.relative_to(EXAMPLES / "acme").as_posix())
        file.writestr(f"__MACOSX/{top}help/._2026-11-02.json", b"\x00\x05\x16\x07")
        file.writestr(f"{top}.DS_Store", b"\x00")
    assert asdict(read_export(tmp_path / "acme.zip")) == asdict(read_export(EXAMPLES / "acme"))


def test_what_a_folder_lists_as_bad_a_zip_lists_too(tmp_path: Path) -> None:
    folder = export(tmp_path / "x", [message(0), 7, message(1, text="")])
    (folder / "help" / "2026-11-03.json").write_bytes(b'[\n "caf\xe9"]')
    (folder / "help" / "2026-11-04.json").write_text("[{", "utf-8")
    (folder / "users.json").unlink()
    (folder / "channels.json").write_text("{}", "utf-8")
    packed = Path(shutil.make_archive(str(tmp_path / "x"), "zip", folder))
    one, other = read_export(folder), read_export(packed)
    assert len(one.skipped) == 5
    assert asdict(one) == asdict(other)


def test_settings_are_read_from_the_zip_and_a_wrong_one_is_named(tmp_path: Path) -> None:
    assert read_export(zipped(tmp_path / "a.zip", vigil_yaml="scope: Storage")).scope == "Storage"
    with pytest.raises(CallerError, match="colour is not known here"):
        read_export(zipped(tmp_path / "b.zip", vigil_yaml="colour: blue"))


@pytest.mark.parametrize("name", ["../help/2026-11-05.json", "/etc/2026-11-05.json", "C:/x/a.json", "help\\..\\a.json"])
def test_a_name_that_leads_elsewhere_is_left_out_and_listed(tmp_path: Path, name: str) -> None:
    found = reasons(zipped(tmp_path / "a.zip", {name: SAID}))
    assert list(found.values()) == ["a name that leads out of the export"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"], "nothing was unpacked"


def test_of_two_files_of_one_name_the_first_counts(tmp_path: Path) -> None:
    packed = zipped(tmp_path / "a.zip")
    with warnings.catch_warnings(), zipfile.ZipFile(packed, "a") as file:
        warnings.simplefilter("ignore", UserWarning)  # zipfile's, of just this
        file.writestr(DAY, json.dumps([message(1, text="other")]))
    read = read_export(packed)
    assert [one.reason for one in read.skipped] == ["a second file of this name"]
    assert read.messages == 1
    assert "other" not in str(read.events)


def test_a_zip_in_the_zip_is_not_opened(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip").read_bytes()
    assert reasons(zipped(tmp_path / "a.zip", {"more.zip": inner})) == {"more.zip": "a zip in the zip"}
    with zipfile.ZipFile(tmp_path / "only.zip", "w") as file:
        file.writestr("export.zip", inner)
    with pytest.raises(MalformedExportError, match="unpack it once"):
        read_export(tmp_path / "only.zip")


def test_what_is_encrypted_is_listed_and_nothing_else_is_an_error(tmp_path: Path) -> None:
    packed = _flagged(zipped(tmp_path / "a.zip", {"help/2026-11-03.json": SAID}), b"help/2026-11-03.json", 1)
    assert reasons(packed) == {"help/2026-11-03.json": "encrypted"}
    with pytest.raises(MalformedExportError, match=r"2026-11-02\.json: encrypted"):
        read_export(_flagged(zipped(tmp_path / "b.zip"), DAY.encode(), 1))


def _flagged(path: Path, name: bytes, flag: int) -> Path:
    """Set a flag on a name, in both places where a zip says it."""
    data = bytearray(path.read_bytes())
    for magic, flags, at in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
        start = -1
        while (start := data.find(magic, start + 1)) >= 0:
            if data[start + at : start + at + len(name)] == name:
                data[start + flags] |= flag
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kept", [0.5, 0.97])
def test_a_zip_that_is_cut_off_is_refused_in_a_sentence(tmp_path: Path, kept: float) -> None:
    data = zipped(tmp_path / "a.zip").read_bytes()
    (tmp_path / "a.zip").write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(MalformedExportError, match="no whole zip file"):
        read_export(tmp_path / "a.zip")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 but no", b"[]" * 1000])
def test_what_is_no_zip_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(MalformedExportError, match="no whole zip file"):
        read_export(tmp_path / "a.zip")
    (tmp_path / "notes.txt").write_bytes(b"hello")
    with pytest.raises(MalformedExportError, match="is a file that is no zip"):
        read_export(tmp_path / "notes.txt")


def test_an_empty_zip_has_nothing_to_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w"):
        pass
    with pytest.raises(MalformedExportError, match="nothing to read"):
        read_export(tmp_path / "a.zip")


def test_names_in_utf8_are_read_whether_or_not_the_zip_says_so(tmp_path: Path) -> None:
    name = "hilfe-für-北京"
    told = zipped(tmp_path / "told.zip", {f"{name}/2026-11-02.json": SAID})
    unsaid = tmp_path / "unsaid.zip"
    unsaid.write_bytes(_without_utf8_flag(told.read_bytes()))
    for packed in (told, unsaid):
        assert name in [channel.name for channel in read_export(packed).channels]
    latin = tmp_path / "latin.zip"
    latin.write_bytes(unsaid.read_bytes().replace("für".encode(), b"f\xfcr "))
    assert len(read_export(latin).channels) == 2


def _without_utf8_flag(data: bytes) -> bytes:
    changed = bytearray(data)
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := changed.find(magic, start + 1)) >= 0:
            (value,) = struct.unpack_from("<H", changed, start + flags)
            struct.pack_into("<H", changed, start + flags, value & ~0x800)
    return bytes(changed)


def test_a_name_that_claims_utf8_and_is_none_is_refused_in_a_sentence(tmp_path: Path) -> None:
    packed = zipped(tmp_path / "a.zip", {"für/2026-11-02.json": SAID})
    packed.write_bytes(packed.read_bytes().replace("für".encode(), b"f\xff\xffr"))
    with pytest.raises(MalformedExportError, match="table of contents"):
        read_export(packed)


def test_bombs_are_stopped_by_the_bytes_that_come_out_whatever_the_zip_says(tmp_path: Path) -> None:
    bomb: dict[str, str | bytes] = {"help/2026-11-03.json": b"[" + b" " * 5_000_000 + b"]"}
    packed = _lying(zipped(tmp_path / "a.zip", bomb), 5_000_002, 10)
    for path in (packed, zipped(tmp_path / "honest.zip", bomb)):
        files = Zipped(path, Caps(file_bytes=1_000_000))
        with pytest.raises(UnreadableError, match=r"more than 1 MB|damaged"):
            files.read("help/2026-11-03.json")
        assert files.read(DAY) == SAID.encode()
        files.close()
    files = Zipped(zipped(tmp_path / "many.zip", bomb), Caps(all_bytes=5_000_100))
    files.read("help/2026-11-03.json")
    files.read("help/2026-11-03.json")
    with pytest.raises(MalformedExportError, match="unpacks to more than"):
        files.read(DAY)
    files.close()
    with pytest.raises(MalformedExportError, match="holds 3 files"):
        Zipped(zipped(tmp_path / "names.zip"), Caps(names=2))


def _lying(path: Path, real: int, told: int) -> Path:
    data = path.read_bytes()
    assert struct.pack("<I", real) in data
    path.write_bytes(data.replace(struct.pack("<I", real), struct.pack("<I", told)))
    return path


def test_a_file_that_is_damaged_or_packed_strangely_is_listed_and_the_rest_is_read(tmp_path: Path) -> None:
    packed = zipped(tmp_path / "a.zip", {"help/2026-11-03.json": json.dumps([message(n) for n in range(1, 99)])})
    data = bytearray(packed.read_bytes())
    at = data.find(b"help/2026-11-03.json") + 60
    data[at : at + 8] = b"\xff" * 8
    packed.write_bytes(data)
    assert reasons(packed) == {"help/2026-11-03.json": "damaged in the zip"}
    strange = zipped(tmp_path / "b.zip", {"help/2026-11-03.json": SAID})
    data = bytearray(strange.read_bytes())
    start = data.rfind(b"PK\x01\x02", 0, data.rfind(b"help/2026-11-03.json"))
    data[start + 10] = 9  # deflate64
    strange.write_bytes(data)
    assert reasons(strange) == {"help/2026-11-03.json": "packed in a way that cannot be read"}


def test_however_a_zip_is_damaged_there_is_a_result_or_a_sentence(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "whole.zip", {"help/2026-11-03.json": SAID}).read_bytes()
    chance, refused = random.Random(6), 0
    for n in range(400):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path = tmp_path / f"{n}.zip"
        path.write_bytes(data)
        try:
            read_export(path)
        except MalformedExportError:
            refused += 1
    assert 0 < refused < 400


def test_a_zip_of_another_name_is_known_by_its_content(tmp_path: Path) -> None:
    buffer = io.BytesIO(zipped(tmp_path / "a.zip").read_bytes())
    (tmp_path / "download").write_bytes(buffer.getvalue())
    assert read_export(tmp_path / "download").messages == 1
