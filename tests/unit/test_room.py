"""Who types where in a chat, and what the desk is told of it."""

from datetime import UTC, datetime, timedelta

from adapters.terminal.room import ANALYST, HOME, REQUESTER, Post, Room, Speaker, ref_of
from core.domain.channels import Channel
from core.domain.events import ChannelChanged, MessageDeleted, MessageEdited, MessagePosted

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def room(**customers: str) -> Room:
    made = Room(customers)
    assert isinstance(made.enter("Anna", REQUESTER, "northwind", NOW), ChannelChanged)
    return made


def said(in_: Room, text: str) -> MessagePosted:
    event = in_.said(text, NOW)
    in_.took(Post(event.channel, event.message_id, event.thread or event.message_id, event.author.id, text))
    return event


def test_a_requester_is_of_their_customer_and_an_analyst_of_the_home_team() -> None:
    made = room()
    asked = said(made, "why?")
    assert (asked.author.organisation, asked.channel) == ("northwind", ref_of("northwind"))
    made.enter("Mira", ANALYST, "", NOW)
    answered = said(made, "because")
    assert (answered.author.organisation, answered.channel) == (HOME, asked.channel)
    assert answered.thread == asked.message_id


def test_a_customer_that_is_known_goes_by_its_own_id() -> None:
    made = room(northwind="T0NORTH")
    assert made.described(ref_of("northwind")) == Channel(
        ref_of("northwind"), "northwind", external=True, organisations=frozenset({"T0NORTH"})
    )
    assert said(made, "why?").author.organisation == "T0NORTH"


def test_of_the_analysts_channel_there_is_nothing_to_say_to_outsiders() -> None:
    assert room().described(ref_of("analysts")) == Channel(ref_of("analysts"))


def test_each_customer_has_a_channel_with_a_thread_of_its_own() -> None:
    made = room()
    first = said(made, "why?")
    made.enter("Raj", REQUESTER, "globex", NOW)
    asked = said(made, "why?")
    assert (asked.channel, asked.thread) == (ref_of("globex"), None)
    made.enter("anna", "", "", NOW)
    assert (made.speaker.name, made.thread) == ("Anna", first.message_id)
    made.leave_thread()
    assert made.said("another thing", NOW).thread is None


def test_the_same_name_at_two_customers_is_two_people() -> None:
    made = room()
    one = said(made, "a").author
    made.enter("Anna", REQUESTER, "globex", NOW)
    assert said(made, "b").author.id != one.id


def test_who_was_never_heard_of_needs_a_role() -> None:
    assert room().enter("Zoe", "", "", NOW) == (
        "Nobody called Zoe has typed here yet: /as Zoe requester CUSTOMER, or /as Zoe analyst."
    )


def test_nothing_that_happens_at_the_same_time_has_the_same_name() -> None:
    made = room()
    one, other, command = made.said("a", NOW), made.said("a", NOW), made.commanded("help", NOW)
    assert len({one.external_id, other.external_id, command.external_id}) == 3
    assert one.message_id != other.message_id


def test_a_mention_of_vigil_asks_it_and_one_of_a_person_names_them() -> None:
    made = room()
    assert made.said("hey @Vigil, why?", NOW).direct
    assert not made.said("mail me at anna@vigilant.example", NOW).direct
    assert made.said("@anna did that help?", NOW).mentions == ("Anna@northwind",)


def test_only_the_last_message_of_whoever_types_is_changed() -> None:
    made = room()
    mine = said(made, "mine")
    made.enter("Mira", ANALYST, "", NOW)
    assert made.own_last() is None
    made.enter("Anna", "", "", NOW)
    own = made.own_last()
    assert own is not None
    assert own.id == mine.message_id
    assert isinstance(made.changed(own, "better", NOW), MessageEdited)
    assert isinstance(made.changed(own, "", NOW), MessageDeleted)


def test_a_post_knows_when_it_was_typed() -> None:
    made = room()
    said(made, "why?")
    post = made.post(1)
    assert post is not None
    assert abs(post.at - NOW) < timedelta(milliseconds=1)
    assert made.post(0) is made.post(2) is None


def test_who_typed_before_is_known_again() -> None:
    made = Room()
    made.took(Post(ref_of("globex"), "1.0", "1.0", "Raj@globex"), Speaker("Raj", REQUESTER, "globex", "T0GLOBEX"))
    made.enter("raj", "", "", NOW)
    assert made.said("again", NOW).author.organisation == "T0GLOBEX"
    assert made.thread == "1.0"
