"""Redaction: what may be stored, prompted or logged of a text. ``redact`` is the only door."""

from core.text.redaction.mask import Mask, MaskKind, Redacted
from core.text.redaction.passes import redact, redacted

__all__ = ["Mask", "MaskKind", "Redacted", "redact", "redacted"]
