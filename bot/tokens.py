"""What the settings hold of Slack, checked for what can be seen without asking it."""

from adapters.slack.connection import Patience
from adapters.slack.slack import SlackAccess
from bot.settings import Settings
from core.domain.errors import CallerError

NOT_INSTALLED = (
    "SLACK_BOT_TOKEN is missing: install the app from manifest/slack.yaml, copy the Bot User OAuth Token (xoxb-) from "
    "OAuth & Permissions, and put it into .env."
)
NO_SOCKET = (
    "SLACK_APP_TOKEN is missing: create one under Basic Information > App-Level Tokens with connections:write, and put it "
    "into .env."
)
NO_BOT = "SLACK_BOT_TOKEN must be a bot token, which begins with xoxb-: see OAuth & Permissions."
NO_APP = "SLACK_APP_TOKEN must be an app-level token, which begins with xapp-: see Basic Information."

NO_ANALYST_CHANNEL = (
    "VIGIL_MODE is draft, and nobody would see the drafts: name the analysts' channel in VIGIL_ANALYST_CHANNEL, or choose "
    "another mode."
)


def slack_access(settings: Settings) -> SlackAccess:
    """What the settings give us of Slack. Raises ``CallerError`` with what is missing and where it comes from."""
    bot_token = reading_access(settings).bot_token
    app_token = checked_app_token(settings)
    patience = Patience(deaf_s=settings.slack_silent_s)
    return SlackAccess(bot_token, app_token, settings.slack_api_url, settings.analyst_groups, patience)


def reading_access(settings: Settings) -> SlackAccess:
    """The same without the app's token, which only whoever listens needs."""
    bot_token = settings.slack_bot_token.get_secret_value()
    if not bot_token.startswith("xoxb-"):
        raise CallerError(NO_BOT if bot_token else NOT_INSTALLED)
    return SlackAccess(bot_token, "", settings.slack_api_url, settings.analyst_groups)


def checked_app_token(settings: Settings) -> str:
    """The app's token. Raises ``CallerError`` where it is missing or of another kind."""
    app_token = settings.slack_app_token.get_secret_value()
    if not app_token.startswith("xapp-"):
        raise CallerError(NO_APP if app_token else NO_SOCKET)
    return app_token
