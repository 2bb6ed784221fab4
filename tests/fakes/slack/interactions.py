"""What a press, a submission, a shortcut or a command sends to the app, and what its answer does on the screen."""

from dataclasses import dataclass, field

from tests.fakes.slack.block_kit import check_message
from tests.fakes.slack.choices import chosen, fill, missing_in, pressable
from tests.fakes.slack.envelopes import Envelope
from tests.fakes.slack.platform import Platform
from tests.fakes.slack.refusals import Json, Refused
from tests.fakes.slack.surfaces import View
from tests.fakes.slack.timeline import Draft
from tests.fakes.slack.view_rules import check_view, initial_state
from tests.fakes.slack.world import Channel, Message, Person


@dataclass
class Outcome:
    """How an interaction went for the person: ``warning`` is Slack's sign that the app did not answer (well),
    ``errors`` stand beneath fields; ``envelope`` is None where Slack's client did not even send it."""

    envelope: Envelope | None
    warning: str = ""
    errors: Json = field(default_factory=dict)


class Interactions:
    """Carries what people do to the app."""

    def __init__(self, slack: Platform) -> None:
        self._slack = slack
        self._message_state: dict[tuple[str, str], Json] = {}

    async def press(self, person: Person, where: Message | View, action_id: str, choice: object = None) -> Outcome:
        """Press or choose something; ``choice`` as ``choices.chosen`` takes it."""
        block, element = pressable(person, where, action_id)
        done = chosen(element, choice)
        action = {
            "action_id": action_id,
            "block_id": block["block_id"],
            **done,
            "action_ts": self._slack.world.clock.ts(),
        }
        if isinstance(where, View):
            fill(where.state, block, element, done)
            body = {"view": where.told(), "container": {"type": "view", "view_id": where.id}, "actions": [action]}
            return self._noted(person, await self._send(self._payload("block_actions", person, where) | body))
        state = self._message_state.setdefault((person.id, where.ts), initial_state(where.blocks))
        fill(state, block, element, done)
        body = self._of_message(person, where) | {"state": {"values": state}, "actions": [action]}
        return self._noted(person, await self._send(self._payload("block_actions", person) | body))

    async def submit(self, view: View, filled: dict[str, object]) -> Outcome:
        """Fill in what is given by action id and submit; what is required and empty Slack's client does not send."""
        for action_id, choice in filled.items():
            block, element = pressable(view.person, view, action_id)
            fill(view.state, block, element, chosen(element, choice))
        if missing := missing_in(view.blocks, view.state):
            return Outcome(None, errors=missing)
        payload = self._payload("view_submission", view.person, view) | {"view": view.told(), "response_urls": []}
        outcome = await self._send(payload, answers=True)
        if outcome.envelope and outcome.envelope.ack and not outcome.warning:
            self._after_submission(view, outcome)
        return self._noted(view.person, outcome)

    async def close(self, view: View) -> Outcome | None:
        """Close a modal; the app is told where the view asks for it."""
        self._slack.surfaces.stacks[view.person.id].remove(view)
        if not view.body["notify_on_close"]:
            return None
        return await self._send(
            self._payload("view_closed", view.person, view) | {"view": view.told(), "is_cleared": False}
        )

    async def shortcut(self, person: Person, message: Message, callback_id: str) -> Outcome:
        """Use a message shortcut; only members of the workspace where the app is installed have it."""
        assert person in message.channel.members, f"{person.name} does not see this message"
        assert person.team is self._slack.world.home, f"{person.name} has no shortcuts of this app"
        shortcuts = self._slack.world.app.shortcuts
        assert shortcuts is None or callback_id in shortcuts, f"there is no shortcut {callback_id!r}"
        more = {"callback_id": callback_id, "message_ts": message.ts, "action_ts": self._slack.world.clock.ts()}
        body = self._of_message(person, message)
        del body["container"]
        return self._noted(person, await self._send(self._payload("message_action", person) | body | more))

    async def command(self, person: Person, channel: Channel, command: str, text: str) -> Outcome:
        """Type a slash command; its answer may be shown at once. Outside members have no commands of the app."""
        world = self._slack.world
        known = world.app.commands if person.team is world.home else set()
        assert command in known, f"Slackbot: {command} is not a valid command."
        payload = {
            "token": "verification",
            "team_id": world.home.id,
            "team_domain": world.home.domain,
            "channel_id": channel.id,
            "channel_name": _name(channel),
            "user_id": person.id,
            "user_name": person.name.split()[0].lower(),
            "command": command,
            "text": text,
            "api_app_id": world.app.id,
            "is_enterprise_install": "false",
            "response_url": self._slack.surfaces.response_url(person, channel.id, None),
            "trigger_id": self._slack.surfaces.trigger(person),
        }
        outcome = await self._deliver(Envelope("slash_commands", payload, accepts_response_payload=True))
        if outcome.envelope and outcome.envelope.ack and outcome.envelope.ack.payload:
            outcome.warning = self._show(person, channel, outcome.envelope.ack.payload)
        return self._noted(person, outcome)

    def _noted(self, person: Person, outcome: Outcome) -> Outcome:
        if outcome.warning:
            self._slack.surfaces.warnings.setdefault(person.id, []).append(outcome.warning)
        return outcome

    async def _send(self, payload: Json, *, answers: bool = False) -> Outcome:
        return await self._deliver(Envelope("interactive", payload, accepts_response_payload=answers))

    async def _deliver(self, envelope: Envelope) -> Outcome:
        await self._slack.deliveries.send(envelope)
        return Outcome(envelope, warning="operation_timeout" if envelope.lost else "")

    def _payload(self, kind: str, person: Person, beneath: View | None = None) -> Json:
        world = self._slack.world
        name = person.name.split()[0].lower()
        return {
            "type": kind,
            "token": "verification",
            "api_app_id": world.app.id,
            "team": {"id": world.home.id, "domain": world.home.domain},
            "user": {"id": person.id, "username": name, "name": name, "team_id": person.team.id},
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": self._slack.surfaces.trigger(person, beneath),
        }

    def _of_message(self, person: Person, message: Message) -> Json:
        channel, hidden = message.channel, bool(message.ephemeral_to)
        where = {"type": "message", "message_ts": message.ts, "channel_id": channel.id, "is_ephemeral": hidden}
        if message.is_reply:
            where["thread_ts"] = message.root_ts
        return {
            "container": where,
            "channel": {"id": channel.id, "name": _name(channel)},
            "response_url": self._slack.surfaces.response_url(person, channel.id, message),
            **({} if hidden else {"message": dict(message.body)}),
        }

    def _show(self, person: Person, channel: Channel, answer: Json) -> str:
        try:
            check_message(answer.get("blocks", []))
        except Refused as refusal:
            return refusal.error
        draft = Draft(answer.get("text", ""), answer.get("blocks"))
        if answer.get("response_type") == "in_channel":
            self._slack.timeline.post(self._slack.world.app.bot, channel, draft)
        else:
            self._slack.timeline.ephemeral(self._slack.world.app.bot, channel, person, draft)
        return ""

    def _after_submission(self, view: View, outcome: Outcome) -> None:
        assert outcome.envelope
        assert outcome.envelope.ack
        answer = outcome.envelope.ack.payload or {}
        stack = self._slack.surfaces.stacks[view.person.id]
        try:
            match answer.get("response_action"):
                case None:
                    stack.remove(view)
                case "clear":
                    stack.clear()
                case "errors":
                    outcome.errors = _field_errors(view, answer.get("errors"))
                case "update":
                    self._slack.surfaces.update(view, answer.get("view"))
                case "push":
                    self._slack.surfaces.push(view.person, check_view(answer.get("view"), "modal"))
                case _:
                    raise Refused("invalid_response_action")
        except Refused as refusal:
            outcome.warning = refusal.error
        self._slack.world.bell.ring()


def _field_errors(view: View, errors: object) -> Json:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise Refused("invalid_errors")
    return errors


def _name(channel: Channel) -> str:
    return {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name)
