"""Addresses are seen however they are written, and what is none is left alone."""

import time

import pytest

from core.text.links import links_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://Docs.Acme.com/limits.", "docs.acme.com/limits"),
        ("see www.acme.com, then", "acme.com"),
        ("打开acme-login.com的控制台", "acme-login.com"),
        ("见https://docs.acme.cn/limits查看", "docs.acme.cn/limits"),
        ("acme-login.c\u200bom", "acme-login.com"),
        ("acme-login\u2060.\u00adcom", "acme-login.com"),
        ("acme-login．com", "acme-login.com"),
        ("acme-login。com", "acme-login.com"),
        ("acme-login｡com/x", "acme-login.com/x"),
        ("ａｃｍｅ－ｌｏｇｉｎ．ｃｏｍ", "acme-login.com"),
        ("acme-login[.]com", "acme-login.com"),
        ("//acme-login.com/x", "acme-login.com/x"),
        ("...acme-login.com", "acme-login.com"),
        ("a.b.c.d.e.f.g.h.i.acme-login.com", "a.b.c.d.e.f.g.h.i.acme-login.com"),
        ("acme-login.support", "acme-login.support"),
        ("xn--acme-7fg.xn--p1ai", "xn--acme-7fg.xn--p1ai"),
        ("登录控制台.中国", "登录控制台.中国"),
        ("консоль.рф", "консоль.рф"),
        ("mailto:desk@acme.com", "desk@acme.com"),
        ("javascript:fetch(1)", "javascript:fetch(1"),
        ("data:text/html;base64,PHM+", "data:text/html;base64,phm+"),
        ("slack://channel?id=C1", "slack://channel?id=c1"),
        ("feishu:applink?x=1", "feishu:applink?x=1"),
        ("call +44 20 7946 0958 now", "+44 20 7946 0958"),
    ],
)
def test_an_address_is_seen_however_it_is_written(text: str, found: str) -> None:
    assert links_in(text) == {found}


@pytest.mark.parametrize(
    "text",
    ["config.yaml and main.py", "version 2.1.4 of node.js", "e.g. this", "设为 64。然后重启网关。", "nginx.service", "a: b",
     "data: none", "1.5 to 2.5", "std::vector", "x = y.append(1)", "SDK。在控制台"],
)  # fmt: skip
def test_what_is_no_address_is_left_alone(text: str) -> None:
    assert links_in(text) == frozenset()


def test_the_web_address_of_another_scheme_is_another_address() -> None:
    assert links_in("slack://docs.acme.com") != links_in("https://docs.acme.com") == links_in("docs.acme.com")


@pytest.mark.parametrize("piece", ["a.", "a@", "1.", "+1 ", "a-", "x:", "中.", "data:", "a" * 60 + "@b."])
def test_a_text_made_to_be_slow_is_read_in_time(piece: str) -> None:
    began = time.perf_counter()
    links_in(piece * 20_000)
    assert time.perf_counter() - began < 5
