"""How Vigil works in one channel, as a form for analysts (DESIGN 11: per-channel settings live in the records)."""

from dataclasses import replace

from core.desk.consumers import mode_of
from core.desk.context import Desk
from core.desk.refusals import ONLY_ANALYST
from core.domain.cards import Notice
from core.domain.channels import Channel, ChannelRef, ChannelSettings, DeliveryMode, SessionScope
from core.domain.events import FormSubmitted
from core.domain.policy import Policy
from core.domain.replies import FieldKind, Form, FormField
from core.ports.records import UnitOfWork
from core.session.roles import is_analyst
from core.text.language import language_of

CONFIG = "config"
DEFAULT = "default"
ON = "on"
SAVED = "config_saved"
MOST_SCOPE_CHARS = 1000


def config_form(channel: Channel, language: str) -> Form:
    """The form, filled with what holds in the channel."""
    own = channel.settings
    modes = tuple(f"mode_{mode}" for mode in (DEFAULT, *DeliveryMode))
    mode = f"mode_{own.mode or DEFAULT}"
    sessions = tuple(f"session_{scope}" for scope in SessionScope)
    fields = (
        FormField("mode", "config_mode", mode, FieldKind.CHOICE, modes),
        FormField("analyst_channel", "config_analyst_channel", own.analyst_channel or "", FieldKind.CHANNEL),
        FormField("scope", "config_scope", own.scope or "", FieldKind.TEXT),
        FormField("session", "config_session", f"session_{own.session}", FieldKind.CHOICE, sessions),
        FormField("approval", "config_approval", ON if own.approval else "", FieldKind.SWITCH),
        FormField("first_line_bot", "config_first_line_bot", own.first_line_bot or "", FieldKind.LINE),
    )
    return Form(CONFIG, "config_title", fields, target=channel.ref.channel, language=language)


async def on_config(work: UnitOfWork, event: FormSubmitted, desk: Desk) -> Form | Notice:
    """Take over what was filled in, or give the form back with what is wrong with it."""
    ref = ChannelRef(event.channel.platform, event.channel.workspace, event.target)
    if not is_analyst(event.by, ref.workspace, desk.policy):
        return ONLY_ANALYST
    channel, filled = await work.channels.get(ref), dict(event.fields)
    language = language_of(filled.get("scope", ""))
    settings = _settings(channel.settings, filled)
    drafts = settings.analyst_channel or desk.policy.analyst_channel
    place = await work.channels.get(replace(ref, channel=drafts)) if drafts else None
    errors = tuple(problems(settings, place, desk.policy))
    if errors:
        return replace(config_form(channel, language), errors=errors)
    await work.channels.put(replace(channel, settings=settings))
    return Notice(SAVED, language=language)


def _settings(old: ChannelSettings, filled: dict[str, str]) -> ChannelSettings:
    mode = filled.get("mode", "").removeprefix("mode_")
    session = filled.get("session", "").removeprefix("session_")
    return replace(
        old,
        mode=DeliveryMode(mode) if mode in set(DeliveryMode) else None,
        session=SessionScope(session) if session in set(SessionScope) else old.session,
        approval=filled.get("approval", "") == ON,
        scope=filled.get("scope", "").strip() or None,
        first_line_bot=filled.get("first_line_bot", "").strip() or None,
        analyst_channel=filled.get("analyst_channel", "").strip() or None,
    )


CONFIG_PROBLEMS = {
    "draft_needs_channel": "says draft, and analysts have no channel to see drafts in: name one in analyst_channel",
    "analysts_elsewhere": "is a channel that customers are in: name one that only analysts are in",
    "scope_too_long": f"is longer than {MOST_SCOPE_CHARS} characters: say it in a sentence or two",
}
"""What ``problems`` names, for whoever reads a file and no form."""


def problems(settings: ChannelSettings, place: Channel | None, policy: Policy) -> list[tuple[str, str]]:
    """What of a channel's settings does not go together: which, and a name of the problem (texts of the catalogue). ``place``
    is the channel that drafts would go to. One that is not known yet is looked up before a draft goes there."""
    found = []
    drafts = mode_of(settings, policy) is DeliveryMode.DRAFT
    if drafts and place is None:
        found.append(("analyst_channel", "draft_needs_channel"))
    if place is not None and place.is_shared and (drafts or settings.analyst_channel):
        found.append(("analyst_channel", "analysts_elsewhere"))
    if len(settings.scope or "") > MOST_SCOPE_CHARS:
        found.append(("scope", "scope_too_long"))
    return found
