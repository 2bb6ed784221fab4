"""Tokens that say themselves whose they are: a published prefix, then a body of known shape."""

import re
from collections.abc import Iterator
from itertools import groupby

from core.text.redaction.anchors import unglued
from core.text.redaction.mask import Mask

_END = r"(?![A-Za-z0-9])"
_ID = rf"[A-Z0-9]{{16}}{_END}"
_LONG = r"[\w-]{20,}+"
_SESSION = r"[\w+/=%-]{20,}+"
_MIXED_CASE = r"(?=[A-Za-z]{0,60}[0-9])[A-Za-z0-9]{20,}+"

_CLOUD = {
    **dict.fromkeys(
        ("AKIA", "ASIA", "ABIA", "ACCA"), _ID
    ),  # AWS access key ids; AROA, AIDA and the like are no secrets
    **dict.fromkeys(("FwoGZXIvYXdz", "IQoJb3JpZ2lu", "FQoGZXIvYXdz", "AQoDYXdz"), _SESSION),  # AWS session tokens
    "LTAI": rf"[A-Za-z0-9]{{12,26}}{_END}",  # Aliyun
    "STS.N": r"[A-Za-z0-9]{20,}+",  # Aliyun, temporary
    "AKID": r"[\w-]{28,}+",  # Tencent Cloud
    **dict.fromkeys(("AKLT", "AKTP"), r"[\w-]{16,}+"),  # Volcengine, Kingsoft
    "ALTAK": rf"[A-Za-z0-9]{{21}}{_END}",  # Baidu
    "JDC_": rf"[A-Z0-9]{{25,40}}{_END}",  # JD
    "AIza": r"[\w-]{35}(?![\w-])",  # Google API key
    **dict.fromkeys(("GOCSPX-", "ya29.", "1//0"), _LONG),  # Google OAuth: client secret, access, refresh
    **dict.fromkeys(("dop_v1_", "doo_v1_", "dor_v1_"), r"[a-f0-9]{64}"),  # DigitalOcean
    "HRKU-": r"[\w-]{30,}+",  # Heroku
    **dict.fromkeys(("fm1_", "fm2_"), r"[\w+/=]{60,}+"),  # Fly
    **dict.fromkeys(("hvs.", "hvb.", "hvr."), _LONG),  # HashiCorp Vault
    "pul-": rf"[a-f0-9]{{40}}{_END}",  # Pulumi
    "sha256~": r"[\w-]{43}",  # OpenShift
    "dapi": rf"[a-f0-9]{{32}}(?:-[0-9])?{_END}",  # Databricks
    **dict.fromkeys(("pscale_tkn_", "pscale_pw_", "pscale_oauth_"), r"[\w.-]{32,}+"),  # PlanetScale
}
_CHAT = {
    "xox": r"[a-z]-(?=[A-Za-z-]{0,60}[0-9])[A-Za-z0-9-]{10,}+|xoxe\.xox[a-z]-[\w-]{10,}+",  # Slack
    "xapp-": r"[0-9]-[A-Za-z0-9]++-[0-9]++-[A-Za-z0-9]++",  # Slack, app level
    "SK": rf"[0-9a-f]{{32}}{_END}",  # Twilio API key
    "SG.": r"[\w-]{16,32}\.[\w-]{32,64}",  # SendGrid
}
_CODE = {
    **dict.fromkeys(("ghp_", "gho_", "ghs_", "ghu_", "ghr_"), r"[A-Za-z0-9]{36,}+"),
    "github_pat_": r"\w{22,}+",
    "gl": r"(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat|ffct)-[\w-]{20,}+(?:\.[\w-]{2,64}){0,2}",  # GitLab
    "glsa_": r"[A-Za-z0-9]{32}_[a-f0-9]{8}",  # Grafana
    "npm_": rf"[A-Za-z0-9]{{36}}{_END}",
    "pypi-Ag": r"[\w-]{30,}+",
    "rubygems_": r"[a-f0-9]{48}",
    "cio": rf"[A-Za-z0-9]{{32}}{_END}",  # crates.io
    **dict.fromkeys(("dckr_pat_", "dckr_oat_"), _LONG),  # Docker
    "ATATT3": r"[\w=-]{60,}+",  # Atlassian
    "ATBB": r"[A-Za-z0-9]{32}",  # Bitbucket
    "PMAK-": r"[a-f0-9]{24}-[a-f0-9]{34}",  # Postman
    "lin_api_": r"[A-Za-z0-9]{32,}+",  # Linear
    "ntn_": r"[A-Za-z0-9]{40,}+",  # Notion
    "secret_": r"[A-Za-z0-9]{43}(?!\w)",  # Notion, old
    "figd_": r"[\w-]{30,}+",  # Figma
    "NRAK-": r"[A-Z0-9]{27}",  # New Relic
    **dict.fromkeys(("dt0c01.", "dt0s01."), r"[A-Z0-9]{24}\.[A-Z0-9]{64}"),  # Dynatrace
    "pat": r"[A-Za-z0-9]{14}\.[a-f0-9]{64}",  # Airtable
    "sbp_": r"[a-f0-9]{40}",  # Supabase
    "AGE-SECRET-KEY-1": r"[A-Z0-9]{58}",
    **dict.fromkeys(("sntrys_", "sntryu_"), r"[\w=+/-]{40,}+"),  # Sentry
}
_MODELS_AND_PAYMENT = {
    **dict.fromkeys(("sk-ant-", "sk-proj-", "sk-svcacct-", "sk-admin-", "sk-or-v1-", "sk-lf-"), r"[\w-]{16,}+"),
    "sk-": _MIXED_CASE,  # OpenAI (old), DeepSeek, Moonshot, DashScope
    "hf_": r"[A-Za-z0-9]{30,}+",  # Hugging Face
    "gsk_": r"[A-Za-z0-9]{40,}+",  # Groq
    "xai-": r"[A-Za-z0-9]{60,}+",
    "pplx-": r"[A-Za-z0-9]{40,}+",  # Perplexity
    "r8_": r"[A-Za-z0-9]{37}",  # Replicate
    "tvly-": r"[\w-]{30,}+",  # Tavily
    **dict.fromkeys(("sk_live_", "sk_test_", "rk_live_", "rk_test_"), r"[A-Za-z0-9]{16,}+"),  # Stripe; pk_ is public
    "whsec_": r"[A-Za-z0-9+/=]{24,}+",  # Stripe and Svix webhooks
    **dict.fromkeys(("shpat_", "shpca_", "shppa_", "shpss_"), r"[a-fA-F0-9]{32}"),  # Shopify
    **dict.fromkeys(("sq0atp-", "sq0csp-"), r"[\w-]{22,}+"),  # Square
}
_BODIES = {**_CLOUD, **_CHAT, **_CODE, **_MODELS_AND_PAYMENT}


