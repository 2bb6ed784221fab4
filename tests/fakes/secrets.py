"""Made-up secrets and harmless technical tokens in the contexts of a support chat; the corpus behind the redaction gate.

Every secret is put together from parts when the corpus is made, so that no secret scanner takes this file for a leak.
All values are random; the seed makes them the same in every run.
"""

import json
import string
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Literal

Maker = Callable[[Random], str]

ALNUM = string.ascii_letters + string.digits
UPPER = string.ascii_uppercase + string.digits
URLSAFE = ALNUM + "-_"
BASE64 = ALNUM + "+/"
HEX = "0123456789abcdef"
Kind = Literal["secret", "email", "card", "phone", "none"]


@dataclass(frozen=True, slots=True)
class Specimen:
    """A message and the stretch of it that must be masked (``planted``) or left alone (``harmless``)."""

    family: str
    text: str
    start: int
    end: int
    kind: Kind

    @property
    def value(self) -> str:
        """The stretch itself."""
        return self.text[self.start : self.end]


def some(alphabet: str, count: int) -> Maker:
    """Gives a maker of random strings."""
    return lambda random: "".join(random.choices(alphabet, k=count))


def made(*parts: str | Maker) -> Maker:
    """Gives a maker that puts fixed and random parts together."""
    return lambda random: "".join(part if isinstance(part, str) else part(random) for part in parts)


def one_of(*makers: Maker) -> Maker:
    """Gives a maker that picks another one each time."""
    return lambda random: random.choice(makers)(random)


def _luhn_digit(body: str) -> str:
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in body[::-2])
    return str(-(doubled + sum(map(int, body[-2::-2]))) % 10)


def _card(random: Random) -> str:
    prefix, length = random.choice(
        [("4", 16), ("51", 16), ("2221", 16), ("37", 15), ("6011", 16), ("3528", 16), ("62", 19), ("30", 14)]
    )
    prefix = "301" if prefix == "30" else prefix
    body = prefix + some(string.digits, length - 1 - len(prefix))(random)
    number = body + _luhn_digit(body)
    groups = {15: (4, 6, 5), 14: (4, 6, 4), 16: (4, 4, 4, 4), 19: (4, 4, 4, 4, 3)}[length]
    edges = [sum(groups[:n]) for n in range(len(groups) + 1)]
    gap = random.choice(["", " ", "-"])
    return gap.join(number[start:end] for start, end in pairwise(edges))


def _not_a_card(random: Random) -> str:
    body = random.choice("123456789") + some(string.digits, 14)(random)
    return body + str((int(_luhn_digit(body)) + random.randrange(1, 10)) % 10)


def _password(random: Random) -> str:
    word = random.choice(
        ["hunter", "Sommer", "tr0ub4dor", "Winter", "dragon", "Zebra", "qwe", "P@ssw0rd", "Admin", "kafka"]
    )
    return (
        word
        + random.choice(["", "_", "!", "#", "@", "$", "-", "%"])
        + str(random.randrange(2, 9999))
        + random.choice(["", "x", "!", "Qz"])
    )


def _jwt(random: Random) -> str:
    header = {"alg": random.choice(["HS256", "RS256", "ES256", "none"]), "typ": "JWT"}
    claims = {"sub": some(string.digits, 9)(random), "iat": random.randrange(1_600_000_000, 1_800_000_000)}
    parts = [urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims)]
    return ".".join((*parts, some(URLSAFE, 43)(random)))


def _pem(random: Random) -> str:
    name = random.choice(["RSA ", "EC ", "OPENSSH ", "", "ENCRYPTED "]) + "PRIVATE " + "KEY"
    lines = [some(BASE64, 64)(random) for _ in range(random.randrange(2, 8))]
    end = random.choice([f"\n-----END {name}-----", ""])
    block = f"-----BEGIN {name}-----\n" + "\n".join(lines) + end
    return block if random.random() < 0.6 else block.replace("\n", "\\n")


def _basic(random: Random) -> str:
    return b64encode(f"{some(string.ascii_lowercase, 6)(random)}:{_password(random)}".encode()).decode()


