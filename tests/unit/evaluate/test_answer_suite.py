"""The suites that judge and trace answers, on rows whose figures can be worked out by hand."""

import pytest

from core.domain.answers import Claim, Span
from core.domain.errors import CallerError, TransientError, UnusableAnswerError
from core.domain.judging import Agreement, Judged, JudgeInput
from core.domain.tasks import Generated, GenerateInput
from core.evaluate.judges import token_f1
from core.evaluate.rows import Row
from core.evaluate.suites import SUITES
from core.evaluate.trial import Ablation
from tests.fakes.engine import FakeEngine
from tests.unit.evaluate.trials import CORPUS, DESCALE, LID, citing, in_scope_when, judging, trial

JUDGES = ("judge", "judge_claims")
FULL, PARTIAL, CONTRARY = Agreement.FULL, Agreement.PARTIAL, Agreement.CONTRARY
ROWS: list[Row] = [
    {"query": DESCALE, "reference_answer": DESCALE, "answerability": "ANSWERABLE", "relevant_ids": ["scale"]},
    {"query": LID, "reference_answer": "Never close the lid.", "answerability": "PARTIAL", "relevant_ids": ["lid", "cord"]},
    {"query": "Which tea tastes best?", "reference_answer": "Green.", "answerability": "ANSWERABLE", "relevant_ids": ["cord"]},
    {"query": CORPUS[2]["text"], "reference_answer": "I do not know.", "answerability": "UNANSWERABLE", "relevant_ids": []},
]  # fmt: skip


async def test_what_is_answered_is_judged_by_both_judges_and_their_agreement_is_told() -> None:
    engine = judging({"Descale": (FULL, FULL), "Close": (CONTRARY, PARTIAL)})
    done = await SUITES["answer"](trial(ROWS, engine))
    assert {name: one.value for name, one in done.figures.items() if name not in ("token_f1", "cosine")} == {
        "answered_answerable": pytest.approx(2 / 3, abs=1e-4),
        "answered_unanswerable": 1.0,
        "agreement_judge": 0.5,
        "contrary_judge": 0.5,
        "agreement_judge_claims": 0.75,
        "contrary_judge_claims": 0.0,
        "judges_agree": 0.5,
        "judges_kappa": pytest.approx((0.5 - 0.25) / (1 - 0.25), abs=1e-4),
    }
    # of "never close lid" and "close lid kettle click" two terms are the same
    assert done.figures["token_f1"].value == pytest.approx((1 + 2 * 2 / (3 + 4)) / 2, abs=1e-4)
    assert (done.n, done.figures["agreement_judge"].n, done.notes) == (4, 2, ())
    assert "identify" not in engine.asked


async def test_the_judges_read_question_dialogue_reference_and_answer() -> None:
    seen: list[JudgeInput] = []

    def judge(inputs: JudgeInput) -> Judged:
        seen.append(inputs)
        return Judged(FULL, "told so")

    engine = judging({"": (FULL, FULL)})
    engine.says["judge"] = judge
    said = [{"role": "customer", "text": "My kettle is cold."}, {"role": "agent", "text": DESCALE}]
    await SUITES["answer"](trial([{**ROWS[0], "history": said}], engine))
    (one,) = seen
    assert (one.question, one.reference, one.answer) == (DESCALE, DESCALE, DESCALE)
    assert [(line.role, line.text) for line in one.dialogue] == [("requester", said[0]["text"]), ("analyst", DESCALE)]


async def test_an_engine_that_cannot_judge_still_gives_what_needs_no_judge() -> None:
    done = await SUITES["answer"](trial(ROWS, FakeEngine()))
    assert list(done.figures) == ["answered_answerable", "answered_unanswerable", "token_f1", "cosine"]
    (note,) = done.notes
    assert note.startswith("No answer was judged: The fake engine was told nothing about judge.")


async def test_an_answer_that_a_judge_has_no_usable_word_on_is_left_out_of_both_and_told() -> None:

    def judge_claims(inputs: JudgeInput) -> Judged:
        if inputs.answer == LID:
            raise UnusableAnswerError("No JSON came.")
        return Judged(PARTIAL, "told so")

    engine = judging({"": (FULL, FULL)})
    engine.says["judge_claims"] = judge_claims
    done = await SUITES["answer"](trial(ROWS, engine))
    ruled = [(done.figures[f"agreement_{name}"].value, done.figures[f"agreement_{name}"].n) for name in JUDGES]
    assert ruled == [(1.0, 1), (0.5, 1)]
    assert done.notes == ("1 of 2 answers were not judged: a judge had no usable answer.",)


async def test_a_row_whose_answer_fails_counts_as_not_answered() -> None:
    engine = FakeEngine()
    engine.says["generate"] = TransientError("It took too long.")
    done = await SUITES["answer"](trial(ROWS, engine))
    assert done.figures["answered_answerable"].value == done.figures["answered_unanswerable"].value == 0.0
    assert done.notes == ("No answer was given that could be judged.",)


