"""What the workspace tells of channels: at once when they are shared, once per state, with one look for all."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.slack.messenger import SlackMessenger
from adapters.slack.workspace import Workspace, who_we_are
from tests.fakes.clock import FakeClock
from tests.unit.slack.conftest import There


async def _told(there: There, **more: object) -> tuple[str, bool] | None:
    changed = await there.learn(there.dana, **more)
    if changed is None:
        return None
    there.workspace.told(changed)
    return changed.name, changed.external


async def test_a_channel_is_told_once_per_state_and_again_until_it_was_stored(there: There) -> None:
    assert await there.learn(there.dana) is not None
    assert await _told(there) == ("support", False)
    assert await _told(there) is None


async def test_a_channel_that_messages_call_shared_is_external_at_once_though_it_is_known(there: There) -> None:
    assert await _told(there) == ("support", False)
    there.slack.faults.refused(1, "internal_error", method="conversations.info")
    assert await _told(there, is_ext_shared_channel=True) == ("support", True)
    assert there.slack.faults.met == [("refused", "conversations.info")], "it was looked up anew"
    assert await _told(there, is_ext_shared_channel=True) is None


async def test_a_name_that_comes_back_is_told_again_under_an_id_of_its_own(there: There) -> None:
    names, ids = [], set()
    for name in ("support", "help", "support"):
        there.channel.name = name
        there.workspace.forget_channel(there.channel.id)
        changed = await there.learn(there.dana)
        assert changed is not None
        there.workspace.told(changed)
        names.append(changed.name)
        ids.add(changed.external_id)
    assert names == ["support", "help", "support"]


async def test_a_guest_who_only_reads_makes_a_channel_shared_though_they_are_newer_than_the_list(there: There) -> None:
    assert await _told(there) == ("support", False)
    there.slack.person("Gus Guest", guest=True).join(there.channel)
    there.workspace.forget_channel(there.channel.id)
    changed = await there.learn(there.dana)
    assert changed is not None
    assert changed.organisations == {f"guest:{there.channel.id}"}
    assert len(there.slack.called("users.list")) == 1


async def test_a_guest_who_was_there_before_us_makes_a_channel_shared(there: There) -> None:
    there.slack.person("Gus Guest", single_channel=True).join(there.channel)
    changed = await there.learn(there.dana)
    assert changed is not None
    assert changed.organisations == {f"guest:{there.channel.id}"}


async def test_a_guest_who_only_reads_changes_nobodys_role(there: There) -> None:
    there.slack.person("Gus Guest", guest=True).join(there.channel)
    changed = await there.learn(there.dana)
    assert changed is not None
    assert not changed.external
    assert (await SlackMessenger(there.workspace, FakeClock()).channel(changed.channel)).is_shared


async def test_where_slack_does_not_say_who_is_a_guest_the_channel_is_known_all_the_same(there: There) -> None:
    there.slack.faults.refused(9, "fatal_error", method="users.list")
    assert await _told(there) == ("support", False)


async def test_many_messages_in_a_new_channel_are_one_look(there: There) -> None:
    await asyncio.gather(*(there.learn(there.dana) for _ in range(30)))
    assert len(there.slack.called("conversations.info")) == 1


async def test_a_channel_that_only_our_own_enterprise_shares_is_not_external(there: There) -> None:
    workspace = Workspace(there.workspace.client, replace(there.workspace.identity, enterprise="E0OURS"))
    home, at = workspace.identity.team, datetime(2026, 3, 2, tzinfo=UTC)
    of_org = {"name": "all", "is_org_shared": True, "shared_team_ids": [home, "T0SISTER"]}
    changed = workspace.changed("C1", of_org, at)
    assert changed is not None
    assert (changed.external, changed.organisations) == (False, frozenset())
    too = {"name": "acme", "is_org_shared": True, "is_ext_shared": True, "internal_team_ids": [home, "T0THIRD"]}
    changed = workspace.changed("C2", {**too, "connected_team_ids": ["T0ACME", "T0THIRD", "T0SISTER"]}, at)
    assert changed is not None
    assert (changed.external, changed.organisations) == (True, frozenset({"T0ACME"}))


async def test_the_enterprise_is_what_the_token_says(there: There) -> None:
    there.slack.world.enterprise = "E0OURS"
    assert (await who_we_are(there.workspace.client)).enterprise == "E0OURS"


def _with_groups(there: There) -> Workspace:
    there.slack.group("oncall", [there.dana])
    return Workspace(there.workspace.client, there.workspace.identity, ["oncall"])


async def test_groups_that_slack_has_no_time_for_are_read_later(there: There) -> None:
    workspace, waits = _with_groups(there), list[float]()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    there.slack.faults.storm(2, retry_after_s=90, method="usergroups.list")
    await workspace.refresh_groups(sleep)
    assert waits == [90.0, 90.0]
    assert workspace.people.person(there.dana.id, "C1").groups == {"oncall"}


async def test_groups_that_slack_refuses_for_good_are_told_in_the_log_and_stop_nothing(
    there: There, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = _with_groups(there)
    there.slack.faults.refused(1, "plan_upgrade_required", method="usergroups.list")
    await workspace.refresh_groups()
    assert "Slack refuses it (plan_upgrade_required)" in capsys.readouterr().out
    assert workspace.people.person(there.dana.id, "C1").groups == frozenset()
