"""What a model says of what somebody said: it may repeat it, so that it stays among analysts and no longer than the words."""

from dataclasses import replace

from core.domain.sessions import Outcome, TurnQuestion


def without_models_words(one: TurnQuestion) -> TurnQuestion:
    """Why a model finds that nothing is to be said is put in its own words: the class's name stands in their place."""
    said = "" if one.class_ is None else one.class_.value.replace("_", " ")
    return replace(one, reason=said) if one.outcome is Outcome.SILENT else one
