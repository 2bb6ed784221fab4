"""Words that tell a correction from other talk. English and Chinese; each is one sign among others to the reviewer's classifier,
but for the last four, which decide by themselves."""

import re

_I = re.IGNORECASE

AGREES = re.compile(
    r"^\W*(?:yes|yep|yup|yeah|right|correct|exactly|true|sure|confirmed|agreed|perfect|good|great|nice|works|that'?s (?:it|right|how))\b(?!,? ?but)"
    r"|^\W*(?:对|是的|没错|可以|嗯|能用|能|是这样)|👍|👌|✅|\b(?:as (?:described|said|designed)|(?:like|what|as) the bot)\b",
    _I,
)
WRONG = re.compile(
    r"\b(?:wrong|incorrect|false|never (?:was|were|been|has|have)|no such|not (?:true|right|correct)|nonsense|ignore|forget|mistaken|mixed|"
    r"does(?:n'?t| not) exist|opposite|other way round|nothing to do)\b|不对|错的|搞错|无关|没关系|反了|忽略",
    _I,
)
DENIES = re.compile(r"\b(?:not?|never|nothing|none|cannot|(?:ca|wo|do|does|did|is|are|was)n'?t)\b|不|没|别", _I)
RESTRICTS = re.compile(
    r"\b(?:but|only|unless|except|however|otherwise|else|though|mind that|caveat|catch|almost|depends|before (?:that|you)|also (?:have|need)|too|"
    r"must|ha(?:ve|s) to|need(?:s|ed)?)\b|但|不过|只有|除了|否则|前提|还要|必须|才",
    _I,
)
CHANGED = re.compile(
    r"\b(?:now|since|these days|nowadays|any ?more|no longer|used to|outdated|old (?:figure|number|limit)|raised|lowered|increased|doubled|dropped|"
    r"changed|renamed|went|as of|from (?:version|release|\d))\b|现在|已经|起改|放宽|改成|以前",
    _I,
)
CAUSE = re.compile(
    r"\b(?:cause|reason|because|then it'?s|(?:can|is)(?:'t|n'?t) (?:be|it)|points to|comes from|something else|if (?:only|it|every|one|no))\b"
    r"|原因|因为|那就是|不是.{0,8}(?:问题|原因)|多半|的话",
    _I,
)
OTHER_THING = re.compile(
    r"\b(?:instead|you want|for (?:that|one|a)|(?:that|this|those)(?:'s| is| are| one| only| would| was| gives)|about|different|rather|use|take)\b"
    r"|那是|这是|要的是|问的",
    _I,
)
SPEAKER = re.compile(r"\b(?:i|we|our|my)\b|我", _I)
UNSURE = re.compile(
    r"\b(?:maybe|perhaps|might|possibly|probably|could be|may be|i (?:think|guess|believe|suspect|assume)|not sure|let me (?:check|see|look|ask|find|verify)|"
    r"i(?:'ll| will) (?:check|ask|look|see)|checking|asking|afaik|iirc)\b|可能|也许|好像|应该是|不确定|估计|我(?:查|看|问|确认)",
    _I,
)
"""Says it without standing behind it."""
RETRACTS = re.compile(
    r"\bwrong (?:thread|channel|window|chat|ticket|customer)\b|\b(?:ignore me|forget it|never ?mind|nvm|scratch that|my (?:mistake|bad)|"
    r"i (?:mixed|misread|was (?:wrong|on)|stand corrected|take (?:it|that) back)|sorry[,.! ].{0,30}(?:old|looking|noise|i )|you(?:'re| are) right|"
    r"(?:bot|card)(?:'s| is| was) (?:actually |indeed )?(?:right|correct)|(?:as|what) the bot (?:said|says))\b"
    r"|发错|看错|记错|说错|搞混|抱歉我|机器人(?:是对的|说得对|没错)",
    _I,
)
"""Takes back what was said, or says that the answer was right after all."""
_CARD = r"(?:bot|card|answer|suggestion|entry|advice|reply|vigil)"
CARD_WRONG = re.compile(
    rf"\b{_CARD}(?:'s| is| was|’s)? (?:\w+ ){{0,3}}?(?:wrong|incorrect|false|nonsense|outdated|out of date|mistaken|misleading|mixed|no longer (?:right|true|valid)|"
    rf"not (?:right|correct|true))\b|\bwrong (?:article|entry|answer|card)\b"
    rf"|\b(?:ignore|forget|disregard|skip|don'?t (?:follow|trust|use)|do not (?:follow|trust|use)) (?:\w+ ){{0,2}}{_CARD}\b"
    r"|(?:机器人|上面|卡片|回答|答案).{0,8}(?:搞错|弄错|理解错|答错|错了|不对|有误|过时|不适用)"
    r"|(?:别|不要|请勿)(?:照|按|用|听).{0,6}(?:机器人|上面|卡片)|忽略(?:上面|机器人|卡片)",
    _I,
)
"""Names the card and says that it is wrong."""
CAUSE_NAMED = re.compile(
    r"\b(?:another|a second|a different|one more|more than one|two|several) (?:possible |common |known |likely )?(?:causes?|reasons?)\b"
    r"|\b(?:is|are) (?:only )?one (?:possible )?(?:cause|reason)\b|另一个原因|还有(?:一个|一种)(?:原因|可能|情况)",
    _I,
)
"""Names another cause beside the one that is known."""
