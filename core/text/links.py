"""Addresses in a text, however they are written: what a platform, or a reader, would make a link of. Pure and linear."""

import re
import unicodedata
from functools import lru_cache

_STOPS = r"\s<>|\"'`，。；（）、\u3400-\u9fff"
_SCHEME = rf"[a-z][a-z0-9+.-]{{1,20}}://[^{_STOPS}]+"
_OPAQUE = (
    rf"(?<![a-z0-9])(?:(?:javascript|vbscript|tel|sms|skype|slack|lark|feishu):|data:[\w.+-]{{1,40}}/)[^{_STOPS}]+"
)
_MAIL = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
_PHONE = r"(?<![\w+])\+\d(?:[ ().-]{0,2}\d){6,14}(?!\d)"
_REST = rf"(?:[:/?#][^{_STOPS}]*)?"
_HOST = r"(?<![a-z0-9_-])(?:[a-z0-9_-]{1,63}\.){1,30}(?P<end>[a-z]{2,24}|xn--[a-z0-9-]{2,59})(?![a-z0-9_-]|\.[a-z0-9])"
_NATIONAL = r"[\w-]{1,63}\.(?:中国|中國|公司|网络|網絡|网址|网店|在线|商城|移动|集团|香港|台湾|рф|рус|бел|укр)(?![\w-])"
_LINK = re.compile(rf"{_SCHEME}|{_OPAQUE}|{_MAIL}|{_PHONE}|(?:{_HOST}|{_NATIONAL}){_REST}", re.IGNORECASE)
_ENDINGS = frozenset(
    """com net org int edu gov mil arpa aero asia biz cat coop info jobs mobi museum name post pro tel travel xxx
    academy agency app army art autos bar beauty best bet bid blog blue boats bond build business buzz cafe cam camp cards care
    careers cash casino center cfd chat church city claims cleaning click clinic cloud club codes coffee college community
    company computer cool country coupons courses credit cricket cyou dance date dating deals delivery design dev digital direct
    download earth education email energy engineering enterprises estate events exchange expert express faith family fans farm
    fashion finance financial fit foundation fun fund fyi gallery game games gay gdn gift gifts global gold graphics green group
    guide guru hair health help homes host hosting house icu immo inc institute insure jetzt land law lawyer legal life limited
    link live llc loan loans lol love ltd makeup market marketing media men moda moe mom money monster mov movie network news
    ninja observer one online page partners party pay photo photos pics pink pizza plus poker press properties pub qpon quest
    racing realty recipes red rehab rent repair report rest review reviews rip rocks rodeo run sale school science security
    services sexy shoes shop shopping show site skin social software solar solutions space store stream studio style
    sucks supply support surf surgery systems tax team tech technology today tokyo tools top tours town toys trade trading
    training tube university vacations ventures vet video villas vip vision vodka vote watch webcam website wedding wiki win
    wine work works world wtf xin xyz yachts yoga zip zone
    ac ad ae af ag ai al am ao aq ar at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg ch ci
    ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp
    gq gr gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li
    lk lr ls lt lu lv ly ma mc me mg mh mk mn mo mp mq mr ms mt mu mv mw mx mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf
    pg ph pk pm pn pr pt pw qa re ro ru rw sa sb sc sd se sg si sj sk sl sm sn sr ss su sv sx sy sz tc td tf tg th tj tk tl tm
    tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw""".split()
)
"""What the names of hosts end with; but for those that files end with too (``main.py``, ``run.sh``)."""
_TAIL = ".,;:!?)]}*_~'\"。，；：！？）】」"
_LEADS = re.compile(r"(?:https?://|mailto:|//|www\.)*", re.IGNORECASE)
_WIDE_DOT = re.compile(r"(?<=[a-z0-9])[。｡](?=[a-z])", re.IGNORECASE)
_DEFANGED = re.compile(r"(?<=\w)(?:\[\.\]|\(\.\)|\[dot\]|\(dot\))(?=\w)", re.IGNORECASE)
_DOTS = "．․﹒"


def links_in(text: str) -> frozenset[str]:
    """The addresses (web, mail, hosts, phones abroad) of a text in one form: lower case, without ``http``, ``www.`` and closing
    marks. What is not seen, or only looks like a dot, hides none."""
    return frozenset(_plain(match.group()) for match in _LINK.finditer(_read(text)) if _is_address(match))


def _is_address(match: re.Match[str]) -> bool:
    end = match["end"]
    return end is None or end.lower() in _ENDINGS or end.lower().startswith("xn--")


def _read(text: str) -> str:
    """The text as the eye takes it, in narrow letters and without characters that are not seen."""
    if not text.isascii():
        text = _WIDE_DOT.sub(".", "".join(map(_seen, text)))
    return _DEFANGED.sub(".", text)


@lru_cache(maxsize=65_536)
def _seen(character: str) -> str:
    if character in _DOTS:
        return "."
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me"):
        return ""
    plain = unicodedata.normalize("NFKC", character)
    wide = plain.isascii() and (category[0] in "LN" or plain in "-@/:_")
    return plain if wide else character


def _plain(link: str) -> str:
    return _LEADS.sub("", link.rstrip(_TAIL).lower(), count=1).rstrip("/")
