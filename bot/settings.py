"""The process's settings. The only module that reads the environment."""

import difflib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from adapters.documents.reach import Reach, reach_of
from core.domain.channels import DeliveryMode
from core.domain.errors import CallerError
from core.domain.policy import DEFAULT_SCOPE, RESOLVE_REACTIONS, Policy

YEAR_S = 31_536_000
_PASSWORD = re.compile(r"//[^/@\s]+@")


class Settings(BaseSettings):
    """Each field is set by ``VIGIL_<NAME>`` in the environment or in ``.env``, or by the name that it is validated by."""

    model_config = SettingsConfigDict(
        env_prefix="VIGIL_", env_file=".env", extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    home: Path = Field(default_factory=lambda: platformdirs.user_data_path("vigil"))
    engine: Literal["auto", "offline", "claude"] = "auto"
    fast_model: str = Field("claude-haiku-5-5", min_length=1)
    strong_model: str = Field("claude-sonnet-5-5", min_length=1)
    daily_budget_usd: float | None = Field(None, gt=0, allow_inf_nan=False)
    calls_at_once: int = Field(8, ge=1, le=64)
    fallback: Literal["silent", "offline"] = "silent"
    skip_small_talk: bool = False
    mode: Literal["auto", "draft", "shadow", "off"] = "auto"
    scope: str = DEFAULT_SCOPE
    analysts: Annotated[frozenset[str], NoDecode] = frozenset()
    analyst_groups: Annotated[frozenset[str], NoDecode] = frozenset()
    analyst_channel: str = ""
    accept_reactions: Annotated[frozenset[str], NoDecode] = frozenset({"accept", "vigil_accept"})
    resolve_reactions: Annotated[frozenset[str], NoDecode] = RESOLVE_REACTIONS
    burst_quiet_s: float = Field(2.0, ge=0, le=60)
    settle_s: float = Field(600.0, ge=0, le=YEAR_S)
    close_after_s: float = Field(86_400.0, gt=0, le=YEAR_S)
    answer_within_s: float = Field(600.0, gt=0, le=YEAR_S)
    lessons_per_day: int = Field(20, ge=1)
    links_per_day: int = Field(50, ge=0)
    refresh_s: float = Field(86_400.0, ge=60, le=YEAR_S)
    retention_days: int = Field(30, ge=2, le=3650)
    runs_retention_days: int = Field(90, ge=2, le=3650)
    replay_latency_s: float = Field(4.0, ge=0, le=600)
    dedup_theta: float | None = Field(None, ge=0, le=1)
    records_url: str = ""
    knowledge_uri: str = ""
    embedding_model: str = "all-MiniLM-L6-v2"
    reranker_model: str = ""
    document_hosts: Annotated[frozenset[str], NoDecode] = frozenset()
    document_private_hosts: Annotated[frozenset[str], NoDecode] = frozenset()
    document_headers: SecretStr = SecretStr("")
    slack_silent_s: float = Field(300.0, ge=1, le=86_400)
    slack_bot_token: SecretStr = Field(SecretStr(""), validation_alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr = Field(SecretStr(""), validation_alias="SLACK_APP_TOKEN")
    slack_api_url: str = Field("https://slack.com/api/", validation_alias="SLACK_API_URL")
    anthropic_api_key: SecretStr = Field(SecretStr(""), validation_alias="ANTHROPIC_API_KEY")
    anthropic_base_url: str = Field("", validation_alias="ANTHROPIC_BASE_URL")

    @field_validator("anthropic_base_url")
    @classmethod
    def _with_scheme(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("it must begin with http:// or https://")
        return value

    @field_validator("home")
    @classmethod
    def _of_user(cls, value: Path) -> Path:
        try:
            return value.expanduser()
        except RuntimeError as error:
            raise ValueError("~ names no folder here") from error

    @field_validator(
        "analysts", "analyst_groups", "accept_reactions", "resolve_reactions", "document_hosts", "document_private_hosts",
        mode="before",
    )  # fmt: skip
    @classmethod
    def _split(cls, value: object) -> object:
        return frozenset(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _reach_is_readable(self) -> Self:
        self.document_reach()
        return self

    def document_reach(self) -> Reach:
        """Which hosts documents are read from, and what to show to them. Raises ``CallerError``, without any header's value."""
        return reach_of(self.document_hosts, self.document_private_hosts, self.document_headers.get_secret_value())

    @property
    def cache(self) -> Path:
        """Where prepared embedding models are kept; shared by all homes."""
        return platformdirs.user_cache_path("vigil")

    def policy(self) -> Policy:
        """The settings as core reads them."""
        return Policy(
            analysts=self.analysts,
            analyst_groups=self.analyst_groups,
            analyst_channel=self.analyst_channel or None,
            accept_reactions=self.accept_reactions,
            resolve_reactions=self.resolve_reactions,
            mode=DeliveryMode(self.mode),
            scope=self.scope,
            burst_quiet_s=self.burst_quiet_s,
            burst_at_most_s=max(8.0, self.burst_quiet_s),
            settle_s=self.settle_s,
            settle_at_most_s=2 * self.settle_s,
            close_after_s=self.close_after_s,
            answer_within_s=self.answer_within_s,
            lessons_per_day=self.lessons_per_day,
            links_per_day=self.links_per_day,
            refresh_s=self.refresh_s,
            retention_days=self.retention_days,
            runs_retention_days=self.runs_retention_days,
            fallback_speaks=self.fallback == "offline",
            skips_small_talk=self.skip_small_talk,
        )


def load_settings() -> Settings:
    """Read the settings. Raises ``CallerError`` with one sentence for the first wrong value."""
    try:
        return Settings()
    except UnicodeDecodeError as error:
        raise CallerError(".env is not UTF-8 text: write it anew, .env.example shows how.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = str(first["loc"][0]).upper()
        raise CallerError(
            f"{_variables().get(place, place)} is not usable ({first['msg'].lower()}): correct it in the environment or .env."
        ) from error


@dataclass(frozen=True, slots=True)
class SettingTold:
    """A setting as it may be shown, and where it comes from: ``default``, ``environment``, ``.env``, ``channel``."""

    name: str
    value: str
    origin: str


def told_settings(settings: Settings) -> list[SettingTold]:
    """Every setting of the process by its variable; of a secret only whether it is set, of an address no password."""
    from dotenv import dotenv_values

    environment = {name.upper() for name, value in os.environ.items() if value}
    file = {name.upper() for name, value in dotenv_values(".env").items() if value}
    told = []
    for field, variable in zip(Settings.model_fields, _variables().values(), strict=True):
        origin = "environment" if variable in environment else ".env" if variable in file else "default"
        told.append(SettingTold(variable, _shown(getattr(settings, field)), origin))
    return told


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "set" if value.get_secret_value() else "not set"
    if isinstance(value, frozenset):
        return ",".join(sorted(map(str, value)))
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else _PASSWORD.sub("//***@", str(value))


def strange_settings() -> Iterator[str]:
    """Give a sentence for every ``VIGIL_*`` variable, in the environment or ``.env``, that is no setting. Call it when the
    settings have been loaded: then ``.env`` can be read."""
    from dotenv import dotenv_values

    known = _variables()
    for name in sorted({name.upper() for name in (*os.environ, *dotenv_values(".env"))}):
        own = name.removeprefix("VIGIL_")
        if own != name and name not in known.values():
            near = difflib.get_close_matches(own, known, n=1)
            hint = f": did you mean {known[near[0]]}?" if near else ": .env.example lists them."
            yield f"{name} is no setting of Vigil and changes nothing{hint}"


def _variables() -> dict[str, str]:
    """The environment variable of each field, by the field's name in capitals."""
    return {
        name.upper(): str(field.validation_alias or f"VIGIL_{name.upper()}")
        for name, field in Settings.model_fields.items()
    }


def prepare_environment() -> None:
    """Quiet the libraries that read the environment when they are loaded, and keep them off the network."""
    os.environ.setdefault("LANCEDB_LOG", "error")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    for oauth in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        os.environ.pop(oauth, None)  # of another app: bolt would take them for its own and drop the token it was given
