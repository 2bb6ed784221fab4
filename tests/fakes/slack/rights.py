"""What an app may be allowed and may subscribe to, as a manifest names it."""

from tests.fakes.slack.refusals import Json

# event -> the scope without which Slack does not deliver it; "" where none is needed
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "channel_id_changed": "channels:read",
    "channel_shared": "channels:read",
    "channel_unshared": "channels:read",
    "subteam_members_changed": "usergroups:read",
    "app_home_opened": "",
    "app_uninstalled": "",
    "tokens_revoked": "",
}
SCOPES = frozenset(
    "app_mentions:read channels:history groups:history im:history mpim:history channels:read groups:read im:read mpim:read "
    "im:write mpim:write chat:write commands files:read users:read usergroups:read reactions:read reactions:write "
    "assistant:write".split()
)


def check_manifest(manifest: Json) -> None:
    """Refuse, by ``AssertionError``, a manifest that would leave parts of the app dead."""
    settings, scopes = manifest["settings"], manifest["oauth_config"]["scopes"]["bot"]
    assert settings["socket_mode_enabled"] is True
    assert settings["interactivity"]["is_enabled"] is True
    events = settings["event_subscriptions"]["bot_events"]
    deaf = [event for event in events if EVENT_SCOPES.get(event) and EVENT_SCOPES[event] not in scopes]
    assert deaf == [], f"subscribed to without the scope: {deaf}"
    features = manifest["features"]
    assert "commands" in scopes or not (features.get("slash_commands") or features.get("shortcuts"))
