"""Judging what stands where a secret may stand: a stand-in for one, a reference to one, or a word of prose."""

import re

_LONGEST_STAND_IN = 256

_STAND_IN = re.compile(
    r"""
      (?P<one>[^0-9])(?P=one)*                                   # one character over and over
    | [xX*\u2022\u25cf.\#_?\u2026-]+ | @[A-Za-z_]+
    | <.*>? | \[.*\] | \(.*\) | \{.*\} | \{\{.* | &lt;.*         # <your password>, [REDACTED], {{ value }}
    | \$\{.* | \$\(.* | \#\{.* | %\(.* | %[A-Za-z_]*%? | @\w*@   # interpolation of shells, Ruby, Python, Windows, Maven
    | \$\w+- | \$(?:[A-Z_][A-Z0-9_]*|[a-z_]+(?:->.*)?|\w*[A-Z]_\w*)       # $PASSWORD, $password, $this->password
    | [A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+                              # SLACK_BOT_TOKEN
    | [Yy]our(?:[-_ ].*|[A-Z].*|\w*(?:pass|pwd|secret|token|key)\w*) | YOUR.*
    | (?i:(?:example|sample|dummy|placeholder|insert|enter|replace|paste|redacted|masked|filtered|censored|removed
        |todo|tbd|null|none|nil|undefined|n/a)(?![a-z]).*)
    | (?i:(?:my|our|the|some|any|new|old|test|fake|demo|default|temp|actual|real|this|secret|super)
        [a-z_.-]*(?:pass|pwd|secret|token|key|cred)[a-z_-]*)
    | (?i:pass(?:word|wd)?|pwd|secret|token|(?:api)?[_-]?key|credentials?)  # the label once more
    | \[\^?[a0]-[z9].*                                           # a regular expression
    | (?i:change[-_]?me[!.]?|true|false|yes|no|on|off|empty|blank|hidden|same|unset|optional|required|string|str|text|varchar
        |char|bytes?|int|integer|bool|boolean|object|any|unknown)
    """,
    re.DOTALL | re.VERBOSE,
)
_COVERED = re.compile(
    r"\*\*\*+|xxxx+|XXXX+|\u2022\u2022+|\.\.\.+|\u2026|####+|____+|<(?:secret|email|card|phone)>|%3C(?:secret|email|card|phone)%3E",
)
_MOST_SHOWN = 12
"""``sk-12ab****ef90``: what somebody has already covered shows at most this many characters."""

_REFERENCE = re.compile(
    r"""
      (?:~|\.{1,2})?/(?:[a-z0-9_.@-]+/)*[a-z0-9_.@-]*            # a path; base64 may begin with a slash but is mixed in case
    | (?:~|\.{1,2})?/(?:etc|home|Users|var|run|opt|usr|tmp|root|mnt|data|app|srv)/.*
    | [A-Za-z]:\\.*
    | /{1,2}[\w*@.][^ ]*[\[*(].*                                  # XPath
    | [a-z][a-z0-9+-]{1,20}://.* | ['"]?[ ]?\+.*\+[ ]?['"]?         # an address, a concatenation
    | \([A-Z][a-z]+-[A-Z].*                                        # (Invoke-WebRequest
    | (?i:https?|file|arn|vault|op|aws|ssm|env|gs|s3|kms|secretsmanager|classpath|secretref)(?::|\\?/\\?/).*
    | (?:projects|secrets?)/.*
    | [A-Za-z_$][\w.$:>!-]*[(\[].*                               # a call or an index: os.getenv(...), argv[1]
    | [A-Za-z_]+(?:(?:\.|->|::)[A-Za-z_]+)+                      # user.password, Config::token
    | (?:self|this|ctx|req|request|config|settings|env|params|options|args|process|secrets|vars?|values|spec)\.[\w.]+
    | \$[A-Z_]+/.* | \$\w+(?:->|-&gt;|\[|::|\.).*
    | :\w+ | !(?:secret|vault|Ref|Sub|GetAtt|ENV)\b.*
    | (?:arg|param|var|val|value|str|tmp|foo|bar|baz|[a-z])[0-9]{0,2}
    """,
    re.DOTALL | re.VERBOSE,
)

_FILE_TYPES = frozenset(
    "json yaml yml txt pem key env py js ts go java rb php cfg conf ini toml xml crt cer p12 pfx jks md html csv sql log sh gz"
    " tgz zip jar exe png jpg".split()
)

_PLAIN_FACT = re.compile(
    r"""
      [0-9]{4}-[0-9]{2}-[0-9]{2}.* | [0-9]{1,2}:[0-9]{2}.*       # dates and times
    | 0x[0-9A-Fa-f]+ | v?[0-9]+(?:\.[0-9]+){1,3}(?:[-+].*)?      # addresses in memory, versions, IPv4
    | (?:[a-z0-9-]+\.){2,}[a-z]{2,12}                             # hosts
    | [A-Z]{2,12}-[0-9]{1,6}                                     # ORA-01017
    | [0-9]+(?:%|st|nd|rd|th|x|ms|s|m|h|d|kb|mb|gb|bits?|bytes?|chars?|days?|min)
    | (?i:sha|md|aes|rsa|[hrep]s|utf|base|oauth|http|tls|ssl|ipv|hmac|ed|ec|log4j|varchar|n?char|ntlmv)[-_]?[0-9]{1,5}\w{0,8}
    | (?i:2fa|mfa|s3|ec2|k8s|i18n|l10n|oauth2\w*|saml2|v[0-9]+|x509|b64|h2|win32|id_token)
    """,
    re.DOTALL | re.VERBOSE,
)

_DIGIT, _LETTER, _SYMBOL = re.compile(r"[0-9]"), re.compile(r"[^\W\d_]"), re.compile(r"(?<=.)[!@#$%^&](?=.)|=\Z")


def is_placeholder(value: str) -> bool:
    """Tells stand-ins (``<your password>``, ``${PASSWORD}``, ``xxxx``, ``YOUR_API_KEY``) and covered values from real ones."""
    if len(value) > _LONGEST_STAND_IN:
        return len(set(value)) == 1
    return bool(_STAND_IN.fullmatch(value)) or bool(
        _COVERED.search(value) and len(_COVERED.sub("", value)) <= _MOST_SHOWN,
    )


def is_reference(value: str) -> bool:
    """Tells where a secret is kept or computed (a path, an ARN, a call, an attribute) from the secret itself."""
    if value.rpartition(".")[2] in _FILE_TYPES:
        return True
    return len(value) <= _LONGEST_STAND_IN and bool(_REFERENCE.fullmatch(value))


def is_plain_fact(value: str) -> bool:
    """Tells versions, dates, error codes, sizes and names of algorithms, which also mix digits and letters."""
    return len(value) <= _LONGEST_STAND_IN and bool(_PLAIN_FACT.fullmatch(value))


def has_digit_and_letter(value: str) -> bool:
    """The cheapest sign of a value that is no word."""
    return bool(_DIGIT.search(value) and _LETTER.search(value))


def has_symbol_and_letter(value: str) -> bool:
    """``P@ssword!``: signs that no word has."""
    return bool(_SYMBOL.search(value) and _LETTER.search(value))
