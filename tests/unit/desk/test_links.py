"""Which message a link names, however Slack writes it."""

import pytest

from core.desk.why import linked


@pytest.mark.parametrize(
    "link",
    [
        "https://acme.slack.com/archives/C0SUPPORT/p1795301083107232",
        "https://acme.slack.com/archives/C0SUPPORT/p1795301083107232?thread_ts=1795301000.000100&cid=C0SUPPORT",
        "https://app.slack.com/client/T0HOME/C0SUPPORT/thread/C0SUPPORT-1795301083.107232",
        "<https://acme.slack.com/archives/C0SUPPORT/p1795301083107232|link>",
    ],
)
def test_a_message_is_named_by_any_link_to_it(link: str) -> None:
    assert linked(link) == ("C0SUPPORT", "1795301083.107232")


@pytest.mark.parametrize("text", ["", "why?", "https://acme.slack.com/archives/C0SUPPORT"])
def test_what_is_no_link_to_a_message_names_none(text: str) -> None:
    assert linked(text) is None
