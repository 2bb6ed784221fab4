"""What words give away: small talk, requests, failure, success, doubt. English and Chinese; used by every offline task."""

import re

_I = re.IGNORECASE

THANKS = re.compile(
    r"\b(thanks?|thank you|thx|tysm|ty|cheers|much appreciated|appreciate (?:it|the|your)|gracias|merci)\b|谢谢|多谢|感谢|辛苦",
    _I,
)
GREETING = re.compile(
    r"^\W*(hi|hey|hello|morning|good (?:morning|afternoon|evening|day)|greetings|howdy|yo|你好|您好|大家好|早上好|嗨)\b",
    _I,
)
GREETING_ZH = re.compile(r"^\W*(你好|您好|大家好|早上好|下午好|嗨|哈喽)")
FAREWELL = re.compile(
    r"\b(bye|goodbye|see you|have a (?:nice|good|great)|good ?night|take care|cya|that'?s all|nothing else|no that'?s (?:it|all))\b|再见|拜拜",
    _I,
)
ACK = re.compile(
    r"^\W*(ok(?:ay)?|k|sure|got it|noted|understood|makes sense|sounds good|perfect|great|awesome|cool|nice|alright|right|yes|yep|yeah|no|nope|"
    r"done|will do|lgtm|np|no problem|no worries|ah+|oh+|hmm+|i see|fair enough|agreed|exactly|sorry|please|好的?|收到|明白了?|了解|嗯+|行|可以|没问题|知道了)\b",
    _I,
)
WILL_TRY = re.compile(
    r"\b(?:(?:i'?ll|i will|we'?ll|we will|let me|going to|gonna)\s+(?:\w+\s)?(?:try|test|check|have a look|look|do that|give it|report|update|let you know|get back|ask|wait|see)|"
    r"(?:will|gonna) (?:try|test|do|check|report)|trying (?:it|that|this) now|on it)\b|我(?:试试|先试|去试|这就试|回头)",
    _I,
)
SOLVED = re.compile(
    r"^\W*works?\b|\b(?:(?:it|that|this|which|everything|all|works?|now) ?(?:is |are |has |'s )?(?:now )?(?:work(?:s|ed|ing)|fixed|resolved|solved|green|fine now|good now)|"
    r"(?:that|this|which) (?:was|is|did) (?:it|the (?:problem|issue|cause|trick))|did the (?:trick|job)|(?:problem|issue|error|failure|warning)s? (?:is |are |was |were |has been )?(?:now )?(?:solved|resolved|fixed|gone)|"
    r"(?:solved|fixed|resolved) (?:it|my|the|this)|works? (?:now|like a charm|great|perfectly|fine|again|for (?:me|us)|with that)|worked(?! (?:on|with the|in))|confirmed|never ?mind|nvm|figured it out|got it (?:working|to work)|"
    r"all (?:good|set|green|fine)|still works?|found it|went through|runs? through|(?:is|are|works?|runs?|looks?|loads?|lists?|all) fine(?: now| again)?|(?:is|are) (?:\w+ing|back|up|through) again|you'?re right|that helped|exactly what i (?:need|want|was)|(?:is|are) (?:back|through)|makes? sense now|perfect|success(?:ful)?(?:ly)?|no (?:more|further) (?:errors?|failures?|problems?|issues?))\b"
    r"|(?:已经?)?(?:解决了?|搞定|可以了|好了|正常了|成功了|没问题了|通过了|果然)",
    _I,
)
FAILED = re.compile(
    r"\b(?:(?:did|does|do|is|are|was|has|have)(?:n'?t| not) (?:work|help|fix|solve|change|make|seem to)\w*|still (?:the same|get|see|fail|none?|not|nothing|no|have|happen|doesn|isn|broken|red|reset|throw|return|error|same)\w*|"
    r"same (?:error|problem|issue|result|thing|here)|no (?:luck|change|difference|effect|success|joy)|not (?:working|fixed|solved|helping|it)|fails? (?:again|too|as well)|nope|unfortunately|"
    r"tried (?:that|this|it)(?: already)?[,. ]+(?:but|no|still|same)|without (?:success|luck|effect)|no go)\b|还是(?:不行|报错|一样|失败)|没(?:有)?(?:用|效果|变化)|不行|依然|仍然",
    _I,
)
DID = re.compile(
    r"^\W*(?:ok(?:ay)?[,. ]+)?(?:i |we |i've |we've )?(?:just |now )?(?:set|added|changed|upgraded|updated|lowered|raised|enabled|disabled|moved|switched|removed|replaced|"
    r"installed|configured|applied|done|did (?:that|it)|found it|it was|was indeed|clear)\b.{3,}|^\W*[\w` -]{2,30} (?:added|set|changed|removed|enabled|restarted|was (?:it|dead|off|missing))\b|"
    r"^(?:好的?[，, ]*)?(?:已经?|加上|改成|设置)",
    _I,
)
HEDGE = re.compile(
    r"\b(?:maybe|perhaps|might|may be|possibly|could (?:be|you)|can you (?:try|check|confirm|send|share|post|tell|provide)|could you|would you|i think|i guess|i believe|not sure|probably|"
    r"try (?:to )?(?:restart|reboot|again)|have you tried|did you (?:try|check)|you (?:could|might|may) (?:try|want)|worth (?:a try|trying)|wild guess|let me|i'?ll (?:check|look|ask|see|get)|"
    r"we'?ll (?:check|look|ask|see|get)|looking into|checking|sounds like|seems? (?:like|to)|should i|does it|is it|in theory|afaik|iirc)\b|可能|也许|或许|试试看?|试一下|要不|是不是|估计|看一下|查一下|确认一下|我问",
    _I,
)
FACT = re.compile(
    r"\b(?:you (?:need|have|must|can|should|will need)|set|use|add|change|enable|disable|create|run|call|pass|remove|replace|update|upgrade|install|configure|specify|increase|make sure|ensure|go to|"
    r"click|select|open|put|move|rename|delete|send|include|import|switch|turn|it is|this is|that is|that's|because|the (?:reason|cause|problem|issue|fix|solution|limit|default|maximum) is|is caused by|by default|never|always|request|sign|copy|open|lasts?|answers? only|"
    r"(?:is|are) (?:not )?(?:supported|possible|required|needed|allowed|limited)|(?:does|do) not (?:support|apply|work)|workaround|only|instead|fixed in|known (?:bug|issue))\b"
    r"|需要|请(?:把|将|在|用|使用|设置|升级)|把|将|改成|改为|设置|使用|升级到|因为|原因是|默认|不支持|必须|才能|应该",
    _I,
)
OWN_FIX = re.compile(
    r"\bfound it\b|\b(?:i|we) (?:just |finally |have |'ve )?(?:found|fixed|solved|resolved|figured|got it|changed|switched|managed|had to|discovered|realized|realised|was (?:missing|using))\b"
    r"|\bturn(?:s|ed) out\b|\bthe (?:problem|issue|solution|fix|cause|trick) (?:was|is)\b|\bfor (?:anyone|others|the record)\b|我(?:发现|解决了|找到|改了)|原来是",
    _I,
)
REQUEST = re.compile(
    r"\b(?:how (?:do|can|could|would|should|to|does|is|are|many|much|long|often)|what(?:'s| is| are| does| do| would| should| happens| about)|why|where|when|which|who|whose|"
    r"can (?:i|we|you|it|someone|anyone)|could (?:i|we|you|someone)|is (?:there|it|this|that)|are (?:there|we|you|these)|do(?:es)? (?:it|i|we|you|the|this|that|anyone)|should (?:i|we)|"
    r"any (?:idea|way|help|chance|pointers|suggestion|eta|update|news)\w*|need (?:to|help|some)|help (?:me|with|us)|please (?:help|advise|explain|tell|check|fix)|looking for|wondering|want to (?:know|use|set|do|change)|"
    r"trying to|unable to|tell me|explain|show me|give me|i need|i want|would like|i'd like|possible to)\b|怎么|如何|为什么|什么|哪|吗|是否|能不能|可以吗|请问|求助|帮忙|呢[？?]?$",
    _I,
)
TROUBLE = re.compile(
    r"\b(?:errors?|exceptions?|fail(?:s|ed|ing|ure)?|crash\w*|broken|denied|refused|rejected|timeouts?|time[sd]? ?out|cannot|can'?t|couldn'?t|unable|invalid|unauthorized|forbidden|not (?:found|work\w*|able|possible|recogni\w+|show\w*|return\w*)|"
    r"doesn'?t|don'?t|won'?t|isn'?t|stop(?:s|ped)? work\w*|blocked|wrong|missing|stuck|hangs?|hanging|slow|down|dies|bug|problem|issue|unexpected|traceback|stack ?trace|fatal|panic|reset|lost|empty|null|undefined)\b|报错|错误|失败|异常|无法|不能|超时|崩溃|卡住|拒绝|不行|不了|丢失|没有生效|问题",
    _I,
)
ELSEWHERE = re.compile(
    r"\b(?:(?:contact|reach out to|e-?mail|call|talk to|ask|speak (?:to|with))\s+(?:\w+\s){0,3}(?:support|manager|am|rep\w*|team|sales|admin\w*|me|us)|account (?:manager|rep\w*)|"
    r"stack ?overflow|(?:this|these|the|our) (?:forums?|community)|let me know|(?:open|file|raise|create|submit) (?:a|an) (?:ticket|case|support request|issue)|welcome to|feature request|pass (?:this|it) (?:on|along)|"
    r"(?:send|provide|post|share|attach|paste|show|need|see|give)\s+(?:me |us |the |your |a |some |more |full |complete ){1,3}(?:trace|log|logs|request|response|code|screenshot|details?|info\w*|example|header|payload|file|json|xml)\w*)\b"
    r"|联系(?:客户经理|客服|支持)|提工单|发(?:一下)?(?:日志|截图)",
    _I,
)
THIS_CASE = re.compile(
    r"\b(?:(?:you|your|you'?ve|i|i'?ve|we) (?:just |have |'ve |originally |previously )*(?:posted|pasted|attached|sent|tested|noticed|ran|tried|looked|checked|see|said|mentioned|uploaded|included)|"
    r"(?:your|the|his|her) (?:original|latest|last|first|previous|above) (?:post|message|question|request|code|json|xml|trace|example|comment|reply)|your (?:code|post|trace|snippet|screenshot|account id|attachments?)|"
    r"on my (?:side|end)|this thread|wrote:|i(?:'m| am) (?:still )?(?:confused|not sure|unable)|(?:above|below|attached) (?:code|post|message|link|screenshot))\b"
    r"|\b(?:the|vigil'?s|bot'?s) (?:card|bot)\b(?= (?:above|shows?|says?|said|gave|has))|\bfrom the card\b"
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}",
    _I,
)
_GENERAL_YOU = (
    r"(?<!if )(?<!when )(?<!once )(?<!unless )(?<!whenever )(?<!after )(?<!until )(?<!where )(?<!whether )you"
)
ABOUT_YOU = re.compile(
    rf"\b{_GENERAL_YOU}(?:'re|’re|'ve| are| have(?! to)| had| were| did| forgot| seem| already| switched| found| described?)\b"
    r"(?! (?:able|going to|sure|asked to))|\bin your (?:case|request|code|log|trace|screenshot|script|example)\b"
    r"|\b(?:your (?:particular|own)|my guess|i (?:see|suspect|guess)|(?:looks|seems|sounds) (?:like|as if) you|from your)\b"
    r"|你(?:的|这边|们的|说)|您(?:的|用的)|看你",
    _I,
)
"""Tells the asker what is the matter with theirs, which is nobody else's."""
SIGN_OFF = re.compile(
    r"^\W*(?:(?:best|kind|warm)?\s*(?:regards|wishes)|thanks?|thank you|cheers|br|rgds|sincerely|hope (?:this|that|it) helps?|let (?:me|us) know(?: (?:if|how)[^.]*)?|happy (?:coding|to help)|good luck|hth|-+ ?\w+)\b[^.]{0,60}\W*$",
    _I,
)
ADDRESSING = re.compile(
    r"^\W*(?:hi|hey|hello|dear|good (?:morning|afternoon|evening))\b[\s,]*(?:there|all|everyone|(?-i:@?[A-Z][\w.]*))?(?-i: [A-Z]\w+)?\s*[,!:.\-–]+\s*(?=[A-Z\u4e00-\u9fff`]|\w)",
    _I,
)
LEADING_NAME = re.compile(r"^(?:@[\w.-]+(?: [A-Z][\w-]+)?[,:]?\s+|[A-Z][a-z]+(?: [A-Z][a-z]+)?[,:]\s+)")
LEADING_WORD = re.compile(
    r"^(?:ok(?:ay)?|ah+|oh+|hmm+|right|yes|yep|yeah|sorry|well|so|alright|sure|好的|嗯|哦)[,，.!。…]*\s+", _I
)
CODE = re.compile(r"`[^`]+`|```|[{};]\s*$|\b\w+\(.*?\)|https?://|</?\w+>|\b\w+\.\w+\.\w+", re.MULTILINE)
PROMISE = re.compile(
    r"\b(?:i|we)(?:'ll| will| am going to|'m going to| are going to)\s+(?:\w+ )?(?:check|look|ask|see|get back|investigate|find out|follow up|let you know|update|take a look|dig|ping|raise|file|report|forward|escalate|open)\b|looking into|(?:我|我们)(?:去|来|先)?(?:看一下|查一下|确认|问一下|跟进)",
    _I,
)


def asks(text: str) -> bool:
    """Whether the text asks for something: a question mark, or the wording of a question or request."""
    return "?" in text or "？" in text or bool(REQUEST.search(text))