def _email(random: Random) -> str:
    name = random.choice(["jane", "li.wei", "o'brien", "bob_s", "a"]) + random.choice(["", ".doe", "+vigil", "99"])
    at, host = random.choice(["@", "@", "@", "%40"]), random.choice(["corp", "mail.acme", "x-y", "163"])
    return f"{name}{at}{host}.{random.choice(['com', 'co.uk', 'io', 'cn'])}"


def _phone(random: Random) -> str:
    return (
        random.choice(["+86 ", "+86", "+86-"])[:4].strip("-")
        + "1"
        + random.choice("3578")
        + some(string.digits, 9)(random)
    )


TOKENS: dict[str, Maker] = {
    "aws id": made(one_of(made("AK" + "IA"), made("AS" + "IA")), some("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)),
    "aws session": made("IQoJb3JpZ2lu" + "X2Vj", some(BASE64, 200), "=="),
    "aliyun id": made("LT" + "AI", one_of(some(ALNUM, 12), some(ALNUM, 20))),
    "tencent id": made("AK" + "ID", some(ALNUM, 32)),
    "volcengine id": made("AK" + "LT", some(ALNUM, 43)),
    "google api key": made("AI" + "za", some(URLSAFE, 35)),
    "google oauth": made("GOC" + "SPX-", some(URLSAFE, 28)),
    "slack bot": made("xo" + "xb-", some(string.digits, 12), "-", some(string.digits, 12), "-", some(ALNUM, 24)),
    "slack user": made("xo" + "xp-", some(string.digits, 11), "-", some(string.digits, 11), "-", some(HEX, 32)),
    "slack app": made("xa" + "pp-1-A", some(UPPER, 10), "-", some(string.digits, 13), "-", some(HEX, 64)),
    "github": made("gh", one_of(made("p"), made("o"), made("s")), "_", some(ALNUM, 36)),
    "github fine": made("github" + "_pat_", some(ALNUM, 22), "_", some(ALNUM, 59)),
    "gitlab": made("gl" + "pat-", some(URLSAFE, 20)),
    "npm": made("np" + "m_", some(ALNUM, 36)),
    "pypi": made("py" + "pi-Ag" + "EIcHlwaS5vcmc", some(URLSAFE, 100)),
    "openai": made(
        "s" + "k-",
        one_of(made("proj-", some(URLSAFE, 74)), made(some(ALNUM, 19), "7", "T3Blbk" + "FJ", some(ALNUM, 20))),
    ),
    "anthropic": made("s" + "k-ant-", "api03-", some(URLSAFE, 93)),
    "deepseek": made("s" + "k-", some(HEX, 31), "7"),
    "stripe": made(one_of(made("s"), made("r")), "k_li" + "ve_", some(ALNUM, 24)),
    "twilio": made("S" + "K", some(HEX, 32)),
    "sendgrid": made("S" + "G.", some(URLSAFE, 22), ".", some(URLSAFE, 43)),
    "telegram": made(some("123456789", 9), ":A" + "A", some(URLSAFE, 33)),
    "azure client secret": made(some(ALNUM, 3), "8" + "Q~", some(ALNUM, 34)),
    "hugging face": made("h" + "f_", some(ALNUM, 34)),
    "vault": made("hv" + "s.", some(URLSAFE, 24)),
    "docker": made("dc" + "kr_pat_", some(URLSAFE, 27)),
    "jwt": _jwt,
    "pem": _pem,
}
_key: Maker = one_of(
    made(some(ALNUM, 27), "7Qz"),
    some(HEX, 32),
    some(HEX, 64),
    made(some(BASE64, 42), "9="),
    made(some(HEX, 8), "-9-", some(HEX, 12)),
)


def contexts(lines: str) -> list[str]:
    """Gives one context per line; ``{}`` is where the value stands, ``⏎`` a line break."""
    return [line.replace("⏎", "\n") for line in lines.strip().splitlines()]


AROUND_TOKEN = contexts("""
my key {} stopped working
is {} still valid?
I pasted `{}` by mistake, sorry
rotated {}.
please check ({})
{}
这个{}报错了
我用的是：{}，还是 403。
```⏎export KEY={}⏎```
{"credential": "{}", "retries": 3}
key: {}⏎region: eu-west-1
client = Client('{}')
2026-01-05T10:00:00Z ERROR auth failed key={} status=401
curl -H 'X-Key: {}' https://api.example.com/v1
https://api.example.com/v1?k={}&page=2
> quoted: {}⏎and more
a,b,{},d
[{}]
<{}>
"line one\\n{}\\nline three"
first line⏎{}⏎last line
const k = "{}";
k:{}
""")
AROUND_PASSWORD = contexts("""
password: {}
Password: {}⏎then log in
passwd={}
the password is {}
my password for staging is {} and it fails
pwd: {}, user: bob
*Password*: `{}`
*Password: {}*
DB_PASSWORD={}
export PGPASSWORD='{}'
{"user": "bob", "password": "{}"}
{\\"password\\":\\"{}\\"}
spring.datasource.password={}
  password: {}⏎  port: 5432
password = "{}"
mysql_root_password: '{}'
--password {} --host db
--password={} --host db
Server=db;User Id=sa;Password={};Encrypt=true
jdbc:mysql://db/x?user=a&password={}&useSSL=true
<password>{}</password>
<add key="Password" value="{}"/>
- name: DB_PASSWORD⏎  value: {}
define('DB_PASSWORD', '{}');
ALTER USER bob WITH PASSWORD '{}';
CREATE USER 'a'@'%' IDENTIFIED BY '{}';
密码：{}
密码是{}。
密码改成了 {}，还是登不上
口令：{}
账号admin 密码{}
用户名/密码：admin/{}
username/password: admin / {}
login: bob / {}
passphrase: {}
dbPass = "{}"
postgres://bob:{}@db.example.com:5432/app
mongodb+srv://bob:{}@cluster0.example.net/test?w=majority
redis://:{}@cache:6379/0
https://bob:{}@git.example.com/r.git
<https://bob:{}@git.example.com/r|repo>
curl -u bob:{} https://api.example.com
mysql -h db -u root -p{} app
sqlplus scott/{}@orcl
bob:{}@tcp(127.0.0.1:3306)/app
machine h login bob password {}
Password | {} |
let password: string = '{}'
setPassword("{}")
password:⏎{}
""")
AROUND_KEY = contexts("""
secret_key = "{}"
client_secret={}
client_secret: {}
api-key: {}
x-api-key: {}
apiKey: '{}'
API key: {}
API key {} is rejected
token: {}
access_token={}&expires_in=3600
{"access_token": "{}", "token_type": "bearer"}
app_secret: {}
App Secret：{}
appSecret="{}"
AWS_SECRET_ACCESS_KEY={}
aws_secret_access_key = {}
SecretAccessKey: {}
AccountKey={};EndpointSuffix=core.windows.net
Endpoint=sb://x/;SharedAccessKey={}
密钥：{}
秘钥是 {}
令牌：{}
AccessKeySecret：{}
Authorization: Bearer {}
-H 'Authorization: token {}'
the api key is {} I think
export SLACK_SIGNING_SECRET={}
encrypt_key: "{}"
auth_token: {}⏎url: x
//registry.npmjs.example/:_authToken={}
<clientSecret>{}</clientSecret>
headers.put("X-Auth-Token", "{}")
https://x.example/cb?token={}&state=1
<https://x.example/cb?token={}|open>
""")
_HOOK = made("T", some(UPPER, 8), "/B", some(UPPER, 8), "/", some(ALNUM, 24))
_LARK_HOOK = made(some(HEX, 8), "-", some(HEX, 4), "-", some(HEX, 12))
_MIXED = made("aB", some(ALNUM, 26), "Zx")
WHOLE: dict[str, Maker] = {
    "https://hooks.slack.com/services/{} returns 404": _HOOK,
    "<https://hooks.slack.com/services/{}|hook>": _HOOK,
    "curl https://open.feishu.cn/open-apis/bot/v2/hook/{} -d 1": _LARK_HOOK,
    "https://open.larksuite.com/open-apis/bot/v2/hook/{}": _LARK_HOOK,
    "https://b.s3.amazonaws.com/k?X-Amz-Date=20260105T000000Z&X-Amz-Signature={}": some(HEX, 64),
    "<https://b.s3.amazonaws.com/k?X-Amz-Signature={}|file>": some(HEX, 64),
    "https://b.s3.amazonaws.com/k?X-Amz-Security-Token={}&X-Amz-Expires=60": made(some(ALNUM, 60), "%2F9"),
    "X-Amz-Security-Token: {}\nHost: b": made("F", some(BASE64, 119), "9"),
    "https://storage.googleapis.com/b/o?X-Goog-Expires=60&X-Goog-Signature={}": some(HEX, 128),
    "http://b.oss-cn-hangzhou.aliyuncs.com/o?Expires=1&Signature={}": made(some(ALNUM, 26), "9%3D"),
    "https://a.blob.core.windows.net/c/b?se=2026-01-01&sig={}": made(some(ALNUM, 41), "%2B9%3D"),
    "q-sign-algorithm=sha1&q-signature={}": some(HEX, 40),
    "Authorization: Basic {}": _basic,
    "sends Basic {} to the proxy": _basic,
    '{"auths": {"r.example": {"auth": "{}"}}}': _basic,
    "Cookie: theme=dark; sessionid={}; lang=en": some(ALNUM, 32),
    '{"type": "service_account", "private_key": "{}"}': lambda random: _pem(random).replace("\n", "\\n"),
    f"{'AK' + 'IA'}QWERTYUIOPASDFGH {{}}": made("aB", some(BASE64, 36), "Zx"),
    f"id {'AK' + 'IA'}QWERTYUIOPASDFGH\nkey {{}}": made("aB", some(BASE64, 36), "Zx"),
    f"AK {'LT' + 'AI'}4GabcdefghijkLMNOPQ 和 {{}}": _MIXED,
    f"curl -u {'A' + 'C'}{'0a' * 16}:{{}} https://api.twilio.com": some(HEX, 32),
    "client-key-data: {}": made("LS0tLS1CRUdJTiB" + "SU0EgUFJJVkFURSBLRVktLS0tLQo", some(BASE64, 300)),
    "{}": made("MIIEvQIBADAN" + "BgkqhkiG9w0BAQEFAASC", some(BASE64, 200)),
}
AROUND_PERSONAL: dict[Kind, tuple[Maker, list[str]]] = {
    "email": (
        _email,
        contexts("""
write to {} please
<mailto:{}|{}>
{}
Jane <{}>
From: {},
user={}&x=1
邮箱{}收不到
{"email": "{}"}
({})
"""),
    ),
    "card": (
        _card,
        contexts("""
card {} was declined
my card: {}
{"pan": "{}"}
卡号{}付款失败
{} exp 12/27
charge {}, please
"""),
    ),
    "phone": (
        _phone,
        contexts("""
call me at {}
tel: {}
电话 {}
({})
"""),
    ),
}


def planted(seed: int, rounds: int) -> Iterator[Specimen]:
    """Gives secrets of every family in every kind of context; one round is over 200 specimens."""
    random = Random(seed)
    for _ in range(rounds):
        for family, maker in TOKENS.items():
            for context in random.sample(AROUND_TOKEN, 3):
                yield _specimen(family, context, maker(random), "secret")
        labelled = [(context, _password) for context in AROUND_PASSWORD] + [(context, _key) for context in AROUND_KEY]
        for context, maker in (*labelled, *WHOLE.items()):
            yield _specimen(context, context, maker(random), "secret")
        for kind, (maker, around) in AROUND_PERSONAL.items():
            for context in around:
                yield _specimen(kind, context, maker(random), kind)


def _specimen(family: str, context: str, value: str, kind: Kind) -> Specimen:
    text = context.replace("{}", value)
    start = text.rindex(value)
    return Specimen(family, text, start, start + len(value), kind)


def _b64(random: Random) -> str:
    words = "hello world status ok user cluster eu-west-1 retry".split()
    return b64encode(" ".join(random.sample(words, random.randrange(1, 4))).encode()).decode()


def _number(low: int, high: int) -> Maker:
    return lambda random: str(random.randrange(low, high))


_GUID = made(some(HEX, 8), "-", some(HEX, 4), "-4", some(HEX, 3), "-a", some(HEX, 3), "-", some(HEX, 12))
_TIME = made(
    "2026-0", _number(1, 10), "-1", _number(0, 10), "T0", _number(0, 10), ":3", _number(0, 10), ":1", _number(0, 10)
)
_VERSION = made(_number(0, 30), ".", _number(0, 40), ".", _number(0, 99))
_IP = made("10.", _number(0, 256), ".", _number(0, 256), ".", _number(1, 255))


def any_of(lines: str) -> Maker:
    """Gives a maker that picks one of the lines."""
    return lambda random: random.choice(contexts(lines))


HARMLESS: dict[str, Maker] = {
    "oracle error": made("ORA-0", _number(1000, 9999)),
    "sql state": made("SQLSTATE[", some(UPPER, 5), "]"),
    "error code": made(one_of(made("E"), made("ERR_"), made("AADSTS"), made("TS")), _number(1000, 70000)),
    "hex error": made("0x8", some(HEX, 7)),
    "symbolic error": any_of("INVALID_TOKEN_FORMAT\nEXPIRED_ACCESS_TOKEN\nPASSWORD_POLICY_VIOLATION"),
    "http code": _number(400, 512),
    "guid": _GUID,
    "guid upper": lambda random: _GUID(random).upper(),
    "guid in braces": made("{", _GUID, "}"),
    "md5": some(HEX, 32),
    "sha1": some(HEX, 40),
    "sha256": some(HEX, 64),
    "sha512": some(HEX, 128),
    "short sha": some(HEX, 7),
    "docker digest": made("registry.example.com/app@sha256:", some(HEX, 64)),
    "docker image": made("nginx:", _VERSION, "-alpine"),
    "ssh fingerprint": made("SHA256:", some(BASE64, 43)),
    "ssh public key": made("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI", some(BASE64, 43), " bob"),
    "certificate": made("MIID", some(BASE64, 60)),
    "semver": made("v", _VERSION, one_of(made(""), made("-rc.", _number(1, 9)), made("+build.", _number(1, 999)))),
    "build": made("build ", _number(10000, 99999)),
    "ip": made(_IP, one_of(made(""), made(":", _number(1024, 65535)), made("/24"))),
    "ipv6": made("2001:db8::", some(HEX, 4), ":", some(HEX, 4)),
    "mac": made("0a:1b:", some(HEX, 2), ":", some(HEX, 2), ":3c:4d"),
    "iso time": made(_TIME, one_of(made("Z"), made(".123Z"), made("+08:00"))),
    "log time": made("2026/01/05 12:", _number(10, 60), ":", _number(10, 60), ",", _number(100, 1000)),
    "epoch": _number(1_600_000_000, 1_900_000_000),
    "epoch ms": _number(1_600_000_000_000, 1_900_000_000_000),
    "epoch ns": made("17", some(string.digits, 17)),
    "slack ts": made("17", some(string.digits, 8), ".", some(string.digits, 6)),
    "slack ids": made(one_of(made("U"), made("C"), made("T"), made("B")), some(UPPER, 10)),
    "lark ids": made(one_of(made("ou_"), made("om_"), made("oc_"), made("cli_")), some(HEX, 32)),
    "trace id": made("trace_id=", some(HEX, 32)),
    "traceparent": made("00-", some(HEX, 32), "-", some(HEX, 16), "-01"),
    "amzn trace": made("Root=1-", some(HEX, 8), "-", some(HEX, 24)),
    "arn": made("arn:aws:iam::", some(string.digits, 12), ":role/app-", some(string.ascii_lowercase, 6)),
    "secret arn": made(
        "arn:aws:secretsmanager:eu-west-1:", some(string.digits, 12), ":secret:prod/db-", some(ALNUM, 6)
    ),
    "s3 request id": some(UPPER, 16),
    "s3 extended id": made(some(BASE64, 75), "="),
    "request id": made("req_", some(ALNUM, 24)),
    "ulid": made("01J", some("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 23)),
    "nano id": some(URLSAFE, 21),
    "aws resource": made(one_of(made("i-"), made("vpc-"), made("sg-"), made("ami-")), "0", some(HEX, 16)),
    "aws principal": made(one_of(made("AROA"), made("AIDA")), some(UPPER, 17)),
    "twilio account": made("AC", some(HEX, 32)),
    "stripe object": made(one_of(made("pi_"), made("cus_"), made("evt_"), made("pk_live_")), some(ALNUM, 24)),
    "bucket": made("s3://prod-logs-", some(string.digits, 4), "/2026/01/05/", some(HEX, 8), ".gz"),
    "unix path": made("/var/log/app-", _number(1, 99), "/", some(HEX, 8), "/error.log"),
    "windows path": made("C:\\Users\\bob\\AppData\\", some(ALNUM, 8), ".dmp"),
    "url": made("https://docs.example.com/v", _number(1, 9), "/errors?code=", _number(1000, 9999), "#s", _number(1, 9)),
    "base64 words": _b64,
    "hex dump": made("00000010: ", some(HEX, 4), " ", some(HEX, 4), " ", some(HEX, 4), " ", some(HEX, 4), "  ....m..."),
    "content md5": made("Content-MD5: ", some(BASE64, 22), "=="),
    "etag": made('ETag: "', some(HEX, 32), '"'),
    "weak etag": made('W/"', some(HEX, 8), "-", some(BASE64, 27), '"'),
    "order": _not_a_card,
    "snowflake": made("1", some(string.digits, 18)),
    "amount": made(_number(1, 999), ".", some(string.digits, 16)),
    "ticket": made("PROJ-", _number(100, 99999)),
    "cve": made("CVE-2025-", _number(1000, 99999)),
    "pod": made("api-server-", some(HEX, 10), "-", some("bcdfghjklmnpqrstvwxz2456789", 5)),
    "package": made("left-pad@", _VERSION),
    "scoped package": made("@acme/core@", _VERSION, "-beta.", _number(1, 9)),
    "git address": made("git@github.com:acme/", some(string.ascii_lowercase, 6), ".git"),
    "image file": made("icon-", _number(1, 99), "@2x.png"),
    "unit": made("user@", _number(1000, 1010), ".service"),
    "mention": one_of(
        made("@jane.doe"), made("<@U", some(UPPER, 9), ">"), made("<!subteam^S", some(UPPER, 8), "|@oncall>")
    ),
    "page token": made("nextPageToken: ", some(ALNUM, 24)),
    "continuation": made("NextToken=", some(BASE64, 40)),
    "token limit": made("max_tokens: ", _number(1000, 200000)),
    "public key token": made("PublicKeyToken=", some(HEX, 16)),
    "syntax error": made("Unexpected token: ", some(string.ascii_lowercase, 4), _number(1, 99)),
    "masked": any_of("""
password: ****
token=xxxxxxxx
password=<your password>
password: ${DB_PASSWORD}
api_key: YOUR_API_KEY
"""),
    "code": any_of("""
password = os.getenv('DB_PASSWORD')
token = request.headers['X-Token']
self.password = password
String password = null;
"""),
}
AROUND_HARMLESS = contexts("""
{}
we get {} since this morning
error {} when the password is reset
see {}, please
failed with {}: token expired
`{}`
({})
[{}]
```⏎{}⏎```
the secret was not found, {}
id={}
> {}
2026-01-05T10:00:00Z WARN worker-3 {} retry=2
request {} took 35 ms
auth failed ({})
报错 {} 怎么处理
密码重置后出现 {}
请求失败，{}。
{}⏎{}
- {}⏎- next
| {} | 3 |
the API key page shows {}
version: {}
commit {} broke login
GET /v1/items 500 {}
Caused by: java.io.IOException: {}
what does {} mean?
x {} y {} z
""")


def harmless(seed: int, rounds: int) -> Iterator[Specimen]:
    """Gives technical tokens that must survive, in contexts that talk of secrets too; one round is over 200 specimens."""
    random = Random(seed)
    for _ in range(rounds):
        for family, maker in HARMLESS.items():
            for context in random.sample(AROUND_HARMLESS, 3):
                yield _specimen(family, context, maker(random), "none")