def test_token_f1_counts_words_as_often_as_both_say_them() -> None:
    assert token_f1("kettle kettle lid", "the kettle lid cord") == pytest.approx(2 * 2 / (3 + 3))
    assert token_f1("重启水壶", "重启水壶") == 1.0
    assert token_f1("", "kettle") == token_f1("the", "the") == 0.0


async def test_citations_are_traced_to_the_relevant_documents_and_claims_to_their_spans() -> None:
    spans = (Span(1, "the  kettle"), Span(1, "with a hammer"), Span(9, "kettle"))
    done = await SUITES["grounding"](trial(ROWS, citing(FakeEngine(), *spans)))
    figures = {name: one.value for name, one in done.figures.items()}
    # two of the three rows with a relevant document are answered: one cites the scale, which is relevant, the other the lid,
    # beside which the cord would be; what each cites by spans that do not stand was dropped
    assert done.n == 3
    assert figures["answered"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["citation_precision"] == 1.0
    assert figures["citation_recall"] == pytest.approx((1 + 1 / 2) / 2)
    assert figures["cites_relevant"] == 1.0
    assert figures["spans_found"] == pytest.approx(
        1 / 3, abs=1e-4
    )  # one is invented, one of a passage that is not there
    # of "descale kettle lemon juice" and "close lid kettle click" the spans say the kettle only
    assert figures["carried_by_spans"] == pytest.approx(2 / 8)
    assert figures["carried_by_cited"] == 1.0
    assert done.notes == ()


async def test_citing_what_is_not_relevant_costs_precision() -> None:
    rows = [{**ROWS[0], "relevant_ids": ["cord"]}, {**ROWS[1], "relevant_ids": ["lid"]}]
    done = await SUITES["grounding"](trial(rows, FakeEngine()))
    figures = {name: one.value for name, one in done.figures.items()}
    assert (figures["citation_precision"], figures["citation_recall"], figures["cites_relevant"]) == (0.5, 0.5, 0.5)
    assert "spans_found" not in figures
    assert done.notes == ("The engine names no spans: what its claims cite is compared as a whole.",)


SHOULD: list[Row] = [
    {"text": DESCALE, "label": "within_scope"},
    {"text": LID, "label": "within_scope"},
    {"text": "Which kettle is the prettiest?", "label": "out_of_scope"},
    {"text": "Thanks a lot.", "label": "no_assistance"},
]


def sober() -> FakeEngine:
    """An engine that takes every kettle for ours, and knows nothing of beauty."""

    def generate(inputs: GenerateInput) -> Generated:
        pretty = "prettiest" in inputs.question
        return Generated(() if pretty else (Claim(inputs.passages[0].entry.answer, (1,)),), "no word of it")

    engine = in_scope_when(FakeEngine(), "kettle")
    engine.says["generate"] = generate
    return engine


async def test_should_answer_tells_what_identify_decides_and_what_is_sent_in_the_end() -> None:
    done = await SUITES["should-answer"](trial(SHOULD, sober()))
    figures = {name: one.value for name, one in done.figures.items()}
    # identify: three said to be ours, of which two are; the fourth rightly not. Sent: two, both rightly.
    assert figures["identify_precision"] == pytest.approx((2 * 2 / 3 + 2 * 1) / 4, abs=1e-4)
    assert figures["identify_recall"] == pytest.approx(3 / 4)
    assert figures["identify_f1"] == pytest.approx((4 / 5 + 2 / 3) / 2, abs=1e-4)
    assert [figures[f"sent_{name}"] for name in ("precision", "recall", "f1")] == [1.0, 1.0, 1.0]


async def test_without_identify_generate_decides_alone() -> None:
    engine = FakeEngine()
    done = await SUITES["should-answer"](trial(SHOULD, engine, ablated=frozenset({Ablation.NO_IDENTIFY})))
    figures = {name: one.value for name, one in done.figures.items()}
    assert list(figures) == ["sent_precision", "sent_recall", "sent_f1"]
    # the prettiest is answered too: three answers, two of them rightly
    assert figures["sent_precision"] == pytest.approx((2 * 2 / 3 + 2 * 1) / 4, abs=1e-4)
    assert figures["sent_recall"] == pytest.approx(3 / 4)
    assert "identify" not in engine.asked


async def test_without_documents_only_identify_is_measured() -> None:
    done = await SUITES["should-answer"](trial(SHOULD, in_scope_when(FakeEngine(), "kettle"), []))
    assert list(done.figures) == ["identify_precision", "identify_recall", "identify_f1"]
    assert done.notes[0].startswith("Without --corpus")
    with pytest.raises(CallerError, match="needs --corpus"):
        await SUITES["should-answer"](trial(SHOULD, FakeEngine(), [], frozenset({Ablation.NO_IDENTIFY})))
