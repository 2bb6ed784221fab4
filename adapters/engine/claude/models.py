"""What is known of each model: what it costs, from which length it caches, and which knobs it has. Data, in ``models.json``."""

from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from core.domain.tasks import Usage

THINKING_TOKENS = 4_000
"""Room for what a model thinks before it answers: thinking counts towards the cap of a call's output."""
_PER_TOKEN = 1e-6
_DATE_CHARS = len("-20251001")


class Prices(BaseModel):
    """US dollars per million tokens: read anew, written by the model, read from the cache, written to the cache."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    input: float
    output: float
    cache_read: float
    cache_write: float


class Model(Prices):
    """A model that is known. ``cache_from`` is the least prefix, in tokens, that is cached; prompts over ``long_from`` tokens
    have the ``long`` prices; ``effort`` says whether a call may set it, ``thinks`` whether it thinks unasked."""

    cache_from: int
    effort: bool
    thinks: bool
    long_from: int | None = None
    long: Prices | None = None


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    note: str
    models: dict[str, Model]


@cache
def known_models() -> dict[str, Model]:
    """All models by their id."""
    return _Table.model_validate_json(files(__package__).joinpath("models.json").read_bytes()).models


def known(model: str) -> Model | None:
    """What is known of a model, by its id with or without a date; ``None`` where nothing is."""
    table = known_models()
    undated = model[:-_DATE_CHARS] if model[-_DATE_CHARS + 1 :].isdecimal() else model
    return table.get(model) or table.get(undated)


def price_usd(model: str, usage: Usage) -> float | None:
    """What a call costs in US dollars; ``None`` where the model's prices are not known."""
    found = known(model)
    if found is None:
        return None
    is_long = found.long_from is not None and usage.input_tokens > found.long_from
    prices = found.long if is_long and found.long else found
    fresh = usage.input_tokens - usage.cached_tokens - usage.written_tokens
    return _PER_TOKEN * (
        fresh * prices.input + usage.cached_tokens * prices.cache_read + usage.written_tokens * prices.cache_write
        + usage.output_tokens * prices.output
    )  # fmt: skip
