"""The one error tree. Every error carries one sentence that is safe to show to a person.

``TransientError``: try again later, nobody is at fault. ``FinalError``: trying again will not help, tell the operator.
``CallerError``: what was asked for or handed in is at fault, explain it. The sentence says what happened, what it means
and what to do; it never holds message text, a secret or a path inside the program.
"""


class VigilError(Exception):
    """Base of all errors that Vigil raises on purpose; ``sentence`` may be shown to anybody."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class TransientError(VigilError):
    """A failure that may pass by itself: the caller retries with backoff."""

    def __init__(self, sentence: str, retry_after_s: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


class UnusableAnswerError(TransientError):
    """A model answered with something that is not of the task's type, or declined. It may do better another time, but each
    time costs: whoever retries does so a few times only."""


class BudgetSpentError(TransientError):
    """The day's budget for models is spent; ``retry_after_s`` is when the next day begins."""


class FinalError(VigilError):
    """A failure that no retry mends: a missing model, a full disk, a store of another version."""


class CallerError(VigilError):
    """Bad input or a wrong setting: the sentence says which and what would be right."""


class NotPublicError(CallerError):
    """Not everybody can open a page: it wants a login, or its host has a private address."""


class NoSuchHostError(CallerError):
    """The host of an address is known to no name server."""


class UnknownTaskError(FinalError):
    """An engine has no way to perform a task at all: what asked may do without it."""


class MissingCalibrationError(FinalError):
    """No thresholds are known for an embedding model; the sentence names the command that makes them."""


class StoreMismatchError(FinalError):
    """A store was written by another model, schema or version; the sentence names the command that rebuilds it."""


class OlderStoreError(StoreMismatchError):
    """The knowledge store is of this model, but another version of Vigil has written it: whoever holds the home makes it anew
    from the ledger by itself."""


class NothingKnownError(CallerError):
    """Nothing was ever learned in this home; the sentence names the command that learns."""


class HomeInUseError(CallerError):
    """Another process holds the home's lock."""


class MalformedExportError(CallerError):
    """A history export cannot be read at all; single bad records are counted as skipped instead."""
