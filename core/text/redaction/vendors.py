"""Tokens that say themselves whose they are: a published prefix, then a body of known shape."""

import re
from collections.abc import Iterator

from core.text.redaction.mask import Mask

BOUNDARY = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))"
"""Where a token may begin: not inside a word, but after an escaped line break or a percent escape."""

_END = r"(?![A-Za-z0-9])"

_CLOUD = (
    rf"A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{{16}}{_END}",  # AWS access key ids; AROA, AIDA and the like are no secrets
    r"(?:FwoGZXIvYXdz|IQoJb3JpZ2lu|FQoGZXIvYXdz|AQoDYXdz)[\w+/=%-]{20,}+",  # AWS session tokens
    rf"LTAI[A-Za-z0-9]{{12,26}}{_END}",  # Aliyun
    r"STS\.N[A-Za-z0-9]{20,}+",  # Aliyun, temporary
    r"AKID[\w-]{28,}+",  # Tencent Cloud
    r"AK(?:LT|TP)[\w-]{16,}+",  # Volcengine, Kingsoft
    rf"ALTAK[A-Za-z0-9]{{21}}{_END}",  # Baidu
    rf"JDC_[A-Z0-9]{{25,40}}{_END}",  # JD
    r"AIza[\w-]{35}(?![\w-])",  # Google API key
    r"GOCSPX-[\w-]{20,}+|ya29\.[\w-]{20,}+|1//0[\w-]{30,}+",  # Google OAuth: client secret, access, refresh
    r"[\w.~-]{3}[78]Q~[\w.~-]{31,34}",  # Azure AD client secret
    r"do[opr]_v1_[a-f0-9]{64}|HRKU-[\w-]{30,}+|fm[12]_[\w+/=]{60,}+",  # DigitalOcean, Heroku, Fly
    r"hv[sbr]\.[\w-]{20,}+|[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,}+|pul-[a-f0-9]{40}",  # Vault, Terraform, Pulumi
    r"sha256~[\w-]{43}|dapi[a-f0-9]{32}(?:-\d)?|pscale_(?:tkn|pw|oauth)_[\w.-]{32,}+",  # OpenShift, Databricks, PlanetScale
)
_CHAT = (
    r"xox[a-z]-(?=[A-Za-z-]{0,60}\d)[A-Za-z0-9-]{10,}+|xoxe\.xox[a-z]-[\w-]{10,}+",  # Slack
    r"xapp-\d-[A-Za-z0-9]+-\d+-[A-Za-z0-9]+",
    r"[0-9]{8,10}:AA[\w-]{33}(?![\w-])",  # Telegram
    rf"SK[0-9a-f]{{32}}{_END}",  # Twilio API key
    r"SG\.[\w-]{16,32}\.[\w-]{32,64}",  # SendGrid
    r"[0-9a-f]{32}-us[0-9]{1,2}(?![\w-])",  # Mailchimp
)
_CODE = (
    r"gh[opsur]_[A-Za-z0-9]{36,}+|github_pat_\w{22,}+",
    r"gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat|ffct)-[\w-]{20,}+(?:\.[\w-]{2,}){0,2}",  # GitLab
    rf"npm_[A-Za-z0-9]{{36}}{_END}|pypi-Ag[\w-]{{30,}}+|rubygems_[a-f0-9]{{48}}|cio[A-Za-z0-9]{{32}}{_END}",
    r"dckr_(?:pat|oat)_[\w-]{20,}+|ATATT3[\w=-]{60,}+|ATBB[A-Za-z0-9]{32}|PMAK-[a-f0-9]{24}-[a-f0-9]{34}",
    r"lin_api_[A-Za-z0-9]{32,}+|ntn_[A-Za-z0-9]{40,}+|secret_[A-Za-z0-9]{43}(?!\w)|figd_[\w-]{30,}+",
    r"NRAK-[A-Z0-9]{27}|glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}|dt0[cs]01\.[A-Z0-9]{24}\.[A-Z0-9]{64}",  # New Relic, Grafana, Dynatrace
    r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}|sbp_[a-f0-9]{40}|AGE-SECRET-KEY-1[A-Z0-9]{58}|sntry[su]_[\w=+/-]{40,}+",
)
_MODEL_AND_PAY = (
    r"sk-(?:ant|proj|svcacct|admin|or-v1|lf)-[\w-]{16,}+",  # Anthropic, OpenAI, OpenRouter, Langfuse
    rf"sk-(?=[A-Za-z]{{0,60}}\d)[A-Za-z0-9]{{20,}}+{_END}",  # OpenAI (old), DeepSeek, Moonshot, DashScope
    r"hf_[A-Za-z0-9]{30,}+|gsk_[A-Za-z0-9]{40,}+|xai-[A-Za-z0-9]{60,}+|pplx-[A-Za-z0-9]{40,}+|r8_[A-Za-z0-9]{37}|tvly-[\w-]{30,}+",
    r"[sr]k_(?:live|test)_[A-Za-z0-9]{16,}+|whsec_[A-Za-z0-9+/=]{24,}+",  # Stripe; pk_ is meant to be public
    r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|sq0(?:atp|csp)-[\w-]{22,}+",  # Shopify, Square
)

_TOKEN = re.compile(BOUNDARY + "(?:" + "|".join((*_CLOUD, *_CHAT, *_CODE, *_MODEL_AND_PAY)) + ")", re.ASCII)


def vendor_tokens(text: str) -> Iterator[Mask]:
    """Finds tokens by their makers' published prefixes. Made-up ones (``sk-xxxxxxxx``) lack a digit or the length."""
    for match in _TOKEN.finditer(text):
        yield Mask("secret", match.start(), match.end())
