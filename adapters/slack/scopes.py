"""What the app must be allowed, and why: the one list that ``vigil doctor`` checks and the manifest asks for."""

BOT_SCOPES: dict[str, str] = {
    "app_mentions:read": "to be asked with a mention",
    "assistant:write": "to show that somebody looks, while an answer is made",
    "channels:history": "to follow threads in public channels",
    "channels:read": "to know channels, and whom they are shared with",
    "chat:write": "to post answers",
    "commands": "for /vigil and the message shortcuts",
    "files:read": "to keep the screenshots that people post",
    "groups:history": "to follow threads in private channels",
    "groups:read": "to know private channels, and whom they are shared with",
    "im:history": "to be asked in a direct message",
    "im:read": "to know direct messages",
    "im:write": "to tell one person what has no channel",
    "mpim:history": "to follow group direct messages",
    "mpim:read": "to know group direct messages",
    "reactions:read": "to see that a thread was resolved",
    "usergroups:read": "to know who is an analyst by user group",
    "users:read": "to know people's names and organisations",
}
"""The bot token's scopes with what each is for."""
APP_SCOPES: dict[str, str] = {"connections:write": "to receive events without a public address"}
"""The app-level token's."""
