"""What a payload tells of people and its channel, before it is read. Pure."""

from adapters.slack_payloads.content import mentions_of
from adapters.slack_payloads.fields import Payload, list_in, object_in, text_in, texts_in


def people_in(body: Payload) -> frozenset[str]:
    """The user ids that a payload names, so that they can be looked up before it is read."""
    event = object_in(body, "event") or body
    message = object_in(event, "message")
    named = {text_in(event, "user", "user_id"), text_in(object_in(body, "user"), "id"), text_in(message, "user")}
    return frozenset(named | set(mentions_of(event)) | set(mentions_of(message))) - {""}


def channel_of(body: Payload) -> str:
    """The id of the channel that a payload is about; empty where it is about none."""
    event = object_in(body, "event") or body
    own = event.get("channel")
    named = own if isinstance(own, str) else text_in(object_in(event, "channel"), "id")
    return named or text_in(object_in(event, "item"), "channel") or text_in(event, "channel_id")


def shared_outside(body: Payload) -> bool:
    """Whether Slack says that the payload's channel is shared with other organisations."""
    return body.get("is_ext_shared_channel") is True


def teams_of(channel: Payload, home: str) -> frozenset[str]:
    """The organisations that ``conversations.info`` lists as sharing a channel, but for ``home``."""
    listed = (list_in(channel, name) for name in ("connected_team_ids", "shared_team_ids"))
    return frozenset(team for teams in listed for team in teams if isinstance(team, str) and team) - {home}


def our_teams(channel: Payload, home: str) -> frozenset[str]:
    """The workspaces of our own organisation (Enterprise Grid) that ``conversations.info`` lists for a channel. A channel that
    the organisation alone shares names only such; of one shared outside too, those of the list that has our own in it."""
    internal = frozenset(texts_in(channel, "internal_team_ids"))
    if channel.get("is_org_shared") is True and channel.get("is_ext_shared") is not True:
        return internal | frozenset(texts_in(channel, "shared_team_ids"))
    return internal if home in internal else frozenset()
