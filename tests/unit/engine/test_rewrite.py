"""Splitting a burst without a model: no message of it is left without a question (DESIGN 5.2)."""

from datetime import UTC, datetime

from adapters.engine.offline.rewrite import MOST, rewrite
from core.domain.dialogue import Line
from core.domain.ids import MessageId
from core.domain.people import Role, RoleBasis
from core.domain.tasks import RewriteInput
from tests.fakes.embedder import HashEmbedder

AT = datetime(2026, 11, 2, tzinfo=UTC)
ASKED = (
    "How do I rotate the signing key of the gateway?",
    "Also how do I raise the quota of mailbox storage?",
    "Also which regions have the new GPU machines?",
    "Also why does the invoice export time out?",
    "Also how can I delete an archived project for good?",
    "Also where are the audit logs of last year kept?",
)


async def test_more_questions_than_may_be_asked_are_asked_together_in_the_last() -> None:
    burst = tuple(
        Line(MessageId(str(n)), Role.REQUESTER, RoleBasis.HOME, "Kim", text, AT) for n, text in enumerate(ASKED)
    )
    found = (await rewrite(RewriteInput((), burst), HashEmbedder())).questions
    assert [one.messages for one in found] == [("0",), ("1",), ("2",), ("3", "4", "5")]
    assert len(found) == MOST
    assert found[-1].query == "\n".join(ASKED[3:])
