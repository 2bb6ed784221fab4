"""Passwords where no label with a colon stands: command-line options, SQL, ``.netrc``, driver addresses."""

import re
from collections.abc import Iterator

from core.text.redaction.anchors import folded
from core.text.redaction.mask import Mask
from core.text.redaction.values import is_placeholder

_OPTION = re.compile(r"-(?<=[ \t]-)(?P<name>p|P|a|w|u|-user)(?P<gap>[ \t=]?)(?P<quote>[\"']?)(?P<value>[^\s\"']{3,}+)")
_TOOLS = {
    "p": ("mysql", "mariadb", "mongo", "sshpass", "docker login", "podman login", "az login", "clickhouse"),
    "P": ("isql", "sqlcmd", "bcp "),
    "a": ("redis-cli",),
    "w": ("ldap",),
    "u": ("curl", "http", "wget"),
    "-user": ("curl", "wget"),
}
_SPACED = ("sshpass", "mongosh", "mongodump", "login", "redis-cli", "ldap")
"""Tools that take the value as a word of its own; ``mysql -p name`` asks for the password and opens a database."""

_SETTING = re.compile(r"[a-z.]{2,40}=")
"""``-p fieldcount=31`` of benchmarks."""

_LINE_REACH = 200

_STATEMENT = re.compile(
    r"""
    identified\s{1,4}(?:with\s{1,4}\S{1,40}+\s{1,4}(?:by|as)|by)\s{1,4}(?:password\s{1,4})?['"](?P<sql>[^'"\n]++)
    | convertto-securestring\s{1,4}(?:-string\s{1,4})?['"](?P<powershell>[^'"\n]++)
    | set\s{1,4}password(?:[^'"=\n]{0,60})=\s{0,4}(?:password\()?['"](?P<mysql>[^'"\n]++)
    | (?:machine\s{1,4}\S{1,100}+|default)\s{1,4}login\s{1,4}\S{1,100}+\s{1,4}password\s{1,4}(?P<netrc>\S{3,}+)
    | (?:sqlplus\s|expdp\s|impdp\s|thin:|oci8?:)["']?[\w$#]{1,30}/(?P<oracle>[^\s"']{1,128})(?=@[\w/.])
    | requirepass[ \t]{1,8}(?P<redis>[^\s"]{3,}+) | masterauth[ \t]{1,8}(?P<replica>[^\s"]{3,}+)
    """,
    re.VERBOSE,
)
_DRIVER = re.compile(r"@(?:tcp|udp|unix)\(")


def commands(text: str) -> Iterator[Mask]:
    """Finds passwords by the command or statement around them."""
    yield from _options(text)
    for match in _STATEMENT.finditer(folded(text)):
        start, end = match.span(str(match.lastgroup))
        if not is_placeholder(text[start:end]):
            yield Mask("secret", start, end)
    for at in _DRIVER.finditer(text):
        login = re.split(r"[\s\"'`<>]", text[max(0, at.start() - _LINE_REACH) : at.start()])[-1]
        user, colon, password = login.partition(":")
        if user and colon and password.isascii() and password and not is_placeholder(password):
            yield Mask("secret", at.start() - len(password), at.start())


def _options(text: str) -> Iterator[Mask]:
    for match in _OPTION.finditer(text):
        line = text[max(0, match.start() - _LINE_REACH) : match.start()].rpartition("\n")[2]
        if not any(tool in line for tool in _TOOLS[match["name"]]):
            continue
        if match["name"] == "p" and match["gap"] and not any(tool in line for tool in _SPACED):
            continue
        skipped = match["value"].find(":") + 1 if match["name"] in {"u", "-user"} else 0
        value = match["value"][skipped:]
        if _SETTING.match(value):
            continue
        if (skipped or match["name"] not in {"u", "-user"}) and value and not is_placeholder(value):
            yield Mask("secret", match.start("value") + skipped, match.end("value"))
