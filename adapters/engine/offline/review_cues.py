"""What an analyst's words after an answer give away: agreement, denial, a wrong reference, a detail put right, another way."""

import re

_I = re.IGNORECASE

AGREES = re.compile(
    r"^\W*(?:(?:ah|oh|ok|hi|ha|well|ja)\W+)?(?:yes|yep|yeah|yup|exactly|correct|right\b(?!,? there)|true|indeed|agreed|confirmed|precisely|"
    r"that'?s (?:it|right|correct|the way)|this one is|like so|as described|what the bot|the bot(?:'s| is| has)? (?:right|correct)|"
    r"good|great|nice|perfect|works|sure|\+1|looks? (?:good|right)|well said|nothing to add|couldn'?t have said)\b"
    r"|^\W*(?:对|嗯|是的|没错|正确|可以的|同意|正常|就是这样)|👍|💯|🎉|👌",
    _I,
)
BOT_RIGHT = re.compile(
    r"\b(?:as|what|like) (?:the bot|vigil|it) (?:says?|said|wrote|described)|\b(?:the )?bot(?:'s| is| has it| got it)? (?:right|correct)"
    r"|\bis the thing\b|\bthe setting is the right one|technically it'?s as described|\bthen it'?s right\b|\bwill do\b|按机器人|机器人说得对",
    _I,
)
DENIES = re.compile(
    r"^\W*(?:no|nope|nah|not|never|wrong|don'?t|jein|negative|stop)\b(?! (?:problem|worries|idea))|^\W*(?:不是|不对|不行|别|错)"
    r"|\b(?:that|this|it|which)(?:'s| is| was|’s) (?:not|wrong|incorrect|about|for|only for|a different)\b"
    r"|\b(?:isn'?t|can'?t be|cannot be|won'?t (?:help|work|do|ever)|wouldn'?t|doesn'?t (?:help|apply|work|do))\b"
    r"|\bnot (?:there|for|on|in|the|that|about|from|here)\b|\b(?:never|no) (?:was|has|such|leak|shell)\b|\bthere (?:isn'?t|is no|are no)\b"
    r"|(?:不是|没有|拿不到|不适用|不能|不含|别照)",
    _I,
)
BOT_WRONG = re.compile(
    r"\b(?:ignore|forget|disregard|scratch|bin|skip|don'?t (?:follow|trust|listen to|use|run|do|try)|do not (?:follow|trust|use|run|do|try)|sorry (?:for|about))\b.{0,20}\b(?:bot|that|this|card|answer|suggestion|entry|advice|above|it)\b"
    r"|\bbot\b.{0,40}\b(?:mixed|wrong|confus\w+|mistaken|misread|misunderstood|off|took|grabbed|picked)\b|\bwrong (?:article|entry|doc\w*|answer|page|product|thing|feature|command|tool|\w+, bot)\b"
    r"|\bnot it, bot|\bfrom the bot\b(?!.{0,20}\b(?:right|works?))|\b(?:wasn'?t|isn'?t|is not|was not|not) (?:the|your|what (?:you|they|he|she|was)|at all what)\b.{0,12}\b(?:question|asked?|asking|need|want)"
    r"|\b(?:that|this|it|which|the (?:bot|card|answer|suggestion|above|entry))(?:'s| is|’s| was) (?:(?:just|simply|plain|completely|totally|not|unfortunately) )*(?:wrong|incorrect|false|nonsense|made up|misleading|unrelated|off|not (?:right|correct|true))\b"
    r"|\bhas? nothing to do with\b|\b(?:does(?:n'?t| not)) (?:exist|apply (?:here|to (?:you|your|this)))\b|\bnever (?:been|was|were|existed|shipped|held|worked|read)\b|\bno such\b|\bwhere does it have that from"
    r"|\bplease don'?t\b|(?-i:\bDON'T\b)|\bexactly what you don'?t want|\bno (?:idea|clue) (?:why|where)|\byou(?:'d| would) (?:break|lose|delete|wipe|lock)|\bdid you read"
    r"|别(?:照|按|用|听)|不要(?:照|按|听)|忽略|答非所问|(?:机器人|上面|卡片).{0,6}(?:搞错|弄错|理解错|答错|错|不对)|问的(?:是|不是)|根本(?:没|不)|不存在",
    _I,
)
OTHER_THING = re.compile(
    r"\b(?:that|this|it)(?:'s| is| was|’s) (?:about|for|how|what|only for|the)\b|\b(?:is|are) (?:for|about) (?:the )?\w+|\bmixed (?:you |it |this )?up\b|\bnot for \w+"
    r"|\b\w+ (?:isn'?t|is not|aren'?t|are not) (?:a |an |the |more )?\w+\b|\bwould (?:skip|remove|delete|empty|roll|restart|wipe)\b|\b(?:rolls|skips|empties|deletes|removes|adds|transfers) (?:the|all|your)\b"
    r"|是(?:应用|单个|针对|整个)|不是(?:应用|单个)|那是",
    _I,
)
DETAIL = re.compile(
    r"\b(?:almost|nearly|not quite|mostly|partly|half right|except(?: that| for)?|with the exception|apart from|careful|beware|mind that|caveat|gotcha|(?:the|a|one) catch|one correction|(?:small|minor|slight) (?:thing|correction|addition|fix)|correction|to be precise|"
    r"unless|only (?:for|on|in|with|if|from|since|when|applies|holds|works|the|admins?)|(?:applies|holds|works|true|valid|correct) only|but (?:not|only|for|from|since|with|in|on|the|as of|it|you)|since (?:v|version |release )?\d|since (?:last|the (?:\w+ ){0,2}(?:release|update|version|upgrade|change|migration)|spring|summer|autumn|winter|january|february|march|april|may|june|july|august|september|october|november|december)|"
    r"from (?:v|version |release )?\d|as of|starting (?:with|from|in)|in (?:newer|older|recent|current) (?:versions|releases)|by now|nowadays|these days|used to|no longer|(?:has|have) been (?:raised|lowered|increased|reduced|renamed|changed|lifted|moved|removed|dropped)|"
    r"(?:went|was|were|is|are) (?:up to|raised|lowered|increased|reduced|lifted|renamed|changed|bumped|dropped)|went up|(?:it|limit|cap|they|default)(?:'s| is| are| was)? .{0,25}\bnow\b|now (?:\d|defaults?|it'?s|requires?|needs?)|not \d[\d,.]*|\d[\d,.]* ?\w* now\b|(?:outdated|out of date|stale|old (?:number|value|limit|default|behaviou?r))|"
    r"(?:the )?(?:guide|docs?|manual|notes) (?:lags?|is|are|still)|true for|that'?s true|depends|ceiling|on paper|you(?:'ll)? also (?:need|have)|also needs?|otherwise|else it)\b"
    r"|纠正|更正|补充|还差|还(?:要|需)|不过|但是?|注意|现在(?:是|已|改)|已(?:改|经改|提高|降)|只有|才(?:能|会|行|可)|除了|前提|(?:版本|\d)(?:起|以后|以上|以前|以下)|私有",
    _I,
)
OTHER_CAUSE = re.compile(
    r"\b(?:it|that|this|these|those)(?:'s| is| isn'?t| are| was| wasn'?t| can'?t be) .{0,60}[.;,:]|\b(?:because|since you|your \w+ (?:has|have|is|was|drops?|lost|picks?|writes?|sends?|hands?)|the (?:cause|reason|real|actual)|caused by|is due to|comes from|"
    r"if (?:it|preview|only|the|that|you) .{0,40} (?:it isn'?t|it'?s|is a|is the))\b|\b(?:matter|bug|mismatch|expired|deactivated|uplink|case sensitive)\b|的话就是|是因为|原因|其实是",
    _I,
)
OTHER_WAY = re.compile(
    r"\b(?:alternativ\w+|you (?:can|could|may) (?:also|even|as well|flip)|could also|another (?:way|option)|i'?d (?:rather|request|embed|use|go)|or (?:simply|just|even)|if you(?:'re| are) (?:impatient|lazy)|"
    r"as an alternative|there'?s (?:also )?a (?:bulk )?(?:script|shortcut|button)|to add some colour|by the way|btw|fyi|while you'?re at it)\b|也可以|另外|顺便|或者",
    _I,
)
HOW_TO = re.compile(
    r"^\W*(?:how|can|could|what|which|where|when|who|is|are|do|does|may|should|until)\b|^.{0,30}(?:怎么|如何|哪里|多少|多久|吗|是否|支持)",
    _I,
)
"""Asks how something is done or what it is, and so tells of no symptom that could have another cause."""
LOOKS = re.compile(
    r"\b(?:which|what|how|did|do|does|have|has|is|are|was|who|where|when|could|can|would) (?:you|your|it|the|that|shop|version|often)?\b.{0,80}\?|\blet me\b|\blooking\b|\bone (?:sec|moment|minute)\b|\bchecking\b|\bi(?:'ll| will) (?:check|ask|look)|"
    r"\bcould be\b|\bmaybe\b|\bi guess\b|\bnot sure\b|看一下|查一下|发我|稍等|可能是",
    _I,
)
FURTHER = re.compile(
    r"\b(?:while we'?re at it|different (?:thing|question)|another (?:thing|question)|one more|next question|what about|how about|and (?:for|with|can|does|is|dutch|what|how|if)\b|also[, ]+(?:can|how|is|does|what)|"
    r"btw|by the way|does (?:that|this|it) (?:also|move|work|include)|that moves?|then how|can we also|later\?)|顺便|另外|那.{0,20}(?:怎么|呢|吗)|还有",
    _I,
)
RETRACTS = re.compile(
    r"\bwrong (?:thread|channel|window|chat|person|ticket|customer)\b|\b(?:my|was my) (?:mistake|bad|error)\b|\b(?:i (?:mixed|was (?:wrong|mistaken|confused|thinking of)|misread|confused|stand corrected|take (?:it|that) back)|ignore (?:me|my|that last)|scrap that|scratch that|never ?mind|"
    r"nvm|forget what i said|you(?:'re| are) right|true,|(?:the )?bot(?:'s| is| was) (?:actually |indeed )?(?:right|correct)|as the bot (?:says|said)|what the bot (?:says|said)|bot (?:got|has|had) it right|card is (?:right|correct))\b"
    r"|发错|看错|记错|说错|搞混|是我(?:错|弄)|机器人(?:是对的|说得对|没错)|以机器人",
    _I,
)
"""Takes back what was said, or says that the answer was right after all."""
UNSURE = re.compile(
    r"\b(?:maybe|perhaps|might|possibly|probably|presumably|could be|may be|i (?:think|guess|believe|suspect|assume|wonder|would have thought|always thought)|not (?:sure|certain)|if i(?:'m| am) not mistaken|iirc|afaik|as far as i (?:know|remember)|"
    r"from memory|off the top|sounds like|looks like|seems?|should be|let me|i(?:'ll| will) (?:check|ask|look|verify|confirm|find)|need to (?:check|ask|verify)|hm+|curious|strange|weird|odd)\b"
    r"|可能|也许|好像|应该是|印象中|不确定|估计|大概|我(?:查|看|问|确认)",
    _I,
)
"""Says it without standing behind it."""
_CARD = r"(?:(?:the |this |that |vigil'?s )?(?:bot|card|answer|suggestion|entry|advice|reply|above|vigil)(?:'s)?)"
_WRONG = (
    r"(?:(?:is|was|are|’s|'s|got) (?:\w+ ){0,3}?(?:wrong|incorrect|false|nonsense|outdated|out of date|mistaken|misleading|off|"
    r"not (?:right|correct|true)|no longer (?:right|correct|true|valid))|mixed|confus\w+|misread|misunderstood)"
)
CARD_WRONG = re.compile(
    rf"\b{_CARD}\b[^.!?\n]{{0,40}}\b{_WRONG}\b|\bwrong (?:article|entry|doc\w*|answer|card)\b|\bnot (?:it|that), bot\b"
    rf"|\b(?:ignore|forget|disregard|scratch|skip|bin|don'?t (?:follow|trust|listen to|use)|do not (?:follow|trust|use)) "
    rf"(?:\w+ ){{0,2}}{_CARD}\b"
    r"|\bwhat the (?:card|bot|answer|entry) (?:says|said) is (?:no longer|not|wrong)\b"
    r"|(?:机器人|上面|卡片|上述|这个?回答|答案).{0,8}(?:搞错|弄错|理解错|答错|错了|不对|有误|过时|不适用)"
    r"|(?:别|不要|请勿)(?:照|按|用|听).{0,6}(?:机器人|上面|卡片)|忽略(?:上面|机器人|卡片)",
    _I,
)
"""Names the card and says that it is wrong: no other of the own reviews is worded so (10 of 10 are to be deleted)."""
CAUSE_NAMED = re.compile(
    r"\b(?:another|a second|a different|one more|more than one|two|several) (?:possible |common |known |likely )?(?:causes?|reasons?)\b"
    r"|\b(?:is|are) (?:only )?one (?:possible )?(?:cause|reason)\b|\bcan also (?:come from|be caused by)\b"
    r"|另一个原因|还有(?:一个|一种)(?:原因|可能|情况)",
    _I,
)
"""Names another cause beside the one that is known."""
