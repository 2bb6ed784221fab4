"""Arbitrary cards: hostile texts, every state, as many answers and citations as anybody may think of."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

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
HOSTILE = [
    "<!here>", "<!channel|x>", "<@U123>", "<!subteam^S1>", "@channel", "@Everyone", "<https://evil.example|ok>",
    "```", "`", "*", "_", "~", "> ", "\n- ", "\n  * ", "\n1. ", "\n", "\r\n", "\t", "&amp;", "&", "<", ">", "|", ":tada:",
    "\u202e", "\x00", "\x1b[31m", "\ud800", "🧑‍🚀", "重启网关。", "שלום עולם", "مرحبا", "Set it. ", "http://x.example", "[1]",
]  # fmt: skip
URLS = [
    "vigil://entry/e", "https://docs.example.com/a#b", "http://[", "javascript:alert(1)", "https://", "",
    "https://docs.example.com/a b", "https://docs.example.com/" + "a" * 4_000, "https://docs.example.com/>x",
]  # fmt: skip

texts = st.builds(
    lambda parts, times: "".join(parts) * times,
    st.lists(st.sampled_from(HOSTILE) | st.text(max_size=30), max_size=12),
    st.sampled_from([1, 1, 1, 40, 400]),
)
names = st.builds("".join, st.lists(st.sampled_from(HOSTILE) | st.text(max_size=12), max_size=6))
times = st.integers(-500, 1).map(lambda days: NOW + timedelta(days=days))


@st.composite
def citations(draw: st.DrawFn, most: int = 3_000) -> tuple[Citation, ...]:
    """At least one; many are alike but for their entry."""
    seen = draw(
        st.builds(
            Citation,
            st.just(1),
            st.just(EntryId("e")),
            st.just(1),
            texts,
            st.sampled_from(URLS),
            st.sampled_from([QA, CHUNK]),
            times,
            st.none() | times,
            st.integers(0, 10**6),
            st.none() | times,
            st.sampled_from([Role.ANALYST, Role.REQUESTER]),
        )
    )
    count = draw(st.sampled_from([1, 2, 5, 30, most]))
    return tuple(replace(seen, n=n, entry=EntryId(f"e{n}")) for n in range(1, count + 1))


@st.composite
def sections(draw: st.DrawFn, n: int) -> CardSection:
    """An answer to question ``n``."""
    cited = draw(citations())
    said = draw(st.lists(texts, min_size=1, max_size=4))
    numbers = draw(st.sampled_from([(1,), tuple(c.n for c in cited)[:40]]))
    claims = tuple(Claim(text, numbers) for text in said)
    answer = Answer(AnswerId(f"a{n}"), QuestionId(f"q{n}"), SessionId("s"), claims, cited)
    return CardSection(answer.question, draw(texts), answer)


def marks(answers: Sequence[str]) -> st.SearchStrategy[CardMark]:
    """Something that happened to a card or to one of its answers."""
    states = st.sampled_from([state for state in CardState if state is not CardState.POSTED])
    return st.builds(CardMark, states, times, st.sampled_from(["", *answers]), names)


@st.composite
def cards(draw: st.DrawFn) -> Card:
    """Any card."""
    said = [draw(sections(n)) for n in range(draw(st.sampled_from([0, 1, 1, 2, 4, 12])))]
    if len(said) == 12:
        said = [replace(s, answer=replace(s.answer, id=AnswerId(f"{s.answer.id}-{i}"))) for i in range(5) for s in said]
    answers = [section.answer.id for section in said]
    actions = [CardAction(draw(st.sampled_from([ActionKind.ACCEPT, ActionKind.UNDO_ACCEPT])), one) for one in answers]
    actions += draw(
        st.just([]) | st.just([CardAction(kind, "c") for kind in (ActionKind.SEND_DRAFT, ActionKind.SHARE)])
    )
    return Card(
        CardId("c"), SessionId("s"), TurnId("t"), Destination(ChannelRef("slack", "T", "C")),
        draw(st.sampled_from(["en", "zh", "fr"])), tuple(said),
        tuple(draw(st.lists(st.sampled_from(list(CardNote)), max_size=4))), tuple(actions),
        draw(st.sampled_from(list(CardState))),
        None if said else draw(notices),
        () if said else draw(citations(most=3)),
        tuple(draw(st.lists(marks(answers), max_size=3))) if len(said) < 12 else tuple(
            CardMark(CardState.ACCEPTED, NOW, one, "Dana") for one in answers
        ),
        draw(st.sampled_from(list(CardKind))), draw(names),
    )  # fmt: skip


notices = st.sampled_from([Notice("nothing_reliable"), Notice("only_analyst")]) | texts.map(
    lambda scope: Notice("out_of_scope", (("scope", scope),))
)

entry_pages = st.builds(
    EntryPage, entry=st.just(EntryId("e")), kind=st.sampled_from([QA, CHUNK]), title=texts, answer=texts,
    created_at=times, updated_at=times, language=st.sampled_from(["en", "zh"]), conditions=texts,
    url=st.sampled_from(URLS), confirmed_at=st.none() | times, confirmations=st.integers(0, 9),
    expires_at=st.none() | times, taught_by=st.sampled_from([Role.ANALYST, Role.REQUESTER]), question=texts,
    thread_url=st.sampled_from(URLS),
)  # fmt: skip
