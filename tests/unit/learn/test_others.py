"""What names another customer is for analysts alone: not shared, and not the first customer's (DESIGN 6, Generalise)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.domain.channels import Channel, ChannelRef
from core.domain.dialogue import Line
from core.domain.ids import MessageId
from core.domain.knowledge import INTERNAL, SHARED, Audience
from core.domain.people import Person, Role, RoleBasis
from core.learn.generalise import audience_of, lexicon_of
from core.learn.others import others_of

HOME, NORTH, GLOBEX = "T0HOME", "T0NORTH", "T0GLOBEX"
GIL, WILL, KIM = (
    Person("U0GIL", "Gil Farnsworth", GLOBEX),
    Person("U0WILL", "Will Grant", GLOBEX),
    Person("U0KIM", "Kim", NORTH),
)
ASKED = (Line(MessageId("m"), Role.REQUESTER, RoleBasis.HOME, "Kim", "it fails", datetime(2026, 11, 2, tzinfo=UTC)),)


def channel(name: str, *organisations: str) -> Channel:
    return Channel(ChannelRef("slack", HOME, name), name, bool(organisations), frozenset(organisations))


PAIR = (channel("ext-northwind", NORTH), channel("ext-globex", GLOBEX), channel("int-support"))


def audience(
    shown: str,
    channels: tuple[Channel, ...] = PAIR,
    people: tuple[Person, ...] = (GIL, WILL, KIM),
    customer: str = NORTH,
) -> Audience:
    others = others_of(customer, channels, people, frozenset(), "Acme Object Store")
    own = lexicon_of(customer, [p for p in people if p.organisation == customer], ["northwind"], "Acme Object Store")
    return audience_of(shown, ASKED, customer, replace(own, others=others)).audience


@pytest.mark.parametrize("customer", [NORTH, HOME])
@pytest.mark.parametrize(
    "shown",
    [
        "Same as for Globex last week: raise it to four.",
        "Farnsworth's team has confirmed it.",
        "Copy globexprod-eu.conf first.",
        "Ask <@U0GIL> for the template.",
        "Tenant T0GLOBEX has it already.",
        "It was Will Grant who found it.",
        "Kim has the same limit as globex.",
    ],
)
def test_who_names_another_customer_is_read_by_analysts_alone(shown: str, customer: str) -> None:
    assert audience(shown, customer=customer) == INTERNAL


def test_the_own_customers_names_stay_its_own() -> None:
    assert audience("Kim at Northwind sets it.") == Audience.customer(NORTH)
    assert audience("Farnsworth sets it.", customer=GLOBEX) == Audience.customer(GLOBEX)


def test_where_two_customers_meet_words_about_the_other_are_internal() -> None:
    both = (*PAIR, channel("ext-globex-northwind", NORTH, GLOBEX))
    assert audience("Globex must open its proxy.", both) == INTERNAL
    assert audience("Northwind must open its proxy.", both) == Audience.customer(NORTH)


@pytest.mark.parametrize(
    "shown",
    [
        "Ask support for an apple, will you?",
        "Grant the role and mark it.",
        "Apple pie.",
        "Set the object store's limit.",
    ],
)
def test_everyday_words_of_other_customers_names_name_nobody(shown: str) -> None:
    known = (*PAIR, channel("ext-apple-support", "T0APPLE"))
    assert audience(shown, known) == SHARED


def test_an_everyday_firm_is_named_where_it_is_written_as_a_name() -> None:
    known = (*PAIR, channel("ext-apple-support", "T0APPLE"), channel("ext-blue-ocean", "T0BLUE"))
    assert audience("Same as for Apple last week.", known) == INTERNAL
    assert audience("Same as for Blue Ocean last week.", known) == INTERNAL
    assert audience("The Ocean is blue.", known) == SHARED


def test_what_the_team_or_the_channels_share_names_nobody() -> None:
    people = (Person("U1", "Ana Farnsworth", HOME), GIL, Person("UB", "Jirabot", GLOBEX, is_bot=True))
    known = (*PAIR, channel("ext-globex-quarry", GLOBEX), channel("ext-initech-quarry", "T0INI"))
    assert audience("Ask Farnsworth, see Jirabot.", PAIR, people) == SHARED
    assert audience("Restart quarry.", known) == SHARED


def test_a_han_name_of_another_customer_is_found_within_a_sentence() -> None:
    known = (*PAIR, channel("外部-北极星-支持", "T0POLE"))
    people = (Person("U2", "王伟强", "T0POLE"), Person("U3", "运维", "T0POLE"))
    assert audience("北极星的限制也一样。", known, people) == INTERNAL
    assert audience("请让王伟强重新授权。", known, people) == INTERNAL
    assert audience("请联系运维支持。", known, people) == SHARED
