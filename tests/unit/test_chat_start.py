"""How a chat begins: what is suggested, which customers are known, what was begun."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.chat_home import BEGUN, begun_in, customers_of
from bot.chat_start import to_try
from core.domain.channels import Channel, ChannelRef
from core.domain.errors import CallerError
from core.domain.ids import EntryId
from core.domain.knowledge import ENTRY, QA, SHARED, Audience, ChangeKind, KnowledgeEntry, Revision
from tests.fakes.replayed import settings_in

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def known(question: str, **fields: object) -> Revision:
    entry = KnowledgeEntry(
        id=EntryId(question), kind=QA, audience=SHARED, title="t", answer="a", created_at=NOW, updated_at=NOW, question=question
    )  # fmt: skip
    entry = replace(entry, **fields)  # type: ignore[arg-type]  # by name
    return Revision(
        subject_kind=ENTRY, subject_id=entry.id, n=1, change=ChangeKind.ADDED, after=entry, at=NOW, why="w", job="j"
    )


def test_what_is_suggested_may_be_told_to_everybody_and_still_holds() -> None:
    heads = [
        known("only northwind may be told of this one here", audience=Audience.customer("northwind")),
        known("this was only true until the day before today", expires_at=NOW - timedelta(days=1)),
        known("too short"),
        known("x" * 200),
        known("为什么分片上传在完成的时候总是报出校验和不一致的错误呢，本地文件明明没有任何问题", language="zh"),
        known("q: why does the nightly upload fail?\nand another line"),
        known("how do we raise the part size of uploads?", confirmations=2),
        known("why do links stop working after an hour?", created_at=NOW - timedelta(days=1)),
    ]
    assert to_try(heads, NOW) == ["how do we raise the part size of uploads?", "why does the nightly upload fail?"]
    assert to_try([], NOW) == []


def test_a_customer_is_called_by_its_id_or_its_channel() -> None:
    ref = ChannelRef("slack", "T0ACME", "C1")
    shared = Channel(ref, "ext-Globex", external=True, organisations=frozenset({"T0GLOBEX"}))
    two = replace(shared, name="both", organisations=frozenset({"T1", "T2"}))
    assert customers_of([shared, two, Channel(ref, "internal")]) == {
        "t0globex": "T0GLOBEX", "ext-globex": "T0GLOBEX", "globex": "T0GLOBEX",
    }  # fmt: skip


async def test_a_home_that_was_begun_with_nothing_is_its_own_and_kept(tmp_path: Path) -> None:
    begun = await begun_in(settings_in(tmp_path), None, fresh=False)
    assert begun.home == tmp_path / "chat"
    (begun.home / "said").write_text("hello")
    assert await begun_in(settings_in(tmp_path), None, fresh=False) == begun
    assert (begun.home / "said").exists()
    assert await begun_in(settings_in(tmp_path), None, fresh=True) == begun
    assert not (begun.home / "said").exists()


async def test_what_says_how_a_home_was_begun_is_not_guessed_at(tmp_path: Path) -> None:
    begun = await begun_in(settings_in(tmp_path), None, fresh=False)
    (begun.home / BEGUN).write_text("{")
    with pytest.raises(CallerError, match="--fresh` begins anew"):
        await begun_in(settings_in(tmp_path), None, fresh=False)
