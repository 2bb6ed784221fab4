"""The thresholds that belong to one embedding model."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calibration:
    """Every threshold in use, made by ``vigil calibrate`` for the model named ``identity`` and kept in ``calibration.json``.

    ``relevance``: weights (bias, cosine, lexical coverage, key agreement) of the logistic that turns a passage into its
    relevance. ``answer_cutoff``: least relevance (0..1) that may be cited. ``scope_raise``: relevance that lifts a message
    into scope. ``repeat_theta``: cosine from which an answer repeats a sent one; 1.0 switches the test off.
    ``near_duplicate``: cosine from which two entries are about the same. ``same_answer``: cosine from which they say the
    same. ``scope_margin`` and ``assistance_margin``: the offline engine's contrasts, in cosine.
    """

    identity: str
    relevance: tuple[float, ...]
    answer_cutoff: float
    scope_raise: float
    repeat_theta: float
    near_duplicate: float
    same_answer: float
    scope_margin: float
    assistance_margin: float
