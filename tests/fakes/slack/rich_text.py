"""The rich_text block: what people's clients write, and what a bot may."""

from tests.fakes.slack.shapes import Shape, boolean, integer, items, one_of, text, typed

_STYLE = Shape(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), boolean
    ),
)
_WORD = text(255)
_INLINE = typed(
    {
        "text": Shape({"text": text(13000)}, {"style": _STYLE}),
        "link": Shape({"url": text(3000)}, {"text": text(3000), "unsafe": boolean, "style": _STYLE}),
        "user": Shape({"user_id": _WORD}, {"style": _STYLE}),
        "usergroup": Shape({"usergroup_id": _WORD}, {"style": _STYLE}),
        "channel": Shape({"channel_id": _WORD}, {"style": _STYLE}),
        "emoji": Shape({"name": _WORD}, {"unicode": _WORD, "url": text(3000), "style": _STYLE}),
        "broadcast": Shape({"range": one_of("here", "channel", "everyone")}, {"style": _STYLE}),
        "date": Shape({"timestamp": integer(0, 2**40), "format": _WORD}, {"url": text(3000), "fallback": _WORD}),
        "color": Shape({"value": _WORD}),
    }
)
_LINE = items(_INLINE, 2000, 0)
_SECTION = Shape({"elements": _LINE})
RICH_TEXT = Shape(
    {
        "elements": items(
            typed(
                {
                    "rich_text_section": _SECTION,
                    "rich_text_list": Shape(
                        {
                            "style": one_of("bullet", "ordered"),
                            "elements": items(typed({"rich_text_section": _SECTION}), 500),
                        },
                        {"indent": integer(0, 8), "offset": integer(0, 10000), "border": integer(0, 1)},
                    ),
                    "rich_text_preformatted": Shape({"elements": _LINE}, {"border": integer(0, 1), "language": _WORD}),
                    "rich_text_quote": Shape({"elements": _LINE}, {"border": integer(0, 1)}),
                }
            ),
            500,
        )
    },
    {"block_id": _WORD},
)
