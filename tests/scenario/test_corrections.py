"""What people correct and accept in the example workspace, and what that does to the knowledge."""

from tests.fakes.replayed import Replayed
from tests.scenario.deviations import CARDS, VERDICTS
from tests.scenario.judged import Expected, lessons, standing
from tests.scenario.verdicts import accepts, misworded, teachers, verdicts, wanted_accepts, wanted_verdicts


def test_reviews_say_what_each_thread_says_and_no_answer_is_reviewed_that_is_not_listed(
    acme: Replayed, expected: Expected
) -> None:
    wanted, found = wanted_verdicts(expected), verdicts(acme, expected)
    assert len(wanted) >= 14
    differing = {key: found.get(key, "none") for key in wanted | found if found.get(key) != wanted.get(key)}
    assert differing == {key: is_ for key, (is_, _) in VERDICTS.items()}


def test_what_a_review_deletes_is_retired_unless_an_accept_undid_it_and_everything_else_stays(
    acme: Replayed, expected: Expected
) -> None:
    left, taught = standing(acme), teachers(acme)
    rulings = [ruling for thread in expected for ruling in thread["reviews"]]
    deleted = {ruling["entry"] for ruling in rulings if ruling["verdict"] == "delete" and not ruling.get("undone")}
    assert len(deleted) == 1
    assert {taught[entry] for entry in taught if entry not in left} & {ruling["entry"] for ruling in rulings} == deleted


def test_what_is_deleted_is_cited_no_more(acme: Replayed) -> None:
    retired: set[str] = set()
    for line in acme.lines:
        if line["type"] == "knowledge":
            (retired.add if line["change"] == "retired" else retired.discard)(line["entry"])
        for question in line["questions"] if line["type"] == "turn" else []:
            assert not retired & {c["entry"] for c in (question["answer"] or {"citations": []})["citations"]}
    assert retired


def test_what_people_accept_is_accepted_by_them_and_by_nobody_else(acme: Replayed, expected: Expected) -> None:
    wanted = wanted_accepts(expected)
    assert len(wanted) == 2
    assert accepts(acme, expected) == wanted


def test_an_accept_undoes_what_the_review_had_changed(acme: Replayed, expected: Expected) -> None:
    undone = {ruling["entry"] for thread in expected for ruling in thread["reviews"] if ruling.get("undone")}
    changes = [k["change"] for k in acme.of("knowledge") if teachers(acme).get(k["entry"]) in undone]
    assert "retired" in changes
    assert changes.index("restored") > changes.index("retired")


def test_cards_say_what_they_must_and_not_what_they_must_not(acme: Replayed, expected: Expected) -> None:
    assert misworded(acme, expected) == {name: is_ for name, (is_, _) in CARDS.items()}


def test_a_revised_lesson_is_known_once(acme: Replayed, expected: Expected) -> None:
    revised = {lesson["revises"]: lesson["from_message"] for _, lesson in lessons(expected) if "revises" in lesson}
    assert revised
    for before, after in revised.items():
        made = {k["entry"] for ts in (before, after) for k in acme.lessons(ts)}
        assert len(made & standing(acme)) == 1
