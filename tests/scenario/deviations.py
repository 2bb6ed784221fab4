"""Where the example's replay differs from examples/acme/expected.json, and why that is borne; tests hold it to this."""

from tests.scenario.judged import Ending, Key
from tests.scenario.verdicts import Ruling

_DATA = "a requester who only hands over what was asked for is taken as needing nothing new; silent either way"
_NOTHING_NEW: Ending = (("no_assistance_needed", "silent"),)
_REPEAT: Ending = (("within_scope", "repeat"),)
_ASKED: Ending = (("within_scope", "abstained"),)
_TALE = "a requester who tells what happened before saying that it works is taken as asking; silent either way"

TURNS: dict[Key, tuple[Ending, str]] = {
    ("eu2-slowdown", "1793607401.896073"): (_NOTHING_NEW, _DATA),
    ("private-link-host", "1793625269.011521"): (_NOTHING_NEW, _DATA),
    ("skew-second-cause", "1794216671.800024"): (_REPEAT, _TALE),
    ("mime-revised", "1794235875.650676"): (_ASKED, _TALE),
    ("zh-mount-again", "1794295866.186128"): (_ASKED, _TALE),
    ("sdk-pulled-doubted", "1794304339.341847"): (
        _ASKED,
        "a requester who defends an answer against an analyst names the error again, as one who asks; silent either way",
    ),
}
LESSONS: dict[str, tuple[str, str]] = {}
VERDICTS: dict[Ruling, tuple[str, str]] = {}
CARDS: dict[str, tuple[str, str]] = {}
