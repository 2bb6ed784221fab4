"""A bot under attack: a desk on real records and a real store, the Claude engine over the wire, a model that obeys."""

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from structlog.testing import capture_logs

from adapters.engine.claude.client import opened_client
from adapters.engine.claude.engine import ClaudeEngine
from core.desk.intake import Intake
from core.desk.runner import Runner
from core.domain.cards import ActionKind, Card
from core.domain.channels import Channel, ChannelRef, DeliveryMode
from core.domain.costs import Call
from core.domain.events import Attachment, ButtonClicked, CommandIssued
from core.domain.ids import EntryId
from core.domain.knowledge import Audience, KnowledgeEntry, Revision
from core.domain.people import Person
from core.domain.replies import Reply
from core.domain.sessions import Message
from core.domain.tasks import Tier
from core.knowledge.ledger import Because, add
from tests.fakes.claude.server import Asked, FakeClaude, fake_claude
from tests.fakes.messenger import FakeMessenger
from tests.injection.attack import KNOWN, OWN, SECRETS, Attack, Known
from tests.injection.obeying import Obeying
from tests.unit.desk.support import ANALYST, BOT, CALIBRATION, CHANNEL, CUSTOMER, HOME, OTHER, Table, table

DESK_CHANNEL = ChannelRef("slack", HOME, "C9")
EVERYTHING_FITS = replace(
    CALIBRATION, relevance=(3.0, *[0.0] * (len(CALIBRATION.relevance) - 1)), answer_cutoff=0.0, repeat_theta=1.0,
    document_relevance=(3.0, *[0.0] * (len(CALIBRATION.relevance) - 1)), document_cutoff=0.0,
)  # fmt: skip
"""Whatever this customer may see is near enough to be cited: the retrieval is no line of defence here."""
MODELS = {Tier.FAST: "claude-haiku-5-5", Tier.STRONG: "claude-opus-5-5"}


@dataclass(frozen=True)
class Shown:
    """A thing that came to a screen. ``public`` where customers see it; otherwise only analysts do."""

    thing: Card | Reply
    public: bool


@dataclass
class Evidence:
    """All that an attack has left behind."""

    attack: Attack
    shown: list[Shown] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    logs: list[Any] = field(default_factory=list)
    printed: str = ""
    revisions: list[Revision] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)


