"""Small requests of every task, with their prompts."""

from datetime import UTC, datetime, timedelta
from typing import Any

from core.domain.dialogue import Line
from core.domain.ids import AnswerId, EntryId, MessageId
from core.domain.judging import Judged, JudgeInput
from core.domain.knowledge import QA, SHARED, KnowledgeEntry, Passage
from core.domain.people import Role, RoleBasis
from core.domain.reviews import CitedEntry, GivenAnswer, Review, ReviewInput
from core.domain.tasks import (
    ExtractInput,
    Extraction,
    Generated,
    GenerateInput,
    Identified,
    IdentifyInput,
    Request,
    RewriteInput,
    Rewriting,
)
from core.prompts.requests import (
    extract_request,
    generate_request,
    identify_request,
    judge_request,
    review_request,
    rewrite_request,
)
from core.prompts.tasks import judge_tasks

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
SCOPE = "Acme object storage: buckets, uploads, SDKs, errors"
ASKED = "why do multipart uploads fail with 503 SlowDown since this morning?"
SAID = "Set `max_concurrency` to 4 in the transfer config: the limit of a bucket is per connection."
ODD = [
    *("", " \n ", "?", "🙂", "مرحبا", "a\x00b", "{scope} {abstention} %s", "为什么上传失败？"),
    *("```\nrm -rf /\n```", "fail " * 5_000),
]


def line(n: int, role: Role, text: str) -> Line:
    return Line(MessageId(f"m{n}"), role, RoleBasis.HOME, "somebody", text, AT + timedelta(minutes=n))


def passage(n: int, answer: str) -> Passage:
    entry = KnowledgeEntry(
        id=EntryId(f"e{n}"), kind=QA, audience=SHARED, title=answer[:40], question=ASKED, answer=answer, created_at=AT,
        updated_at=AT,
    )  # fmt: skip
    return Passage(entry, 1, 0.9 - n / 10, 0.8, 0.8, 0.8, 0.8)


def identify(text: str) -> Request[IdentifyInput, Identified]:
    inputs = IdentifyInput(SCOPE, (line(0, Role.ANALYST, text),), (line(1, Role.REQUESTER, text),), (passage(1, SAID),))
    return identify_request(inputs)


def rewrite(*texts: str) -> Request[RewriteInput, Rewriting]:
    burst = tuple(line(n, Role.REQUESTER, text) for n, text in enumerate(texts, start=1))
    return rewrite_request(RewriteInput((line(0, Role.REQUESTER, "hello"),), burst))


def generate(question: str, *answers: str) -> Request[GenerateInput, Generated]:
    passages = tuple(passage(n, answer) for n, answer in enumerate(answers))
    return generate_request(GenerateInput(question, (), passages))


def extract(*said: str) -> Request[ExtractInput, Extraction]:
    lines = (line(0, Role.REQUESTER, ASKED), *(line(n, Role.ANALYST, text) for n, text in enumerate(said, start=1)))
    return extract_request(ExtractInput(ASKED, AT, (MessageId("m0"),), lines, final=True))


def review(*said: str) -> Request[ReviewInput, Review]:
    lines = (line(0, Role.REQUESTER, ASKED), *(line(n, Role.ANALYST, text) for n, text in enumerate(said, start=1)))
    given = GivenAnswer(AnswerId("a"), f"{SAID} [1]", AT, seen=True)
    cited = (CitedEntry(1, passage(1, SAID).entry, 1), CitedEntry(2, passage(2, SAID).entry, 1))
    return review_request(ReviewInput(ASKED, AT, (MessageId("m0"),), (given,), cited, lines))


def requests(text: str) -> list[Request[Any, Any]]:
    return [identify(text), rewrite(text), generate(text, text, SAID), extract(text, SAID), review(text, SAID)]


def judge(text: str) -> Request[JudgeInput, Judged]:
    return judge_request(judge_tasks()[0], JudgeInput(ASKED, (line(0, Role.REQUESTER, text),), SAID, text))
