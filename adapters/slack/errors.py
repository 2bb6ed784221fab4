"""What Slack's refusals mean for us: later, never, or a setting to mend."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from core.domain.errors import CallerError, FinalError, TransientError, VigilError

_LATER = frozenset({"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout",
                    "team_added_to_org", "accesslimited"})  # fmt: skip
_TOKEN = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive",
                    "not_allowed_token_type", "no_permission"})  # fmt: skip
UNREACHABLE = "Slack cannot be reached just now; it is tried again."
BUSY = "Slack asks to wait; it is tried again."

_HINTS = {
    "not_in_channel": "invite the app to the channel with `/invite @Vigil`",
    "channel_not_found": "the channel is gone, or private and without the app: invite it with `/invite @Vigil`",
    "is_archived": "the channel is archived",
    "restricted_action": "an administrator allows only some people to post there",
    "message_not_found": "the message is gone",
    "cant_update_message": "the message is not ours",
    "edit_window_closed": "the workspace allows no edits that late",
}


async def calling(call: Callable[[], Awaitable[AsyncSlackResponse]]) -> dict[str, Any]:
    """Give the answer's data. Raises ``TransientError`` (with ``retry_after_s`` where Slack names it) when a later try may
    work, ``CallerError`` for a token or scope that is to be mended, ``FinalError`` when it never will.

    After a lost connection nobody knows whether Slack has done it: whoever writes looks first.
    """
    try:
        answer = await call()
    except SlackApiError as error:
        raise _refused(error) from error
    except (aiohttp.ClientError, TimeoutError, OSError, asyncio.IncompleteReadError, SlackClientError) as error:
        raise TransientError(UNREACHABLE) from error
    data = answer.data
    assert isinstance(data, dict), "every method we call answers with an object"
    return data


def _refused(error: SlackApiError) -> VigilError:
    response = error.response  # aiohttp's own where the answer was no JSON: it has neither data nor status_code
    status = getattr(response, "status_code", getattr(response, "status", 200))
    held = getattr(response, "data", None)
    data = held if isinstance(held, dict) else {}
    name = str(data.get("error", ""))
    if status == 429 or name in ("ratelimited", "rate_limited"):
        return TransientError(BUSY, wait_s(dict(response.headers or {})))
    if status >= 500 or name in _LATER or not name:
        return TransientError(UNREACHABLE)
    if name in _TOKEN:
        return CallerError(f"Slack refuses the token ({name}): `vigil doctor` says which, and where to make a new one.")
    if name == "missing_scope":
        needed = data.get("needed", "unknown")
        return CallerError(
            f"The Slack app lacks the scope {needed}: add it under OAuth & Permissions (or update the app from "
            "manifest/slack.yaml), then reinstall the app."
        )
    details = data.get("response_metadata", {}).get("messages", []) if name == "invalid_blocks" else []
    hint = _HINTS.get(name) or "; ".join(str(one) for one in details[:3])
    return FinalError(f"Slack refuses it ({name})" + (f": {hint}." if hint else "."))


def wait_s(headers: Mapping[str, Any]) -> float:
    """How long Slack asks to wait; a second where it does not say."""
    found = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    value = found[0] if isinstance(found, list) else found
    try:
        return max(float(value), 0.0) if value is not None else 1.0
    except ValueError:
        return 1.0
