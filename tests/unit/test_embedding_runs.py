"""How texts are shared out to runs of the graph."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.embedding.onnx import LEAST_FULL, LEAST_SHARED, TOKEN_BYTES, TOKENS_PER_RUN, runs_of, shared


@given(st.sets(st.binary(min_size=0, max_size=300).map(lambda one: one * TOKEN_BYTES)))
def test_every_text_is_in_one_run_with_texts_of_about_its_width(texts: set[bytes]) -> None:
    runs = list(runs_of(texts))
    assert sorted(text for run in runs for text in run) == sorted(texts)
    for run in runs:
        widths = [len(text) / TOKEN_BYTES for text in run]
        assert len(run) == 1 or len(run) * max(widths) <= TOKENS_PER_RUN
        assert min(widths) >= LEAST_FULL * max(widths)


def test_texts_go_into_the_same_runs_in_whatever_order_they_come() -> None:
    texts = [bytes([n % 7]) * TOKEN_BYTES * n for n in range(1, 60)]
    assert list(runs_of(texts)) == list(runs_of(reversed(texts)))


def test_one_run_of_several_texts_is_shared_out_to_two() -> None:
    text = [bytes([n]) * TOKEN_BYTES * (LEAST_SHARED // 3) for n in range(3)]
    assert shared([text]) == [text[:1], text[1:]]


def test_little_one_text_and_what_is_more_than_one_run_stay_as_they_are() -> None:
    short, long = b"a" * TOKEN_BYTES, b"b" * TOKEN_BYTES * LEAST_SHARED
    for runs in ([], [[short, b"c" * TOKEN_BYTES]], [[long]], [[long, long], [short]]):
        assert shared(runs) == runs
