"""A task's JSON as its output, and why it is none."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.engine.claude.answers import Unusable, read_answer
from adapters.engine.claude.schemas import ANSWERS
from core.domain.ids import MessageId
from core.domain.judging import Agreement, Judged
from core.domain.reviews import Review, Verdict
from core.domain.sessions import QuestionClass
from core.domain.tasks import Extraction, Identified, Lesson, NotKnownYet, Rewriting, Rewritten
from tests.fakes.asked import AT, extract, identify, judge, review, rewrite
from tests.unit.engine.claude.saying import RULING, SAYS, SOLUTION, says, solved

INPUTS = {
    "identify": identify("no").inputs,
    "rewrite": rewrite("one", "two", "three").inputs,
    "extract": extract("said", "said more").inputs,
    "review": review("said", "said more").inputs,
    "judge": judge("no").inputs,
}
TAUGHT_AT = AT + timedelta(minutes=1)


def read(task: str, said: object) -> Any:
    return read_answer(task, said if isinstance(said, str) else json.dumps(said), INPUTS[task])


def lesson(**other: Any) -> Lesson:
    found = read("extract", solved(**other)).found
    assert isinstance(found, Lesson)
    return found


def why(task: str, said: object) -> str:
    with pytest.raises(Unusable) as unusable:
        read(task, said)
    return str(unusable.value)


def test_each_task_gives_what_it_was_told() -> None:
    assert read("identify", SAYS["identify"]) == Identified(QuestionClass.WITHIN_SCOPE, "an error", 0.9)
    assert read("rewrite", SAYS["rewrite"]) == Rewriting((Rewritten("why 503?", (MessageId("m1"),), "SlowDown"),))
    assert read("judge", SAYS["judge"]) == Judged(Agreement.FULL, "the same")
    assert lesson() == Lesson(
        "uploads", "503 SlowDown", "", "Set `max_concurrency` to 4.", ("SlowDown",), (MessageId("m1"),), None,
        confirmed=False, confidence=0.9,
    )  # fmt: skip
    given = read("review", SAYS["review"])
    assert isinstance(given, Review)
    assert [(one.n, one.verdict, one.lesson) for one in given.rulings] == [
        (1, Verdict.KEEP, None),
        (2, Verdict.KEEP, None),
    ]


def test_nothing_found_names_the_likeliest_messages_first() -> None:
    said = says("extract", found=False, solution=None, likely=["m3", "m2", "m3"], reason=" not tried ")
    assert read("extract", said) == Extraction(NotKnownYet("not tried", (MessageId("m2"), MessageId("m1"))))


def test_a_solution_that_was_not_found_is_none() -> None:
    assert isinstance(read("extract", says("extract", found=False)).found, NotKnownYet)


@pytest.mark.parametrize("unknown", ["m9", "m0", "M2", "m02", "", "m1m2", "2", "someone", "m2 "])
def test_labels_that_nobody_has_are_dropped(unknown: str) -> None:
    assert lesson(from_messages=[unknown, "m2", "m2"]).from_messages == (MessageId("m1"),)
    (question,) = read("rewrite", {"questions": [SAYS["rewrite"]["questions"][0] | {"messages": [unknown]}]}).questions
    assert question.messages == ()
    (ruling,) = read("review", {"rulings": [RULING | {"correction": [unknown, "m3"]}]}).rulings
    assert ruling.correction == (MessageId("m2"),)


@pytest.mark.parametrize("named", [[], ["m9"], ["", "somebody"]])
def test_a_solution_of_nobody_is_unusable(named: list[str]) -> None:
    assert why("extract", solved(from_messages=named)) == "from_messages names no message of the dialogue"
    update = RULING | {"verdict": "update", "solution": SOLUTION | {"from_messages": named}}
    assert why("review", {"rulings": [update]}) == "from_messages names no message of the dialogue"


def test_a_solution_without_an_answer_is_unusable() -> None:
    assert why("extract", solved(answer=" \n")) == "the solution has no answer"
    assert why("extract", says("extract", solution=None)) == "found is true and there is no solution"
    assert "solution" in why("review", {"rulings": [RULING | {"verdict": "update"}]})


def test_an_update_brings_its_text_and_other_verdicts_none() -> None:
    rulings = [RULING | {"verdict": verdict, "solution": SOLUTION} for verdict in ("update", "delete", "keep")]
    found = read("review", {"rulings": rulings}).rulings
    assert [one.lesson.answer if one.lesson else "" for one in found] == [SOLUTION["answer"], "", ""]


@pytest.mark.parametrize(
    ("named", "at"),
    [
        ("2026-12-24T18:00:00Z", datetime(2026, 12, 24, 18, tzinfo=UTC)),
        ("2026-12-24T18:00:00+08:00", datetime(2026, 12, 24, 10, tzinfo=UTC)),
        ("2026-12-24T18:00", datetime(2026, 12, 24, 18, tzinfo=UTC)),
        ("2026-12-24", datetime(2026, 12, 24, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("temporary", [True, False])
def test_an_expiry_that_is_named_holds_in_utc(named: str, at: datetime, temporary: bool) -> None:
    assert lesson(expires_at=named, temporary=temporary).expires_at == at


def test_what_is_temporary_without_a_date_holds_seven_days_from_the_last_message_that_teaches_it() -> None:
    assert lesson(temporary=True).expires_at == TAUGHT_AT + timedelta(days=7)
    assert lesson(temporary=True, from_messages=["m3", "m2"]).expires_at == AT + timedelta(days=7, minutes=2)
    assert lesson(temporary=False).expires_at is None


@pytest.mark.parametrize(
    "named", ["tomorrow", "", "24.12.2026", "0001-01-01T00:00:00+23:59", "9999-12-31T23:00:00-12:00", "2026-13-01"]
)
def test_an_expiry_that_is_no_date_is_unusable(named: str) -> None:
    assert why("extract", solved(expires_at=named)) == "expires_at is no ISO 8601 date"


@pytest.mark.parametrize(
    ("told", "share"),
    [
        ("0.25", 0.25),
        ("1", 1.0),
        ("7.5", 1.0),
        ("-3", 0.0),
        ("NaN", 0.0),
        ("Infinity", 1.0),
        ("-Infinity", 0.0),
        ("1e999", 1.0),
    ],
)
def test_a_confidence_is_a_share_whatever_was_told(told: str, share: float) -> None:
    said = read("identify", '{"reason": "", "class": "out_of_scope", "confidence": ' + told + "}")
    assert said.confidence == share


def test_at_most_four_questions_are_taken_and_none_that_is_blank() -> None:
    questions = [SAYS["rewrite"]["questions"][0] | {"query": query} for query in (" ", *"abcdef")]
    assert [one.query for one in read("rewrite", {"questions": questions}).questions] == [*"abcd"]


def spoil(said: Any) -> list[tuple[str, object]]:
    """Every way to spoil one field of an answer: missing, of another type, beside one too many."""
    found: list[tuple[str, object]] = [("extra", said | {"SECRET of the customer": 1})]
    for name in said:
        found.append((f"no {name}", {key: value for key, value in said.items() if key != name}))
        found.append((f"other {name}", said | {name: {"SECRET": "of the customer"}}))
    return found


@pytest.mark.parametrize("task", SAYS)
def test_an_answer_of_another_form_is_unusable_and_the_reason_holds_nothing_of_it(task: str) -> None:
    for what, said in spoil(SAYS[task]):
        reason = why(task, said)
        assert reason.startswith("it does not fit the schema ("), what
        assert "SECRET" not in reason, what


@pytest.mark.parametrize(
    "said", ["", "null", "[]", "7", '"SECRET"', "{", "SECRET", "```json\n{}\n```", '{"reason": "\\ud800"}']
)
@pytest.mark.parametrize("task", SAYS)
def test_what_is_no_json_object_is_unusable(task: str, said: str) -> None:
    assert "SECRET" not in why(task, said)


@pytest.mark.parametrize(("task", "field"), [("identify", "class"), ("judge", "agreement")])
def test_a_word_that_is_none_of_the_choices_is_unusable(task: str, field: str) -> None:
    assert why(task, says(task, **{field: "SECRET"})) == f"it does not fit the schema ({field}: enum)"
    ruling = {"rulings": [RULING | {"verdict": "SECRET"}]}
    assert why("review", ruling) == "it does not fit the schema (rulings.0.verdict: enum)"


def test_blanks_around_what_is_said_are_dropped() -> None:
    found = lesson(answer="\n Restart it. ", keys=[" ", " SlowDown "], object=" uploads ")
    assert (found.answer, found.keys, found.object) == ("Restart it.", ("SlowDown",), "uploads")


def test_each_task_with_a_schema_is_tried_here() -> None:
    assert set(ANSWERS) == {*SAYS, "judge_claims"} == {*INPUTS, "judge_claims"}
