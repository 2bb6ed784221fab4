"""What an answer holds under, and when a question rules it out (DESIGN 5.5)."""

import pytest

from core.text.conditions import clauses, contradicted, other_context
from core.text.versions import ranges

GO = "With the Go SDK below 2.1.4 the session token is dropped on retry: update the SDK to 2.1.4."
LOCK = "If the lock is in `GOVERNANCE` mode, delete with the flag. An object lock in `COMPLIANCE` mode stays until its date."


@pytest.mark.parametrize("conditions", ["With the Go SDK below 2.1.4", ""])
@pytest.mark.parametrize(
    "asked",
    [
        "uploads with the Go SDK 2.3.0 lose the session token",
        "we use the Python SDK 3.1.0, uploads lose the session token",
        "uploads with the Go SDK lose the session token. we are not on the Go SDK, it is Java",
        "Uploads from the Java SDK: session token lost",
        "Java SDK 2.0.0 上传时丢失 session token",
    ],
)
def test_another_platform_or_version_rules_the_answer_out(asked: str, conditions: str) -> None:
    assert contradicted(asked, "uploads lose the token", GO, conditions)


@pytest.mark.parametrize(
    "asked",
    [
        "uploads with the Go SDK 2.1.1 lose the session token",
        "our Go SDK loses the session token",
        "uploads lose the session token",
        "server 5.2.0, Go SDK 2.0.3: session token lost",
        "how do I go back to an older SDK?",
    ],
)
def test_what_fits_or_is_not_said_does_not(asked: str) -> None:
    assert not contradicted(asked, "uploads lose the token", GO, "With the Go SDK below 2.1.4")


@pytest.mark.parametrize(
    "said",
    [
        "there is no object lock on that bucket", "the bucket has no object lock", "we work without object lock",
        "there isn't any object lock", "object lock was never enabled", "object lock is off", "object lock isn't enabled",
        "we don't use object lock", "not using object lock here", "object lock has not been enabled",
    ],
)  # fmt: skip
def test_absence_in_any_wording_rules_the_answer_out(said: str) -> None:
    assert contradicted(f"can't delete an object, {said}", "object is locked", LOCK, "")


@pytest.mark.parametrize(
    "asked",
    [
        "there is no error message but the delete fails",
        "the object lock is on, how do I delete?",
        "no idea why, no way to delete it",
        "without success so far",
    ],
)
def test_what_is_missing_must_be_what_the_answer_is_about(asked: str) -> None:
    assert not contradicted(asked, "delete fails with an error message", LOCK, "")


def test_what_the_answer_brings_in_may_be_missing() -> None:
    assert not contradicted(
        "no object lock yet, how to protect objects?", "protect", "Enable object lock on the bucket.", ""
    )


def test_a_condition_that_something_is_off_is_contradicted_by_its_being_on() -> None:
    told = "Enable it only if object lock is off."
    assert contradicted(
        "object lock is enabled, can I turn it on?", "turn on fast delete?", told, "only if object lock is off"
    )
    assert not contradicted("object lock is off, can I?", "turn on fast delete?", told, "only if object lock is off")


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("Only below 2.1.4. Don't do this in production.", "Only below 2.1.4"),
        ("Enable it only if object lock is off. Otherwise you lose data.", "only if object lock is off"),
        ("If the lock is in `GOVERNANCE` mode, bypass it.", "If the lock is in `GOVERNANCE` mode"),
        ("Don't use it unless the bucket is versioned.", "unless the bucket is versioned"),
        ("With `MfaDelete=Enabled` a version wants a code.", "With `MfaDelete=Enabled`"),
        ("如果开启了版本控制，需要先删除旧版本。", "如果开启了版本控制"),
        ("这是因为 Java SDK 4.1.x 默认校验整个对象。", "Java SDK 4.1.x"),
        ("Upgrade the Python SDK to 3.3.0, it backs off by itself.", ""),
        ("Set the part size to 64 MiB. If you have questions, let me know.", ""),
        ("Set it, and if that helps, close this.", ""),
    ],
)
def test_the_clauses_that_restrict_an_answer_are_found(answer: str, found: str) -> None:
    assert clauses(answer) == found


@pytest.mark.parametrize(
    ("conditions", "inside", "outside"),
    [
        ("below 2.1.4", (2, 1, 3), (2, 1, 4)),
        ("SDK 2.1.4 and older", (2, 1, 4), (2, 1, 5)),
        ("from 3.2", (3, 2), (3, 1, 9)),
        ("SDK 3.2 or later", (4, 0), (3, 1)),
        ("Java SDK 4.1.x", (4, 1, 7), (4, 2, 0)),
        ("with SDK 2.1", (2, 1, 3), (3, 0)),
        ("3.2 及以上", (3, 2, 1), (3, 1)),
    ],
)
def test_version_ranges(conditions: str, inside: tuple[int, ...], outside: tuple[int, ...]) -> None:
    (limit,) = ranges(conditions)
    assert (limit.holds(inside), limit.holds(outside)) == (True, False)


def test_a_date_is_no_version() -> None:
    assert ranges("only from 1 July") == ()


def test_versions_and_platforms_tell_questions_apart() -> None:
    assert other_context("login loops with SDK 2.1", "login loops with SDK 3.0")
    assert other_context("white page on iPhone", "white page on Android")
    assert not other_context("login loops with SDK 2.1", "login loops")
