"""``vigil doctor`` asks the provider whether it takes the key and knows the models, over the real SDK."""

from pathlib import Path

import pytest

from bot.doctor import State
from bot.doctor_engine import engine_checks
from bot.settings import Settings
from tests.fakes.claude.server import FakeClaude, fake_claude


def _settings(home: Path, claude: FakeClaude, **changes: str) -> Settings:
    told = {"ANTHROPIC_API_KEY": claude.api_key, "ANTHROPIC_BASE_URL": claude.base_url, **changes}
    return Settings(home=home, _env_file=None, **told)  # type: ignore[arg-type]  # by their aliases


async def test_a_key_that_is_taken_and_models_that_are_known_are_told_and_nothing_is_paid(tmp_path: Path) -> None:
    async with fake_claude() as claude:
        found = {check.name: check for check in await engine_checks(_settings(tmp_path, claude))}
        assert (found["provider"].state, found["engine"].state) == (State.OK, State.OK)
        assert claude.requests == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"ANTHROPIC_API_KEY": "sk-wrong"}, "ANTHROPIC_API_KEY"), ({"strong_model": "claude-opus-9"}, "claude-opus-9")],
    ids=["key", "model"],
)
async def test_what_the_provider_refuses_is_told_with_what_to_mend(
    tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    async with fake_claude() as claude:
        found = {check.name: check for check in await engine_checks(_settings(tmp_path, claude, **changes))}
    assert found["provider"].state is State.MISSING
    assert said in found["provider"].said
    assert "sk-wrong" not in found["provider"].said


async def test_a_provider_that_is_not_there_is_told(tmp_path: Path) -> None:
    async with fake_claude() as claude:
        settings = _settings(tmp_path, claude)
        await claude.close_port()
        found = {check.name: check for check in await engine_checks(settings)}
    assert found["provider"].state is State.MISSING
