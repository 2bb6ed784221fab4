"""What README.md shows is what people get."""

import asyncio
import io
import re
from pathlib import Path

import pytest

from adapters.history import read_export
from adapters.records import open_records
from bot.asking import ask
from bot.replay import ViewTeller
from tests.fakes.replayed import EXAMPLES, Replayed, settings_in
from tests.rules.source import ROOT


def shown(section: str) -> list[list[str]]:
    """The blocks of a section of the README, each as its lines."""
    readme = (ROOT / "README.md").read_text("utf-8")
    text = readme.partition(f"## {section}\n")[2].partition("\n## ")[0]
    return [block.strip("\n").splitlines() for block in re.findall(r"^```\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)]


def words(line: str) -> str:
    return " ".join(line.split())


@pytest.fixture(scope="module")
def demo(acme: Replayed) -> list[str]:
    """What the live view prints of the example, from the records of its replay."""
    (folder,) = (acme.home / "replays").iterdir()

    async def view() -> str:
        records = await open_records(f"sqlite+aiosqlite:///{folder / 'records.db'}")
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("sys.stdout", out := io.StringIO())
                patch.setattr("sys.stderr", io.StringIO())
                await ViewTeller(records, read_export(EXAMPLES / "acme"), folder).end(records.journal)
                return out.getvalue()
        finally:
            await records.close()

    return asyncio.run(view()).splitlines()


def test_every_line_of_what_you_see_is_in_the_demo(demo: list[str]) -> None:
    (block,) = shown("What you see")
    there = {words(line) for line in demo}
    assert len(block) > 10
    assert [line for line in block if words(line) not in there] == [], "paste it anew from `make demo`"


def test_the_demo_ends_with_what_to_type_and_where_it_is_kept(demo: list[str], acme: Replayed) -> None:
    end = "\n".join(demo[-6:])
    assert "vigil kb show ID` opens an entry of this replay" in end
    assert "Vigil answered" in end
    assert "`vigil backfill EXPORT`" in end
    assert f"`VIGIL_HOME={next((acme.home / 'replays').iterdir())} vigil kb list`" in end


def test_what_is_asked_in_the_readme_is_answered_as_it_says(
    acme_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    block = next(block for block in shown("On your own history") if block[0].startswith("$ vigil ask"))
    question = block[0].partition('"')[2].rstrip('"')
    assert asyncio.run(ask(settings_in(acme_home), question, None, as_json=False)) == 0
    there = {words(line) for line in capsys.readouterr().out.splitlines()}
    assert [line for line in block[1:] if line != "…" and words(line) not in there] == []