class _Camera(FakeMessenger):
    """Keeps every state of every card."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[Card] = []

    async def send(self, card: Card) -> str:
        """Keep it and post it."""
        self.taken.append(card)
        return await super().send(card)

    async def update(self, platform_id: str, card: Card) -> None:
        """Keep it and change the post."""
        self.taken.append(card)
        await super().update(platform_id, card)


class _Free:
    """A meter without an end."""

    async def admit(self, *, hot: bool = True) -> None:
        """Let it pass."""

    async def spent(self, call: Call) -> None:
        """Count nothing."""


@dataclass
class Victim:
    """The bot, the model behind it, and what has been seen."""

    attack: Attack
    desk: Table
    model: Obeying
    camera: _Camera
    evidence: Evidence
    customer: Person
    analyst: Person
    ids: "count[int]" = field(default_factory=count)

    async def attacked(self) -> None:
        """The attack in one thread, and in another what it has not reached: where it was answered, the learning that follows
        silence, else the one that follows an answer."""
        await self._thread()
        card = any(one.sections for one in self.camera.taken)
        self.model.answers = "nothing" if card else "honest"
        await self._thread()
        await self._look_around()

    async def _thread(self) -> None:
        desk = self.desk
        cards = len(self.camera.taken)
        root = await self._asked()
        await desk.wait(30)
        await self._open_all(self.camera.taken[cards:])
        await desk.post("Automatic reply: the status page has no incident.", BOT, thread=root)
        await desk.post(self.attack.analyst, self.analyst, thread=root)
        if self.attack.follow:
            await desk.post(self.attack.follow, self.customer, thread=root)
        await desk.wait(700)
        await self.command(f"why https://acme.slack.com/archives/C1/p{root.replace('.', '')}")
        if self.attack.via == "accepted":
            for one in list(self.camera.posted.values()):
                for action in one.actions:
                    if action.kind == ActionKind.ACCEPT:
                        await self.press(action.kind, action.target)
        await desk.wait(90_000)

    async def _asked(self) -> str:
        """The attack as it comes in; gives the root of its thread."""
        desk, attack = self.desk, self.attack
        match attack.via:
            case "message" | "accepted":
                return await desk.post(attack.text, self.customer)
            case "burst":
                root = await desk.post(attack.asked, self.customer)
                await desk.post(attack.text, self.customer, thread=root)
                return root
            case "edit":
                root = await desk.post(attack.asked, self.customer)
                await desk.edit(root, attack.text)
                return root
            case "file":
                file = Attachment("F1", attack.text, "image/png", 10)
                return await desk.post(attack.asked, self.customer, files=(file,))
            case "mention":
                return await desk.post(attack.text, self.customer, direct=True)
            case "command":
                await self.command(attack.text)
        return await desk.post(attack.asked, self.customer)

    async def press(self, action: str, target: str, by: Person | None = None) -> None:
        """The customer clicks."""
        event = ButtonClicked(
            source="test", external_id=f"press-{next(self.ids)}", at=self.desk.clock.now(), channel=CHANNEL,
            by=by or self.customer, action=action, target=target,
        )  # fmt: skip
        await self._see((await self.desk.intake.receive(event)).reply, by)

    async def command(self, text: str, by: Person | None = None) -> None:
        """The customer types a command."""
        event = CommandIssued(
            source="test", external_id=f"command-{next(self.ids)}", at=self.desk.clock.now(), channel=CHANNEL,
            by=by or self.customer, text=text,
        )  # fmt: skip
        self.desk.clock.pass_s(0.001)
        await self._see((await self.desk.intake.receive(event)).reply, by)

    async def _see(self, reply: Reply, by: Person | None) -> None:
        if reply is not None:
            self.evidence.shown.append(Shown(reply, public=by is not self.analyst))

    async def _open_all(self, cards: list[Card]) -> None:
        """The customer opens whatever a card offers, and tries what it does not."""
        cited = {c.entry for card in cards for s in card.sections for c in s.answer.citations}
        for entry in sorted(cited | {"foreign", "internal"}):
            await self.press(ActionKind.OPEN_ENTRY, entry)
        for card in cards:
            await self.press(ActionKind.SHOW_ALL, card.id)

    async def _look_around(self) -> None:
        """What analysts see, and what is on record."""
        await self.command("home", self.analyst)
        async with self.desk.desk.records.read() as work:
            heads = await work.ledger.heads(None, 100)
            histories = [await work.ledger.history(one.subject_id) for one in heads]
            for head in heads:
                for source in head.from_messages:
                    message = await work.messages.get(source)
                    self.evidence.messages += [message] if message else []
        self.evidence.revisions = [one for history in histories for one in history]
        for head in heads:
            await self.press(ActionKind.OPEN_ENTRY, head.subject_id, self.analyst)
        where = DESK_CHANNEL.channel
        self.evidence.shown += [Shown(c, c.destination.channel.channel != where) for c in self.camera.taken]


async def prepared(home: Path) -> Path:
    """A home in which everything is known; copied for each attack, because making it takes longer than most of them."""
    async with table(home) as plain:
        async with plain.desk.records.begin() as work:
            await work.channels.put(Channel(CHANNEL, "ext-northwind", True, frozenset({"T0CUS"})))
            await work.channels.put(Channel(OTHER, "ext-globex", True, frozenset({"T0GLOBEX"})))
        await _teach(plain, KNOWN)
    return home


@asynccontextmanager
async def victim(attack: Attack, home: Path, folder: Path) -> AsyncIterator[Victim]:
    """Open a copy of a prepared home for a bot that is about to be attacked; its evidence is complete at the end."""
    evidence = Evidence(attack)
    shutil.copytree(home, folder, dirs_exist_ok=True)
    mode = DeliveryMode(attack.mode)
    with capture_logs() as logs:
        async with _wired(folder, attack, evidence, mode) as (made, claude):
            yield made
            evidence.asked = list(claude.requests)
            assert claude.violations == []
    evidence.logs = list(logs)


@asynccontextmanager
async def _wired(
    folder: Path, attack: Attack, evidence: Evidence, mode: DeliveryMode
) -> AsyncIterator[tuple[Victim, FakeClaude]]:
    model, camera = Obeying(attack), _Camera()
    async with fake_claude() as claude, table(folder, mode=mode, analyst_channel=DESK_CHANNEL.channel) as plain:
        claude.api_key, claude.model = SECRETS["ANTHROPIC_API_KEY"], model.says
        async with opened_client(claude.api_key, claude.base_url) as client:
            engine = ClaudeEngine(client, MODELS, _Free(), folder)
            desk = replace(plain.desk, engine=engine, messenger=camera, calibration=EVERYTHING_FITS)
            made = replace(plain, desk=desk, intake=Intake(desk), runner=Runner(desk), messenger=camera)
            await _teach(made, _poisoned(attack))
            customer = replace(CUSTOMER, name=attack.text) if attack.via == "requester_name" else CUSTOMER
            analyst = replace(ANALYST, name=attack.text) if attack.via == "analyst_name" else ANALYST
            yield Victim(attack, made, model, camera, evidence, customer, analyst), claude


async def _teach(desk: Table, known: Sequence[Known]) -> None:
    now = desk.clock.now()
    async with desk.desk.records.begin() as work:
        for one in known:
            entry = KnowledgeEntry(
                id=EntryId(one.name), kind=one.kind, audience=one.audience, title=one.title or one.question,
                question=one.question, answer=one.answer, conditions=one.conditions, url=one.url, created_at=now,
                updated_at=now,
            )  # fmt: skip
            await add(work, entry, Because("a test put it there", f"test:{one.name}", now))
    await desk.desk.projector.flush()


def _poisoned(attack: Attack) -> tuple[Known, ...]:
    """What the attacker has brought into the knowledge before."""
    harmless = "Use four connections at most."
    match attack.via:
        case "entry":
            return (Known("poisoned", attack.asked, attack.text),)
        case "own_entry":
            return (Known("poisoned", attack.asked, attack.text, OWN),)
        case "document":
            return (Known("poisoned", "", attack.text, kind="chunk", title="Uploads, notes"),)
        case "title":
            return (Known("poisoned", attack.asked, harmless, title=attack.text),)
        case "conditions":
            return (Known("poisoned", attack.asked, harmless, conditions=attack.text),)
    return ()


def seen_by_customer() -> tuple[Audience, ...]:
    """The audiences that the attacker is in."""
    return (*{one.audience for one in KNOWN if one.name not in ("foreign", "internal")},)
