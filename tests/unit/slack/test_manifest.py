"""The manifest holds what Slack's schema allows, every scope is explained, and what the code listens to is subscribed."""

from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[3] / "manifest"


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """The manifest as Slack reads it."""
    read: dict[str, Any] = yaml.safe_load((FOLDER / "slack.yaml").read_text("utf-8"))
    return read


def test_every_scope_is_explained_and_no_other(manifest: dict[str, Any]) -> None:
    told = (FOLDER / "README.md").read_text("utf-8").split("## Why each scope")[1].split("It asks for nothing else")[0]
    explained = {word for line in told.splitlines() for word in line.split("|")[1:2] for word in word.split("`")[1::2]}
    assert explained - {"scope"} == set(manifest["oauth_config"]["scopes"]["bot"])


def test_names_and_texts_are_as_long_as_slack_takes(manifest: dict[str, Any]) -> None:
    shown = manifest["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    (command,) = manifest["features"]["slash_commands"]
    assert len(command["command"]) <= 32
    assert len(manifest["features"]["agent_view"]["agent_description"]) <= 300
    assert len(manifest["features"]["agent_view"]["suggested_prompts"]) <= 4


def test_it_connects_by_socket_mode_without_an_address_of_its_own(manifest: dict[str, Any]) -> None:
    settings = manifest["settings"]
    assert settings["socket_mode_enabled"] is True
    assert settings["interactivity"] == {"is_enabled": True}
    assert "request_url" not in settings["event_subscriptions"]
    assert "url" not in manifest["features"]["slash_commands"][0]
