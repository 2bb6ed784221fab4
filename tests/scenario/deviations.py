"""Where the example's replay differs from examples/acme/expected.json, and why that is borne; tests hold it to this."""

_DATA = "a requester who only hands over what was asked for is taken as needing nothing new; silent either way"

TURNS: dict[tuple[str, str, str], tuple[str, str]] = {
    ("eu2-slowdown", "1793607401.896073", "abstained"): ("silent", _DATA),
    ("private-link-host", "1793625269.011521", "abstained"): ("silent", _DATA),
}
LESSONS: dict[str, tuple[str, str]] = {}
