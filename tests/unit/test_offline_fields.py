"""The short fields of a lesson that the offline engine finds by rule."""

from adapters.engine.offline.fields import object_of


def test_a_code_of_the_question_alone_never_becomes_the_object() -> None:
    asked = "our job ETL-NIGHTLY-BERLIN fails with timeouts on PAYROLL-DB, error ERR-4012"
    assert object_of(asked, "Raise the timeout to 60 s in the client.") == ""
    assert object_of(asked, "ERR-4012 is a timeout: raise it to 60 s.") == "ERR-4012"
