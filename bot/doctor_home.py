"""What ``vigil doctor`` looks at on this machine: the home, the model, what is known, what waits."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from adapters.embedding import prepared
from adapters.terminal.messenger import RecordedMessenger
from adapters.terminal.words import count
from bot.calibrations import load_calibration
from bot.clocks import SystemClock
from bot.doctor import Check, missing, note, well
from bot.home import hold, past_if_free
from bot.lookup import NOTHING_KNOWN
from bot.past import unfinished
from bot.records import records_of
from bot.settings import Settings
from bot.shown_documents import document_checks
from bot.wiring import opened
from core.desk.delivery import is_homeless
from core.domain.channels import Channel
from core.domain.errors import HomeInUseError
from core.domain.forgetting import Forgetting
from core.domain.jobs import Job, JobState
from core.knowledge.projection import Projector

LISTED = 20
NO_DRAFTS = (
    "answers are drafted, and nobody sees the drafts: name the analysts' channel with `/vigil config` there, or in "
    "VIGIL_ANALYST_CHANNEL."
)


async def home_checks(settings: Settings) -> Sequence[Check]:
    """Whether the home can be written, and whether the bot is running in it."""
    try:
        with hold(settings.home):
            pass
    except HomeInUseError:
        return [well("home", f"{settings.home} can be written."), well("running", "A Vigil is working in the home.")]
    return [
        well("home", f"{settings.home} can be written."),
        note("running", "No Vigil is running: `vigil run` starts it."),
    ]


async def model_checks(settings: Settings) -> Sequence[Check]:
    """Whether the models are prepared, and their thresholds known."""
    identity = await prepared(settings.embedding_model, settings.cache)
    if identity is None:
        return [
            missing(
                "model", "The embedding model is not prepared: `make setup` prepares it, and so does the first start."
            )
        ]
    found = [well("model", f"{identity} is prepared.")]
    if settings.reranker_model:
        return [*found, note("calibration", "With a reranker the thresholds are looked at when Vigil starts.")]
    load_calibration(identity, settings.home)
    return [*found, well("calibration", "The thresholds of this model are known.")]


async def knowledge_checks(settings: Settings) -> Sequence[Check]:
    """Whether the knowledge store holds what the ledger says."""
    if not has_records(settings):
        return [note("knowledge", NOTHING_KNOWN)]
    async with opened(settings, settings.home, SystemClock(), RecordedMessenger()) as parts:
        lost = len(await Projector(parts.records, parts.store, parts.embedder, parts.clock).lost())
        async with parts.records.read() as work:
            pending = len(await work.projections.pending(1000))
    if lost:
        return [missing("knowledge", f"{lost} of the ledger's entries are not in the store: `vigil kb rebuild`.")]
    waits = f"; {pending} wait to be written, which the running bot does" if pending else ""
    return [well("knowledge", f"The store holds what the ledger says{waits}.")]


async def job_checks(settings: Settings) -> Sequence[Check]:
    """Which jobs were given up, and why; and where drafts would be seen by nobody."""
    if not has_records(settings):
        return []
    records = await records_of(settings)
    try:
        async with records.read() as work:
            jobs, channels = await work.owners.listing(), await work.channels.all()
            documents = await document_checks(work, SystemClock().now())
            forgettings = await work.forgettings.all()
    finally:
        await records.close()
    homeless = [channel for channel in channels if is_homeless(channel, settings.policy())]
    drafts = [missing("drafts", f"In #{one.name} {NO_DRAFTS}") for one in homeless]
    return [*_given_up(jobs), *documents, *_forgetting(forgettings), *drafts, *_draft_places(channels)]


async def past_checks(settings: Settings) -> Sequence[Check]:
    """Whether a backfill has not come to its end, and what goes on with it."""
    if not has_records(settings):
        return []
    records = await records_of(settings)
    try:
        with past_if_free(settings.home) as free:
            if not free:
                return [well("backfill", "A backfill is feeding the home.")]
            async with records.of_the_past().read() as work:
                jobs, commands = await work.owners.listing(), await unfinished(work)
    finally:
        await records.close()
    again = [note("backfill", f"One has not come to its end: `{command}` goes on with it.") for command in commands]
    left = f"A backfill was cut off and has left {count(len(jobs), 'job')}: the same backfill or `vigil run` does them."
    return [*([missing("backfill", left)] if jobs else []), *again]


async def retention_checks(settings: Settings) -> Sequence[Check]:
    """How long what is kept, and how much room it takes."""
    if not has_records(settings):
        return []
    home = settings.home
    parts = {"records": home.glob("records.db*"), "knowledge": (home / "knowledge").rglob("*"),
             "pictures": (home / "attachments").rglob("*")}  # fmt: skip
    sizes = {name: sum(path.stat().st_size for path in paths if path.is_file()) for name, paths in parts.items()}
    told = ", ".join(f"{name} {size / 1_000_000:.1f} MB" for name, size in sizes.items())
    kept = f"{settings.retention_days} days, runs {settings.runs_retention_days}"
    return [well("retention", f"Words of transcripts are kept for {kept}. In the home: {told}.")]


def _draft_places(channels: Sequence[Channel]) -> list[Check]:
    """Of the channels that name one for their drafts: is it known? What the process names is looked up in Slack."""
    known = {one.ref for one in channels}
    return [
        missing(
            "drafts",
            f"#{one.name} names {drafts} for drafts, and Vigil was told of no such channel: invite it there, or correct "
            "analyst_channel with `/vigil config`.",
        )
        for one in channels
        if (drafts := one.settings.analyst_channel) and replace(one.ref, channel=drafts) not in known
    ]


def _forgetting(forgettings: Sequence[Forgetting]) -> list[Check]:
    cut_off = [one for one in forgettings if one.done_at is None]
    return [
        missing(
            "forget", f"A forgetting of {one.at:%d %b %Y} was cut off: stop `vigil run` and call `vigil forget` again."
        )
        for one in cut_off
    ]


def _given_up(jobs: Sequence[Job]) -> list[Check]:
    parked = [job for job in jobs if job.state is JobState.PARKED]
    if not parked:
        return [well("jobs", f"None was given up; {count(len(jobs), 'job')} wait for their time.")]
    told = [
        missing("job", f"{job.lane} {job.key} was given up: {job.reason} A restart tries it again.") for job in parked
    ]
    more = [missing("jobs", f"{len(parked)} were given up in all.")] if len(parked) > LISTED else []
    return [*told[:LISTED], *more]


def has_records(settings: Settings) -> bool:
    """Whether anything was ever recorded."""
    return bool(settings.records_url) or Path(settings.home / "records.db").is_file()
