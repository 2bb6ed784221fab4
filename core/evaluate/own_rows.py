"""The project's own labelled sets, written without a look at any measured data (``own/README.md``)."""

import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from core.domain.ids import EntryId, make_id
from core.domain.knowledge import QA, SHARED, KnowledgeEntry
from core.text.terms import keys

WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)


def own_rows(name: str) -> list[dict[str, Any]]:
    """Read one of the project's own labelled sets."""
    text = files("core.evaluate").joinpath("own", name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def own_entry(row: dict[str, Any]) -> KnowledgeEntry:
    """An entry of the own sets."""
    question, answer = str(row["question"]), str(row["answer"])
    return KnowledgeEntry(
        id=EntryId(make_id("own", question, answer)), kind=QA, audience=SHARED, title=str(row.get("title") or question[:80]),
        question=question, answer=answer, conditions=str(row.get("conditions") or ""),
        keys=keys(f"{question} {answer}"), created_at=WRITTEN, updated_at=WRITTEN,
    )  # fmt: skip
