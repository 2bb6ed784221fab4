"""What nobody is to be asked for, or told, in a support channel: passwords, mail addresses, accounts (DESIGN 5.5). Pure."""

import re

_KINDS = {
    "password": r"passw(?:or)?ds?|passphrases?|passcodes?|login data|密码|口令",
    "mail": r"e-?mail(?: address(?:es)?)?s?|mail address(?:es)?|邮箱|邮件地址",
    "account": r"account (?:numbers?|names?|ids?)|bank accounts?|银行账[号户]|账[号户](?:名|信息|密码)?|银行卡|身份证",
    "code": r"(?:verification|one-time|security|sms) (?:codes?|pass\w*)|otps?|pin codes?|验证码|动态码",
    "phone": r"(?:phone|mobile|telephone) numbers?|hotline|手机号码?|电话号码?",
    "card": r"(?:credit|debit) cards?|card numbers?|信用卡",
}
_PERSONAL = re.compile(
    "|".join(rf"(?P<{kind}>(?<![a-z])(?:{words})(?![a-z]))" for kind, words in _KINDS.items()), re.IGNORECASE
)


def personal(text: str) -> frozenset[str]:
    """The kinds of such things that a text names."""
    return frozenset(str(match.lastgroup) for match in _PERSONAL.finditer(text))
