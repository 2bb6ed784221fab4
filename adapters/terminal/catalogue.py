"""Every text that a card or notice shows, in English and Chinese."""

from datetime import datetime

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Vigil · AI suggestion",
        "sources": "Sources",
        "accept": "Accept",
        "accepted_by": "Accepted by {by}, {time}",
        "undo": "Undo",
        "only_asker_or_analyst": "Only the asker or an analyst can accept this.",
        "card_unknown": "This card is no longer known here.",
        "card_withdrawn": "This answer was withdrawn and can no longer be accepted.",
        "withdrawn": "Withdrawn: an analyst answered differently.",
        "withdrawn_answered_differently": "Withdrawn on {day}: an analyst answered differently, see below.",
        "withdrawn_changed": "Withdrawn on {day}: what it was taken from was changed or no longer holds.",
        "show_all": "Show all",
        "from_knowledge": "Found in the team's knowledge. An analyst is in this thread too.",
        "quoted": "Quoted from the sources below, not reasoned.",
        "reduced": "Quoted from the sources below, not reasoned. Reduced service.",
        "picture_unread": "The screenshot was not read.",
        "qa_source": "Answer from support",
        "own_fix_source": "A requester's own fix",
        "chunk_source": "documentation",
        "confirmed": "confirmed {count} times, last on {day}",
        "confirmed_once": "confirmed once, on {day}",
        "unconfirmed": "from {day}",
        "old": "last confirmed {months} months ago",
        "old_unconfirmed": "learned {months} months ago",
        "valid_until": "valid until {day}",
        "nothing_reliable": "I have nothing reliable on this.",
        "already_answered": "This was already answered above, and I know nothing newer.",
        "outage": "I could not look this up: something I need did not respond in time. Please ask again in a few minutes.",
        "small_talk": "Ask me a question, and I will look for the answer in the team's knowledge.",
        "out_of_scope": "This is not what I am here for, which is: {scope}",
        "out_of_any_scope": "This does not look like a question about what this team supports.",
        "closest": "The closest I know:",
        "not_connected": "This works once Vigil is connected to a chat platform.",
    },
    "zh": {
        "title": "Vigil · AI 建议",
        "sources": "来源",
        "accept": "采纳",
        "accepted_by": "{by} 已采纳，{time}",
        "undo": "撤销",
        "only_asker_or_analyst": "只有提问者或分析师可以采纳。",
        "card_unknown": "这张卡片已无记录。",
        "card_withdrawn": "该回答已被撤回，无法再采纳。",
        "withdrawn": "已撤回：分析师给出了不同的回答。",
        "withdrawn_answered_differently": "已于{day}撤回：分析师给出了不同的回答，见下文。",
        "withdrawn_changed": "已于{day}撤回：所依据的内容已更改或不再成立。",
        "show_all": "显示全部",
        "from_knowledge": "来自团队知识库。分析师也在本会话中。",
        "quoted": "以上内容摘自下列来源，未经推理。",
        "reduced": "以上内容摘自下列来源，未经推理。服务降级中。",
        "picture_unread": "未读取截图。",
        "qa_source": "支持团队的回答",
        "own_fix_source": "提问者自己的解决办法",
        "chunk_source": "文档",
        "confirmed": "已确认 {count} 次，最近一次 {day}",
        "confirmed_once": "已确认一次，{day}",
        "unconfirmed": "{day}",
        "old": "上次确认在 {months} 个月前",
        "old_unconfirmed": "{months} 个月前学到",
        "valid_until": "有效期至 {day}",
        "nothing_reliable": "关于这个问题，我没有可靠的信息。",
        "already_answered": "上文已经回答过这个问题，目前没有更新的信息。",
        "outage": "暂时无法查询：所需的服务没有及时响应。请过几分钟再问一次。",
        "small_talk": "请直接提出问题，我会在团队知识库中查找答案。",
        "out_of_scope": "这不在我的支持范围内。我的范围是：{scope}",
        "out_of_any_scope": "这看起来不是本团队支持范围内的问题。",
        "closest": "我所知最接近的内容：",
        "not_connected": "连接聊天平台后可用。",
    },
}


def say(language: str, key: str, **values: object) -> str:
    """The text of a key, filled; English where a language is not in the catalogue."""
    return TEXTS.get(language, TEXTS["en"])[key].format(**values)


def day(at: datetime, language: str) -> str:
    """A date as people write it: ``12 Nov`` or ``11月12日``."""
    return f"{at.month}月{at.day}日" if language == "zh" else f"{at.day} {at:%b}"
