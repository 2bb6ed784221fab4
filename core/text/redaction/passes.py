"""The one door: every detector over the text, again over the result until nothing more is found."""

from core.text.redaction.cards import cards
from core.text.redaction.commands import commands
from core.text.redaction.emails import emails
from core.text.redaction.headers import headers
from core.text.redaction.jwt import jwts
from core.text.redaction.key_pairs import key_pairs
from core.text.redaction.labels import labelled
from core.text.redaction.logins import logins
from core.text.redaction.mask import Detector, Mask, Redacted
from core.text.redaction.phones import phones
from core.text.redaction.private_keys import private_keys
from core.text.redaction.spans import mapped_back, merged, widened, written
from core.text.redaction.urls import urls
from core.text.redaction.vendors import vendor_tokens

DETECTORS: tuple[Detector, ...] = (
    private_keys,
    jwts,
    vendor_tokens,
    key_pairs,
    urls,
    headers,
    commands,
    logins,
    labelled,
    emails,
    cards,
    phones,
)

_PASSES = 5
"""Two is normal: one finds, one confirms. More are needed only where masking one thing lays bare the edge of another."""


def redact(text: str) -> Redacted:
    """Masks secrets, e-mail addresses, payment cards and phone numbers.

    Never raises, takes time linear in the length, and ``redact(redact(x).text).text == redact(x).text``. No entropy is
    measured: ids, hashes, error codes and versions survive unless a label or a known form says that they are secrets.
    A text that is still not settled after the last pass was made to defeat redaction, and is masked whole.
    """
    masks: tuple[Mask, ...] = ()
    shown = text
    for _ in range(_PASSES):
        found = widened(shown, (mask for detect in DETECTORS for mask in detect(shown)))
        if not found:
            return Redacted(shown, masks)
        masks = merged((*masks, *mapped_back(text, masks, found)))
        shown = written(text, masks)
    whole = (Mask("secret", 0, len(text)),)
    return Redacted(written(text, whole), whole)


def redacted(text: str) -> str:
    """Gives only the safe text of ``redact``."""
    return redact(text).text
