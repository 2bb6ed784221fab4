"""What a requester reports back: success, failure, and a new trouble beside the old one."""

import pytest

from adapters.engine.offline.reports import reports_back, verdict


@pytest.mark.parametrize(
    "said",
    [
        "Done, but now we get AccessDenied on every upload.",
        "it worked yesterday, today every upload throws 503 again",
        "It worked until the upgrade, since then uploads time out",
        "ok that fixed it for region north, region south fails with SignatureDoesNotMatch",
        "I added the header and the request is rejected with 403",
        "set it to 30, now the job dies after two minutes",
        "works in staging but production still times out",
        "换了参数，可以了，但是下载又报错了",
        "it opens now but the images are missing",
        "tell me how to make it so that it opens again",
        "no uploads since we upgraded",
        "这样没问题吗？",
    ],
)
def test_a_new_trouble_beside_a_success_is_not_only_a_report(said: str) -> None:
    assert not reports_back(said)


@pytest.mark.parametrize(
    "said",
    [
        "works now, thanks",
        "done, restarted it, all green",
        "the errors are gone",
        "will try that tomorrow",
        "可以了，谢谢",
        "did the refresh, pages open now",
        "it does something here, no 503 since we set it",
        "set `signAtSend=true` and it's quiet",
        "改成 5 秒了，没问题",
    ],
)
def test_a_report_of_success_or_of_what_will_be_tried_asks_nothing(said: str) -> None:
    assert reports_back(said)


@pytest.mark.parametrize(
    "said", ["nothing worked so far", "it never worked for us", "none of that fixed it", "还是不行"]
)
def test_a_denied_success_is_a_failure(said: str) -> None:
    assert verdict(said) == (False, True)


@pytest.mark.parametrize(
    "said", ["I will let you know once that is confirmed", "if it works i'll tell you", "did that work for others?"]
)
def test_what_may_yet_work_confirms_nothing(said: str) -> None:
    assert verdict(said) == (False, False)


def test_the_first_thing_said_decides() -> None:
    assert verdict("that was it! one more failure and I would have given up") == (True, False)
    assert verdict("still the same. ah wait, works now") == (False, True)
