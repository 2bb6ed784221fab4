"""The language of a message is that of its prose, whatever it quotes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.language import CHINESE_FROM, chinese_share, language_of
from tests.growth import grows_like_its_text


@pytest.mark.parametrize(
    "text",
    [
        "升级之后登录不上",
        "好的",
        "请问 Vigil 怎么配置 webhook？",
        "TiKV region is unavailable 怎么解决",
        "`max_connections` 怎么调大",
        "SDK 报 java.lang.NullPointerException at com.acme.Client.open(Client.java:12) 求助",
        '错误 "the region is not available at the moment, please retry" 怎么解决',
        "打不开 https://docs.example.com/a/very/long/address/with/many/words/in/it/for/example",
        "<https://docs.example.com/getting-started-with-the-client|the getting started guide> 打不开了，谁看看",
        "这段代码有什么问题\n```\nfor each in range(ten): print(each and every one of them)\n```",
        "```\n-- 查询最近一天的订单\nSELECT 1\n```",
        "pod CrashLoopBackOff 了",
    ],
)
def test_chinese_with_latin_names_code_and_links_is_chinese(text: str) -> None:
    assert language_of(text) == "zh"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "404?",
        "ok thanks",
        "The upload fails with ERR-4012 since yesterday",
        'What does "无法连接" mean?',
        "how do I search for `订单` in the logs?",
        "请问 how do I configure the timeout of the client in production",
        "see ```\n# 这是一个很长的中文注释，说明这段代码的作用\nx = 1\n``` for the code",
        "これはペンですか。漢字も使います",
        "한국어 문서가 있나요",
        "\ud800",
    ],
)
def test_everything_else_is_english(text: str) -> None:
    assert language_of(text) == "en"


def test_the_share_is_that_of_words_and_a_word_of_chinese_is_one_and_a_half_characters() -> None:
    assert chinese_share("连接失败了吗") == 1
    assert chinese_share("hello there") == 0
    assert chinese_share("连接失败了吗 what else then now") == pytest.approx(0.5)


@given(st.text(st.characters(codec=None), max_size=300))
def test_any_text_has_a_share_between_none_and_all_and_the_threshold_decides(text: str) -> None:
    share = chinese_share(text)
    assert 0 <= share <= 1
    assert language_of(text) == ("zh" if share >= CHINESE_FROM else "en")


@pytest.mark.parametrize(
    "piece", ["a", "`", "```", "<", "<a", '"', '"a', "“", "a@", "a.", ":a", "](a", "https://", "密a", "@", "\ud800"]
)
def test_takes_time_linear_in_the_text(piece: str) -> None:
    assert grows_like_its_text(language_of, lambda length: piece * (length // len(piece)))
