"""User and password announced together: ``user/password: admin / hunter2``, ``账号密码：admin/123456``, ``creds: a:b``."""

import re
from collections.abc import Iterator

from core.text.redaction.anchors import folded
from core.text.redaction.mask import Mask
from core.text.redaction.values import (
    has_digit_and_letter,
    has_symbol_and_letter,
    is_placeholder,
    is_plain_fact,
    is_reference,
)

_LOGIN = re.compile(
    r"""
    (?:user(?:[ _]?name|[ _]?id)?|login|account|email)[ ]?(?:/|&|and|\+)[ ]?(?:password|passwd|pass|pwd|pw)
    | cred(?:ential)?s(?![a-z]) | basic[ ]auth | login(?:[ ](?:info|details|data))?(?![a-z])
    | (?:账号|帐号|账户|用户名?|登录名?)[ ]?(?:/|\||&|和|与|及|、)?[ ]?(?:密码|口令)
    """,
    re.VERBOSE,
)
_PAIR = re.compile(
    r"""
    ["'*`)]{0,3}[ \t]{0,4}(?P<tie>is|are|[:=\uff1a]|是|为)[ \t]{0,4}["'*`]{0,2}
    (?P<user>[^\s"'`<>/|:\uff1a,\uff0c\u3001\u2e80-\u9fff]{1,64}+)
    [ \t]{0,2}(?P<between>[/|:\uff1a,\uff0c\u3001]|[ ]and[ ])[ \t]{0,2}
    (?P<password>[^\s"'`<>\u2e80-\u9fff\uff00-\uffef]{3,128}+)
    """,
    re.VERBOSE,
)


def logins(text: str) -> Iterator[Mask]:
    """Finds the password of a pair; the label names both, so the value is a pair as well."""
    for label in _LOGIN.finditer(folded(text)):
        pair = _PAIR.match(text, label.end())
        password = pair["password"].rstrip(".,;)") if pair else ""
        if not (pair and password) or password.startswith("/") or is_placeholder(password) or is_reference(password):
            continue
        sure = pair["tie"] in ":=\uff1a" and not label[0].startswith(("cred", "login", "basic"))
        if sure or (pair["between"] in "/|:\uff1a" and pair["tie"] != "=" and _looks_made_up(password)):
            yield Mask("secret", pair.start("password"), pair.start("password") + len(password))


def _looks_made_up(password: str) -> bool:
    if is_plain_fact(password):
        return False
    return has_digit_and_letter(password) or has_symbol_and_letter(password) or password.isdigit()
