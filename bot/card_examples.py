"""Example cards in every state, for `vigil card preview` and for looking at what a change of a rendering does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.desk.cards import ALREADY_ANSWERED, NOTHING_RELIABLE, OUTAGE
from core.desk.edits import accepted, withdrawn
from core.desk.on_click import NOT_YOURS, WITHDRAWN
from core.desk.refusals import CARD_UNKNOWN, ONLY_ANALYST
from core.desk.withdraw import ANSWERED_DIFFERENTLY
from core.domain.answers import Answer, Citation, Claim
from core.domain.cards import (
    ActionKind,
    Card,
    CardAction,
    CardKind,
    CardMark,
    CardNote,
    CardSection,
    CardState,
    Destination,
    EntryPage,
    Notice,
)
from core.domain.channels import ChannelRef
from core.domain.ids import AnswerId, CardId, EntryId, QuestionId, SessionId, TurnId
from core.domain.knowledge import CHUNK, QA
from core.domain.people import Role

NOW = datetime(2026, 11, 14, 14, 2, tzinfo=UTC)
_CARD, _SESSION, _TURN = CardId("card-1"), SessionId("session-1"), TurnId("turn-1")
_WHERE = Destination(ChannelRef("slack", "T0EXAMPLE", "C0EXAMPLE"), "1794661200.000100")

_SIGNING = Citation(
    1, EntryId("entry-signing"), 3, 'Signing requests, "Object keys"', "https://docs.example.com/signing#object-keys",
    CHUNK, NOW - timedelta(days=3),
)  # fmt: skip
_TOKEN = Citation(
    2, EntryId("entry-token"), 5, "Go SDK, session token dropped", "vigil://entry/entry-token", QA,
    NOW - timedelta(days=90), NOW - timedelta(days=2), 4,
)  # fmt: skip
_RETRY = Citation(
    1, EntryId("entry-retry"), 1, "Upload gateway, 503 under load", "vigil://entry/entry-retry", QA,
    NOW - timedelta(days=1), expires_at=NOW + timedelta(days=6),
)  # fmt: skip
_QUOTA = Citation(
    1, EntryId("entry-quota"), 2, "Console, quota page empty", "vigil://entry/entry-quota", QA, NOW - timedelta(days=400),
    NOW - timedelta(days=250), 2, taught_by=Role.REQUESTER,
)  # fmt: skip

_KEYS = (
    Claim(
        "Your key has a character outside ASCII, and this client signs it unencoded. Encode the object key as UTF-8 "
        "(percent-encoded) before signing.",
        (1,),
    ),
    Claim("With the Go SDK below 2.1.4 and STS tokens, update it instead: that version drops the session token.", (2,)),
)
_CODE = Claim(
    "Retry with a growing pause and the same upload id:\n```python\nclient.upload(path, retries=5, backoff_s=2)\n```\n"
    "- `retries` counts attempts, not seconds\n- a 503 with <Code>SlowDown</Code> is safe to retry",
    (1,),
)


def _section(n: int, asked: str, claims: tuple[Claim, ...], citations: tuple[Citation, ...]) -> CardSection:
    answer = Answer(AnswerId(f"answer-{n}"), QuestionId(f"question-{n}"), _SESSION, claims, citations, _CARD)
    return CardSection(answer.question, asked, answer)


_FIRST = _section(1, "Why does the signature of keys with umlauts not match?", _KEYS, (_SIGNING, _TOKEN))
_SECOND = _section(2, "Uploads fail with 503 in the evening, what can we do?", (_CODE,), (_RETRY,))
_CHINESE = _section(
    1,
    "签名一直不匹配，怎么办？",
    (Claim("对象键包含 ASCII 以外的字符时，请先按 UTF-8 做百分号编码，再计算签名。", (1,)),),
    (replace(_SIGNING, title="签名请求：对象键"),),
)
_OLD = _section(
    1,
    "The quota page is empty",
    (Claim("Allow cookies of console.example.com, then sign in again.", (1,)),),
    (_QUOTA,),
)
_LONG = _section(
    1,
    "How do I move a bucket?",
    tuple(
        Claim(
            f"Step {n}: copy the next tenth of the objects, compare the counts, and go on only where they agree.", (1,)
        )
        for n in range(1, 13)
    ),
    (_SIGNING,),
)


def _posted(*sections: CardSection, language: str = "en", notes: tuple[CardNote, ...] = (CardNote.QUOTED,)) -> Card:
    actions = tuple(CardAction(ActionKind.ACCEPT, section.answer.id) for section in sections)
    return Card(_CARD, _SESSION, _TURN, _WHERE, language, sections, notes, actions)


def _refused(notice: Notice, *closest: Citation) -> Card:
    return replace(_posted(notes=()), notice=notice, closest=closest)


def _draft(state: CardState = CardState.POSTED, by: str = "") -> Card:
    is_open = state in (CardState.POSTED, CardState.NOT_SENT)
    kinds = (ActionKind.SEND_DRAFT, ActionKind.EDIT_DRAFT, ActionKind.DISMISS_DRAFT) if is_open else ()
    reason = "not_sent_refused" if state is CardState.NOT_SENT else ""
    marks = (CardMark(state, NOW, by=by, reason=reason),) if state is not CardState.POSTED else ()
    return replace(
        _posted(_FIRST), kind=CardKind.DRAFT, why="an error of a request to the storage API", state=state, marks=marks,
        notice=Notice("draft_from", (("channel", "acme-support"), ("by", "Bob"))),
        actions=tuple(CardAction(kind, _CARD) for kind in kinds),
    )  # fmt: skip


_CORRECTED = Notice(
    "correction_by",
    (("by", "Dana"), ("text", "Since 2.2.0 the Go SDK encodes keys itself: update it, and encode nothing.")),
)


def cards() -> dict[str, Card]:
    """Every state of a card, by name."""
    posted, both = _posted(_FIRST, notes=(CardNote.FROM_KNOWLEDGE,)), _posted(_FIRST, _SECOND)
    chinese = _posted(_CHINESE, language="zh")
    share = (CardAction(ActionKind.SHARE, _CARD),)
    return {
        "posted": posted,
        "posted_zh": chinese,
        "quoted": _posted(_FIRST),
        "two_answers": both,
        "code_and_list": _posted(_SECOND),
        "old_and_a_requesters_own": _posted(_OLD),
        "long": _posted(_LONG),
        "reduced_service": _posted(_FIRST, notes=(CardNote.REDUCED,)),
        "picture_unread": _posted(_FIRST, notes=(CardNote.PICTURE_UNREAD, CardNote.QUOTED)),
        "accepted": accepted(posted, AnswerId("answer-1"), "Dana", NOW),
        "accepted_zh": accepted(chinese, AnswerId("answer-1"), "Dana", NOW),
        "partly_accepted": accepted(both, AnswerId("answer-2"), "Dana", NOW),
        "withdrawn": withdrawn(posted, NOW, ANSWERED_DIFFERENTLY),
        "nothing_reliable": _refused(NOTHING_RELIABLE, _SIGNING, replace(_TOKEN, n=2)),
        "nothing_reliable_reduced": replace(_refused(NOTHING_RELIABLE), notes=(CardNote.REDUCED,)),
        "already_answered": _refused(ALREADY_ANSWERED),
        "out_of_scope": _refused(
            Notice("out_of_scope", (("scope", "features, usage and errors of Example Storage."),))
        ),
        "outage": _refused(OUTAGE),
        "draft": _draft(),
        "draft_sent": _draft(CardState.SENT, "Dana"),
        "draft_not_sent": _draft(CardState.NOT_SENT),
        "draft_dismissed": _draft(CardState.DISMISSED, "Dana"),
        "draft_answered_first": _draft(CardState.ANSWERED_FIRST),
        "lookup": replace(posted, kind=CardKind.LOOKUP, actions=share, notes=(CardNote.QUOTED,)),
        "shared": replace(posted, notice=Notice("shared_by", (("by", "Dana"),)), approved_by="Dana"),
        "correction": replace(_refused(_CORRECTED), kind=CardKind.CORRECTION, actions=(), approved_by="Dana"),
    }


def notices() -> dict[str, Notice]:
    """Notes to one person alone, by name."""
    told = (NOT_YOURS, CARD_UNKNOWN, WITHDRAWN, ONLY_ANALYST, Notice("entry_unknown"))
    return {notice.text: notice for notice in told}


def pages() -> dict[str, EntryPage]:
    """Entry pages as a customer and as an analyst see them, by name."""
    seen = EntryPage(
        entry=EntryId("entry-token"), kind=QA, title="Go SDK, session token dropped",
        answer="Update the Go SDK to 2.1.4 or later: `go get example.com/storage@v2.1.4`.",
        conditions="Go SDK below 2.1.4 with STS tokens", created_at=NOW - timedelta(days=90),
        updated_at=NOW - timedelta(days=30), confirmed_at=NOW - timedelta(days=2), confirmations=4,
    )  # fmt: skip
    return {
        "entry_page": seen,
        "entry_page_of_an_analyst": replace(
            seen,
            question="Why is the signature wrong with temporary credentials?",
            thread_url="https://example.slack.com/archives/C0EXAMPLE/p1794661200000100",
        ),
    }
