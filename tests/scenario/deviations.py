"""Where the example's replay differs from examples/acme/expected.json, and why that is borne; tests hold it to this."""

from tests.scenario.judged import Ending, Key
from tests.scenario.verdicts import Ruling

_DATA = "a requester who only hands over what was asked for is taken as needing nothing new; silent either way"
_NOTHING_NEW: Ending = (("no_assistance_needed", "silent"),)

TURNS: dict[Key, tuple[Ending, str]] = {
    ("eu2-slowdown", "1793607401.896073"): (_NOTHING_NEW, _DATA),
    ("private-link-host", "1793625269.011521"): (_NOTHING_NEW, _DATA),
}
LESSONS: dict[str, tuple[str, str]] = {}
VERDICTS: dict[Ruling, tuple[str, str]] = {}
CARDS: dict[str, tuple[str, str]] = {}
