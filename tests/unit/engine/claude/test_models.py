"""What a call costs, by hand."""

import pytest

from adapters.engine.claude.models import known, known_models, price_usd
from core.domain.tasks import Usage


@pytest.mark.parametrize(
    ("model", "usage", "usd"),
    [
        ("claude-sonnet-5-5", Usage(1_000_000, 0), 2.00),
        ("claude-sonnet-5-5", Usage(0, 1_000_000), 10.00),
        ("claude-sonnet-5-5", Usage(1_000_000, 0, cached_tokens=1_000_000), 0.20),
        ("claude-sonnet-5-5", Usage(1_000_000, 0, written_tokens=1_000_000), 2.50),
        # 1,500 read anew, 2,000 from the cache, 500 written, 300 answered:
        # .003 + .0004 + .00125 + .003
        ("claude-sonnet-5-5", Usage(4_000, 300, 2_000, 500), 0.00765),
        ("claude-opus-5-5", Usage(4_000, 300, 2_000, 500), 0.006 + 0.0004 + 0.0025 + 0.006),
        ("claude-haiku-4-5", Usage(1_000, 100), 0.001 + 0.0005),
        ("claude-haiku-5-5", Usage(100_000, 1_000), 0.01 + 0.0005),
        # One token more, and all of the call has the prices of long prompts.
        ("claude-haiku-5-5", Usage(100_001, 1_000), 0.0500005 + 0.0025),
        ("claude-haiku-5-5", Usage(200_000, 0, 150_000, 50_000), 150_000 * 0.05e-6 + 50_000 * 0.625e-6),
        ("claude-sonnet-5", Usage(500_000, 0), 1.00),
        ("claude-haiku-5-5", Usage(), 0.0),
    ],
)
def test_a_call_costs_what_its_tokens_cost(model: str, usage: Usage, usd: float) -> None:
    assert price_usd(model, usage) == pytest.approx(usd, rel=1e-12)


def test_a_model_is_known_with_and_without_its_date() -> None:
    assert known("claude-haiku-4-5-20251001") is known("claude-haiku-4-5") is not None
    assert price_usd("claude-haiku-4-5-20251001", Usage(1_000, 0)) == pytest.approx(0.001)


@pytest.mark.parametrize(
    "model",
    [
        "claude-of-tomorrow",
        "",
        "claude-haiku",
        "claude-haiku-4-5-latest",
        "20251001",
        "us.claude-haiku-4-5",
        "haiku-4-5",
    ],
)
def test_of_another_model_nothing_is_known(model: str) -> None:
    assert known(model) is None
    assert price_usd(model, Usage(1_000, 1_000)) is None


@pytest.mark.parametrize("name", sorted(known_models()))
def test_every_price_of_the_table_can_be_right(name: str) -> None:
    model = known_models()[name]
    for prices in (model, model.long or model):
        assert 0 < prices.cache_read < prices.input < prices.cache_write < prices.output
    assert (model.long is None) is (model.long_from is None)
    assert model.long is None or model.long.input >= model.input
    assert model.cache_from >= 512
