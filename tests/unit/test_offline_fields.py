"""The short fields of a lesson that the offline engine finds by rule."""

import pytest

from adapters.engine.offline.fields import conditions_of, object_of, with_restrictions


def test_a_code_of_the_question_alone_never_becomes_the_object() -> None:
    asked = "our job ETL-NIGHTLY-BERLIN fails with timeouts on PAYROLL-DB, error ERR-4012"
    assert object_of(asked, "Raise the timeout to 60 s in the client.") == ""
    assert object_of(asked, "ERR-4012 is a timeout: raise it to 60 s.") == "ERR-4012"


@pytest.mark.parametrize(
    ("pieces", "advised"),
    [
        (["Set `fast=true`.", "Only below 2.1.4.", "Don't do this in production."], [True, False, False]),
        (["Otherwise you lose data.", "Enable it only if object lock is off."], [False, True]),
        (["把 part_size 改为 64MiB。", "不要在生产环境使用。"], [True, False]),
    ],
)
def test_what_restricts_or_warns_stays_beside_the_advice(pieces: list[str], advised: list[bool]) -> None:
    assert with_restrictions(pieces, advised) == [True] * len(pieces)


def test_a_warning_without_advice_beside_it_is_not_kept() -> None:
    said = ["Don't worry.", "I'll look at the logs.", "Set the part size to 64 MiB."]
    assert with_restrictions(said, [False, False, True]) == [False, False, True]


def test_conditions_are_the_clauses_of_the_answer() -> None:
    assert (
        conditions_of("Enable it only if object lock is off. Otherwise you lose data.") == "only if object lock is off"
    )
