"""Who counts as one of us: nobody before Slack has said so."""

import time

import pytest

from adapters.slack.people import GUEST, KNOWN_FOR_S, People
from adapters.slack_payloads.readable import Names, readable

HOME, ACME = "T0HOME", "T0ACME"


def test_of_whom_nothing_is_known_has_no_organisation() -> None:
    assert People(HOME).person("U1", "C1").organisation == ""


def test_a_member_of_our_workspace_is_one_of_us_only_once_looked_up_because_they_may_be_a_guest() -> None:
    people = People(HOME)
    assert people.person("U1", "C1", HOME).organisation == ""
    people.see({"user": "U1", "user_team": HOME})
    assert people.person("U1", "C1").organisation == ""
    people.know({"id": "U1", "team_id": HOME, "is_restricted": True})
    assert people.person("U1", "C1", HOME).organisation == f"{GUEST}C1"
    people.know({"id": "U1", "team_id": HOME})
    assert people.person("U1", "C1").organisation == HOME


def test_whoever_was_looked_up_long_ago_is_looked_up_again_and_known_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people, now = People(HOME), time.monotonic()
    people.know({"id": "U1", "team_id": HOME})
    assert "U1" in people
    monkeypatch.setattr(time, "monotonic", lambda: now + 2 * KNOWN_FOR_S)
    assert "U1" not in people
    assert people.person("U1", "C1").organisation == HOME


def test_an_outsiders_organisation_is_what_the_payload_says() -> None:
    people = People(HOME)
    assert people.person("U2", "C1", ACME).organisation == ACME
    people.see({"user": "U2", "user_team": ACME})
    assert people.person("U2", "C1").organisation == ACME


def test_whom_slack_does_not_know_stays_without_organisation() -> None:
    people = People(HOME)
    people.know({"id": "U3"})
    assert people.person("U3", "C1").organisation == ""
    assert people.person("U3", "C1", HOME).organisation == ""


def test_staff_of_another_workspace_of_our_enterprise_are_home_members() -> None:
    people = People(HOME, "E0OURS")
    people.know({"id": "U4", "team_id": "T0SISTER", "enterprise_user": {"enterprise_id": "E0OURS"}})
    people.know({"id": "U5", "team_id": HOME})
    people.know({"id": "U6", "team_id": ACME, "enterprise_user": {"enterprise_id": "E0ACME"}})
    found = [people.person(*who).organisation for who in (("U4", "C1"), ("U5", "C1", "E0OURS"), ("U6", "C1"))]
    assert found == [HOME, HOME, ACME]


def test_our_own_mention_reads_vigil_whatever_the_app_is_called() -> None:
    people = People(HOME, us="U0BOT")
    assert readable("<@U0BOT> close", Names(people, {})) == "@Vigil close"
    people.know({"id": "U0BOT", "team_id": HOME, "real_name": "Support Helper"})
    assert readable("<@U0BOT|helper> close", Names(people, {})) == "@Vigil close"
