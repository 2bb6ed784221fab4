"""The thresholds that belong to one embedding model."""

from dataclasses import dataclass

from core.domain.knowledge import CHUNK


@dataclass(frozen=True, slots=True)
class Calibration:
    """Every threshold of core, made by ``vigil engine fit`` for the model named ``identity`` and kept in ``calibration.json``.

    ``relevance``: logistic weights that turn a passage into its relevance, in the order of
    ``core.respond.relevance.FEATURES``. ``answer_cutoff``: least relevance (0..1) that may be cited. ``scope_raise``:
    relevance that lifts a message into scope.
    ``document_relevance``, ``document_cutoff`` and ``document_raise``: the same for parts of documents.
    ``repeat_weights``: logistic weights that turn two answers into the probability that one repeats the other, in the order of
    ``core.respond.skip_repeat.FEATURES``. ``repeat_theta``: the probability above which it does; 1.0 switches the test off.
    ``near_duplicate``: cosine of two questions from which their entries may say the same. ``same_question``: cosine of two
    questions from which a newer answer that excludes the known one overrules it. ``same_answer``: cosine from which two answers
    say the same.
    """

    identity: str
    relevance: tuple[float, ...]
    answer_cutoff: float
    scope_raise: float
    repeat_theta: float
    near_duplicate: float
    same_question: float
    same_answer: float
    repeat_weights: tuple[float, ...]
    document_relevance: tuple[float, ...]
    document_cutoff: float
    document_raise: float

    def relevance_of(self, kind: str) -> tuple[float, ...]:
        """The logistic weights of a kind of entry."""
        return self.document_relevance if kind == CHUNK else self.relevance

    def cutoff_of(self, kind: str) -> float:
        """The least relevance (0..1) at which an entry of this kind may be cited."""
        return self.document_cutoff if kind == CHUNK else self.answer_cutoff

    def raise_of(self, kind: str) -> float:
        """The relevance (0..1) from which on an entry of this kind lifts a message into scope."""
        return self.document_raise if kind == CHUNK else self.scope_raise
