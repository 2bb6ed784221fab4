"""When an answer repeats one that was sent (DESIGN 5.6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.respond.skip_repeat import FEATURES, OFF, find_repeat, likeness, repeat_features
from tests.fakes.embedder import HashEmbedder

EMBEDDER = HashEmbedder()
WEIGHTS = (-4.0, 4.0, 3.0, 3.0)
SENT = [
    "Rotate the key in the console.",
    "Set `part_size=64` in the transfer config.",
    "Uploads above 5 GB need parts.",
]


async def test_the_sent_answer_that_is_said_again_is_found() -> None:
    assert await find_repeat("In the transfer config set `part_size=64`.", SENT, EMBEDDER, WEIGHTS, 0.7) == 1


async def test_another_answer_is_no_repeat() -> None:
    assert await find_repeat("Ask the admin for the role `reader`.", SENT, EMBEDDER, WEIGHTS, 0.7) is None


async def test_what_is_known_of_a_text_is_used_in_place_of_its_own_vector() -> None:
    other, same = await EMBEDDER.embed([SENT[0], SENT[1]], "passage")
    ((_, cosine, *shares),) = await repeat_features("a", ["b"], EMBEDDER, {"a": other, "b": other})
    assert cosine == pytest.approx(1.0)
    assert shares == [0.0, 0.0]
    ((_, cosine, *_),) = await repeat_features("a", [SENT[1]], EMBEDDER, {"a": same})
    assert cosine == pytest.approx(1.0)


async def test_theta_one_switches_the_test_off() -> None:
    assert await find_repeat(SENT[0], SENT, EMBEDDER, WEIGHTS, 0.7) == 0
    assert await find_repeat(SENT[0], SENT, EMBEDDER, WEIGHTS, OFF) is None


async def test_nothing_repeats_before_anything_was_sent() -> None:
    assert await find_repeat(SENT[0], [], EMBEDDER, WEIGHTS, 0.0) is None


async def test_texts_without_a_word_are_compared_too() -> None:
    (seen,) = await repeat_features("", [""], EMBEDDER)
    assert len(seen) == len(FEATURES)
    assert all(0.0 <= one <= 1.0001 for one in seen)


@given(st.text(max_size=60), st.text(max_size=60))
async def test_the_shares_are_the_same_both_ways_and_within_bounds(one: str, other: str) -> None:
    (there,), (back,) = [await repeat_features(a, [b], EMBEDDER) for a, b in ((one, other), (other, one))]
    assert there[2:] == back[2:]
    assert all(0.0 <= share <= 1.0 for share in there[2:])
    assert 0.0 < likeness(WEIGHTS, there) < 1.0
