"""The SDK's errors as ours: what may pass by itself, what a person must mend, and what never works."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import anthropic
import httpx2
import structlog

from core.domain.errors import FinalError, TransientError, UnusableAnswerError

log = structlog.get_logger(__name__)

UNREACHABLE = "The model cannot be reached: Vigil tries again by itself."
BUSY = "The model's provider is overloaded or limits our calls: Vigil tries again by itself."
TOO_LONG = "What is to be read is too long for the model."
NOT_ACCEPTED = "The model's provider does not accept the call (HTTP {status}): it is tried a few times more."
REFUSED_KEY = (
    "The model's provider refuses the key (HTTP {status}): set a valid ANTHROPIC_API_KEY and start Vigil anew."
)
NO_MODEL = (
    "The model's provider knows no model {model}: correct VIGIL_FAST_MODEL or VIGIL_STRONG_MODEL and start Vigil anew."
)
NO_MONEY = "The model's provider asks for payment: see its billing page."
_NO_CREDIT = "credit balance"
"""How the provider says, with status 400, that an account is empty."""
PERSON_S = 300.0
"""What a person must mend is tried again after five minutes: whoever mends it restarts, or has paid meanwhile."""
_LONGEST_WAIT_S = 600.0
_WORD = re.compile(r"[A-Za-z0-9_-]{1,64}")


class MendedByPersonError(TransientError):
    """The provider refuses all calls until a person changes something. Work waits meanwhile; another try at once is in vain."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, PERSON_S)


@contextmanager
def failures_told(model: str) -> Iterator[None]:
    """Raise our errors in place of the SDK's. None holds what the provider answered: it may repeat what people wrote."""
    try:
        yield
    except anthropic.APIStatusError as error:
        named = {"type": _word(error.type), "request_id": _word(error.request_id)}
        log.warning("model_refused_call", status=error.status_code, **named)
        raise _of_status(error, model) from None
    except (anthropic.APIError, httpx2.HTTPError, ValueError) as error:  # ValueError: a 200 that is no JSON
        log.warning("model_not_reached", error=type(error).__name__)
        raise TransientError(UNREACHABLE) from None


def _word(told: object) -> str | None:
    """An id or kind that the provider names; ``None`` where it is anything longer, which may be what people wrote."""
    return told if isinstance(told, str) and _WORD.fullmatch(told) else None


def _of_status(error: anthropic.APIStatusError, model: str) -> Exception:
    status = error.status_code
    if status in (401, 403):
        return MendedByPersonError(REFUSED_KEY.format(status=status))
    if status == 402 or (status == 400 and _NO_CREDIT in (error.api_message or "").lower()):
        return MendedByPersonError(NO_MONEY)
    if status == 404:
        return MendedByPersonError(NO_MODEL.format(model=model))
    if status == 413:
        return FinalError(TOO_LONG)
    if status in (408, 409, 429) or status >= 500:
        return TransientError(BUSY if status in (429, 503, 529) else UNREACHABLE, _retry_after_s(error))
    return UnusableAnswerError(NOT_ACCEPTED.format(status=status), PERSON_S)  # at once it would be refused again


def _retry_after_s(error: anthropic.APIStatusError) -> float | None:
    """What the provider asks us to wait, in seconds, if it says; never longer than ten minutes."""
    headers = error.response.headers
    for name, unit_s in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            told_s = float(headers[name]) * unit_s
        except (KeyError, ValueError):
            continue
        if told_s >= 0:  # nor is it "nan"
            return min(told_s, _LONGEST_WAIT_S)
    return None
