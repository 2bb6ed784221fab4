"""Modals and home tabs per person, the triggers that open them, and the addresses that answer an interaction."""

from dataclasses import dataclass, field
from uuid import uuid4

from tests.fakes.slack.block_kit import with_ids
from tests.fakes.slack.refusals import Json, Refused
from tests.fakes.slack.view_rules import check_view, initial_state
from tests.fakes.slack.world import Message, Person, World

TRIGGER_LASTS_S = 3.0
MOST_STACKED = 3


@dataclass(eq=False)
class View:
    """A modal or home tab on somebody's screen; ``body`` is what the API tells of it, ``state`` what they filled in."""

    person: Person
    body: Json
    state: Json = field(default_factory=dict)
    ephemeral_to: str = ""

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.body["id"])

    @property
    def blocks(self) -> list[Json]:
        """Its blocks."""
        found: list[Json] = self.body["blocks"]
        return found

    def told(self) -> Json:
        """As payloads and answers show it."""
        return {**self.body, "state": {"values": self.state}}


@dataclass
class Trigger:
    """The right to open one view for somebody; ``beneath`` is the view that it was pressed in."""

    person: Person
    until: float
    beneath: View | None = None
    used: bool = False


@dataclass
class Answering:
    """What a response address may still do; ``message`` is what was pressed, none after a slash command."""

    person: Person
    channel: str
    message: Message | None
    until: float
    uses_left: int = 5


class Surfaces:
    """Everything that is on screens beside messages."""

    def __init__(self, world: World) -> None:
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.warnings: dict[str, list[str]] = {}
        self.answering: dict[str, Answering] = {}
        self._triggers: dict[str, Trigger] = {}
        self._world = world

    def trigger(self, person: Person, beneath: View | None = None) -> str:
        """A trigger id for one view, within ``TRIGGER_LASTS_S``."""
        name = f"{uuid4().int % 10**12}.{uuid4().hex}"
        self._triggers[name] = Trigger(person, self._world.clock.now() + TRIGGER_LASTS_S, beneath)
        return name

    def open(self, trigger_id: str, view: object, *, push: bool = False) -> View:
        """A modal on top of the stack; the trigger is spent by it, and by nothing that was refused before."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if trigger.until < self._world.clock.now():
            raise Refused("expired_trigger_id")
        body = check_view(view, "modal")
        stack = self.stacks.setdefault(trigger.person.id, [])
        if push and (trigger.beneath is None or trigger.beneath not in stack):
            raise Refused("not_found")
        trigger.used = True
        if not push:
            stack.clear()
        return self.push(trigger.person, body)

    def push(self, person: Person, body: Json) -> View:
        """Put a modal on somebody's stack; ``push_limit_reached`` beyond three."""
        stack = self.stacks.setdefault(person.id, [])
        if len(stack) >= MOST_STACKED:
            raise Refused("push_limit_reached")
        self._check_external_id(body)
        view = View(person, self._body(person, body, self._world.mint("V")))
        view.body |= {"root_view_id": (stack[0] if stack else view).id}
        view.body["previous_view_id"] = stack[-1].id if stack else None
        view.state = initial_state(view.blocks)
        stack.append(view)
        self._world.bell.ring()
        return view

    def find(self, view_id: str, external_id: str) -> View:
        """A modal or home tab that is on somebody's screen; ``not_found`` otherwise."""
        everything = [view for stack in self.stacks.values() for view in stack] + list(self.homes.values())
        for view in everything:
            if view.id == view_id or (external_id and view.body.get("external_id") == external_id):
                return view
        raise Refused("not_found")

    def update(self, view: View, body: object, given_hash: str = "") -> View:
        """Replace what a view shows; what was filled in stays where block and action are the same."""
        if given_hash and given_hash != view.body["hash"]:
            raise Refused("hash_conflict")
        checked = check_view(body, view.body["type"])
        if checked.get("external_id") != view.body.get("external_id"):
            self._check_external_id(checked)
        kept = {key: view.body.get(key) for key in ("root_view_id", "previous_view_id") if key in view.body}
        before, view.body = view.state, self._body(view.person, checked, view.id) | kept
        view.state = initial_state(view.blocks)
        for block, actions in view.state.items():
            actions.update({a: before[block][a] for a in actions if a in before.get(block, {})})
        self._world.bell.ring()
        return view

    def publish(self, person: Person, body: object, given_hash: str) -> View:
        """Somebody's home tab."""
        if person.id in self.homes:
            return self.update(self.homes[person.id], body, given_hash)
        if given_hash:
            raise Refused("hash_conflict")
        view = View(person, self._body(person, check_view(body, "home"), self._world.mint("V")))
        view.state = initial_state(view.blocks)
        self.homes[person.id] = view
        self._world.bell.ring()
        return view

    def response_url(self, person: Person, channel: str, message: Message | None) -> str:
        """An address that may answer 5 times within 30 minutes."""
        name = uuid4().hex
        self.answering[name] = Answering(person, channel, message, self._world.clock.now() + 1800)
        return f"{self._world.address}/actions/{self._world.home.id}/{name}"

    def _check_external_id(self, body: Json) -> None:
        taken = [view.body.get("external_id") for stack in self.stacks.values() for view in stack]
        if body.get("external_id") and body["external_id"] in taken:
            raise Refused("duplicate_external_id")

    def _body(self, person: Person, body: Json, view_id: str) -> Json:
        app = self._world.app
        filled = {"private_metadata": "", "callback_id": "", "external_id": "", "clear_on_close": False}
        return {
            **filled,
            "notify_on_close": False,
            "submit": None,
            "close": None,
            **body,
            "id": view_id,
            "team_id": person.team.id,
            "app_id": app.id,
            "bot_id": app.bot.bot_id,
            "hash": f"{int(self._world.clock.now())}.{uuid4().hex[:8]}",
            "blocks": with_ids(body["blocks"]),
        }
