"""``vigil shadow``: what Vigil would have said where it only records, and what analysts said instead."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from adapters.terminal.plain import one_line, safe
from adapters.terminal.words import count
from bot.settings import Settings
from bot.stats import reading_stats
from core.desk.consumers import mode_of
from core.desk.shadow import Comparison, ShadowReport, Topic, Unseen, shadow_report, wrong_first
from core.domain.channels import Channel, DeliveryMode
from core.domain.errors import CallerError, NothingKnownError
from core.ports.records import UnitOfWork

MOST_TURNS = 100_000
MOST_EXAMPLES = 3
WORDS = {
    Comparison.SAME: "the analyst said the same",
    Comparison.CORRECTED: "corrected in part",
    Comparison.WRONG: "wrong",
    Comparison.UNCLEAR: "answered by an analyst, not comparable from what is on record",
    Comparison.UNANSWERED: "not answered by an analyst",
}
NO_SHADOW = (
    "No channel is in shadow mode: set one with `/vigil config`, or name a channel with --channel to see what was only "
    "recorded there."
)


async def shadow(settings: Settings, name: str | None, days: int, as_json: bool) -> None:
    """Print the report of a channel, or of all in shadow mode. Raises ``NothingKnownError`` where there is none of these."""
    since = datetime.now(UTC) - timedelta(days=days)
    async with reading_stats(settings, "there is nothing to compare") as work:
        for channel in await _channels(work, settings, name):
            report = await shadow_report(work, channel.ref, since, MOST_TURNS)
            lines = _as_json(channel, report) if as_json else _as_lines(channel, report)
            print("\n".join(lines))


async def _channels(work: UnitOfWork, settings: Settings, name: str | None) -> list[Channel]:
    known, policy = await work.channels.all(), settings.policy()
    if name is not None:
        wanted = name.removeprefix("#")
        found = [channel for channel in known if wanted in (channel.name, channel.ref.channel)]
        if not found:
            names = ", ".join(sorted(f"#{safe(channel.name)}" for channel in known if channel.name))
            raise CallerError(f"No channel {safe(name)} is known here: known are {names or 'none'}.")
        return found
    found = [channel for channel in known if mode_of(channel.settings, policy) is DeliveryMode.SHADOW]
    if not found:
        raise NothingKnownError(NO_SHADOW)
    return found


def _as_lines(channel: Channel, report: ShadowReport) -> list[str]:
    name = f"#{safe(channel.name)}" if channel.name else channel.ref.channel
    asked = count(report.asked, "question")
    lines = [f"{name}: Vigil would have answered {report.answers} of {asked} in scope."]
    lines += [f"    {_compared(report)}"] if report.answers else []
    for topic in report.topics:
        lines += [f"{len(topic.unseen):>4}  {one_line(topic.name, 90)}", f"      {_compared(topic)}"]
        lines += [line for one in _examples(topic) for line in _example(one)]
    return lines


def _compared(of: ShadowReport | Topic) -> str:
    return "; ".join(f"{of.count(kind)} {words}" for kind, words in WORDS.items() if of.count(kind))


def _examples(topic: Topic) -> Sequence[Unseen]:
    """First what would have been wrong; where nothing would, the newest."""
    return (wrong_first([topic]) or topic.unseen)[:MOST_EXAMPLES]


def _example(one: Unseen) -> list[str]:
    return [
        f"      {one_line(one.asked, 90)}",
        f"        Vigil:   {one_line(one.answer.plain_text, 90)}",
        *([f"        analyst: {one_line(one.said, 90)}"] if one.said else []),
        f"        {WORDS[one.comparison]}; {_link(one)}",
    ]


def _link(one: Unseen) -> str:
    """Where the thread opens: Slack's own address for its browser client; elsewhere the thread's id."""
    ref, thread = one.session.channel, one.session.thread
    slack = ref.platform == "slack" and thread.replace(".", "").isdecimal()
    return (
        f"https://app.slack.com/client/{ref.workspace}/{ref.channel}/thread/{ref.channel}-{thread}" if slack else thread
    )


def _as_json(channel: Channel, report: ShadowReport) -> list[str]:
    name = channel.name or channel.ref.channel
    counts = {kind.value: report.count(kind) for kind in Comparison}
    head = {"v": 1, "type": "shadow", "channel": name, "asked": report.asked, "answers": report.answers, **counts}
    topics = [{"v": 1, "type": "shadow_topic", "channel": name, **_topic_json(topic)} for topic in report.topics]
    return [json.dumps(line, ensure_ascii=False) for line in (head, *topics)]


def _topic_json(topic: Topic) -> dict[str, object]:
    examples = [
        {"question": one.asked, "answer": one.answer.plain_text, "analyst": one.said,
         "comparison": one.comparison.value, "thread": one.session.thread, "link": _link(one)}
        for one in topic.unseen
    ]  # fmt: skip
    counts = {kind.value: topic.count(kind) for kind in Comparison}
    return {"topic": topic.name, "answers": len(topic.unseen), **counts, "examples": examples}
