"""What all attacks begin with."""

from pathlib import Path

import pytest
import pytest_asyncio

from tests.injection.attack import SECRETS
from tests.injection.victim import prepared


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process has secrets, as it has in earnest."""
    for name, secret in SECRETS.items():
        monkeypatch.setenv(name, secret)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which everything is known."""
    return await prepared(tmp_path_factory.mktemp("home"))
