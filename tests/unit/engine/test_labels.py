"""Reading what a team has labelled: every unusable row is named by its line."""

import json
from pathlib import Path

import pytest

from adapters.engine.offline.labels import read_labels
from core.domain.errors import CallerError
from core.domain.sessions import QuestionClass

SAID = [
    {"role": "requester", "basis": "home", "text": "uploads fail"},
    {"role": "analyst", "basis": "home", "text": "which version?"},
    {"role": "requester", "basis": "home", "text": "2.1"},
    {"role": "requester", "basis": "home", "text": "only above 5 GB"},
]
GOOD = {
    "v": 1, "kind": "identify", "label": "within_scope", "at": "2026-01-05T09:00:00Z", "language": "en",
    "dialogue": SAID, "asked": [2, 3],
}  # fmt: skip


def written(folder: Path, *rows: object) -> Path:
    file = folder / "labels.jsonl"
    file.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in rows), "utf-8")
    return file


def test_an_identify_row_is_an_utterance_in_its_dialogue(tmp_path: Path) -> None:
    (one,) = read_labels([written(tmp_path, GOOD)], "the object store").utterances
    assert one.text == "2.1\nonly above 5 GB"
    assert one.history == (("requester", "uploads fail"), ("analyst", "which version?"))
    assert (one.label, one.scope) == (QuestionClass.WITHIN_SCOPE, "the object store")


def test_rows_of_several_files_are_read_and_other_kinds_counted(tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    files = [
        written(tmp_path, GOOD, "", {"v": 1, "kind": "accept", "label": "accepted"}),
        written(tmp_path / "second", GOOD, {"v": 1, "kind": "review", "label": "keep"}, {"v": 1, "kind": "accept"}),
    ]
    read = read_labels(files, "")
    assert len(read.utterances) == 2
    assert read.unused == {"accept": 2, "review": 1}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ({"v": 1, "kind": "identfy"}, "kind"),
        ({"kind": "accept"}, "v"),
        ({**GOOD, "v": 2}, "v"),
        ({**GOOD, "label": "ours"}, "label"),
        ({**GOOD, "asked": []}, "asked"),
        ({**GOOD, "asked": [-1]}, "asked"),
        ({**GOOD, "asked": [4]}, "asked"),
        ({**GOOD, "dialogue": []}, "dialogue"),
        ({**GOOD, "dialogue": [{"role": "boss", "text": "x"}], "asked": [0]}, "role"),
    ],
)
def test_a_bad_row_is_refused_with_file_and_line(tmp_path: Path, row: object, says: str) -> None:
    with pytest.raises(CallerError, match=rf"labels\.jsonl line 3 .*{says}"):
        read_labels([written(tmp_path, GOOD, "", row)], "")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CallerError, match=r"none\.jsonl.*labels export"):
        read_labels([tmp_path / "none.jsonl"], "")