def _by_first_letter(bodies: dict[str, str]) -> str:
    """Gives one alternative per first letter, so that the search skips what begins with none of them."""
    groups = groupby(sorted(bodies), key=lambda prefix: prefix[0])
    return "|".join(f"{first}(?:{'|'.join(_rest(each, bodies[each]) for each in group)})" for first, group in groups)


def _rest(prefix: str, body: str) -> str:
    return rf"{unglued(prefix)[1:]}(?:{body})"


_TOKEN = re.compile(_by_first_letter(_BODIES), re.ASCII)

_MARKED_INSIDE = re.compile(
    r":AA[\w-]{33}(?![\w-])(?P<telegram>)|Q~[\w.~-]{31,34}(?P<azure>)|-us[0-9]{1,2}(?![\w-])(?P<mailchimp>)"
    r"|\.atlasv1\.[\w-]{60,}+(?P<terraform>)",
    re.ASCII,
)
_UNGLUED = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))"
_BEFORE = {
    "telegram": re.compile(_UNGLUED + r"[0-9]{8,10}\Z"),
    "azure": re.compile(r"[\w.~-]{3}[78]\Z", re.ASCII),  # client secrets of Azure AD
    "mailchimp": re.compile(_UNGLUED + r"[0-9a-f]{32}\Z"),
    "terraform": re.compile(_UNGLUED + r"[A-Za-z0-9]{14}\Z"),
}
_LONGEST_BEFORE = 32


def vendor_tokens(text: str) -> Iterator[Mask]:
    """Finds tokens by their makers' published forms. Made-up ones (``sk-xxxxxxxx``) lack a digit or the length."""
    for match in _TOKEN.finditer(text):
        yield Mask("secret", match.start(), match.end())
    for match in _MARKED_INSIDE.finditer(text):
        before = _BEFORE[str(match.lastgroup)].search(text, max(0, match.start() - _LONGEST_BEFORE), match.start())
        if before:
            yield Mask("secret", before.start(), match.end())
