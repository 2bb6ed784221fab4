"""Words by which somebody says that another is right. Pure."""

import re

AGREES = re.compile(
    r"^\W*(?:(?:ah|oh|ok|hi|great|nice)\b\W*)?"
    r"(?:(?:yes|yep|yeah|correct|exactly|right|indeed|confirmed|agreed)\b(?!\W*(?:but|though|\?))|"
    r"(?:that|this)(?:'s| is| was) "
    r"(?:it|right|correct|indeed|exactly|the (?:right |correct )?(?:way|fix|cause|reason|solution))\b|"
    r"good (?:catch|find|spot)|you(?:'re| are) right|well spotted|对|是的|没错|正确|确实)",
    re.IGNORECASE,
)
"""At the beginning of a message."""
