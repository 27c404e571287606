"""Links of an order's people: renewed, revoked, sent once more for the asking; each with the mail that brings it."""

import datetime as dt

import pytest

from domain import commands as do
from domain import events as ev
from domain.letters import Letter, Occasion, WhyNot
from domain.links import SENT_AGAIN_AFTER, SENT_AT_MOST, SENT_WITHIN
from domain.mailings import why_not
from domain.mailings.links import holder_of
from domain.model import PersonId, Rejected
from domain.stages import Stage
from tests.domain.story import BIRTHE, KAREN, SØREN, Life, life_at


def waiting(life: Life) -> list[PersonId | None]:
    """Whom the mails with a link that wait are for."""
    letters = [Letter.parse(key) for key in life.order.pending_letters]
    return [holder_of(life.order, letter) for letter in letters if letter.occasion is Occasion.NEW_LINK]


def ready() -> Life:
    return life_at(Stage.READY).with_letters_gone()


def test_everybody_begins_with_a_first_link_that_is_good() -> None:
    order = ready().order
    assert {order.link_of(holder).issue for holder in order.link_holders} == {1}
    assert not any(order.link_of(holder).revoked for holder in order.link_holders)
    assert order.link_holders == {order.coordinator, *order.active_members}


def test_a_renewed_link_is_the_next_and_its_mail_goes_to_its_holder_at_once() -> None:
    life = ready().does(do.RenewLink(holder=BIRTHE))
    assert (life.order.link_of(BIRTHE).issue, life.order.link_of(KAREN).issue) == (2, 1)
    assert waiting(life) == [BIRTHE]


def test_only_the_last_mail_of_two_is_worth_sending() -> None:
    life = ready().does(do.RenewLink(holder=BIRTHE)).does(do.RenewLink(holder=BIRTHE))
    assert life.order.link_of(BIRTHE).issue == 3
    assert waiting(life) == [BIRTHE]
    earlier = Letter(Occasion.NEW_LINK, number=str(life.order.version - 1))
    assert why_not(life.order, earlier, life.now, life.now) is WhyNot.OVERTAKEN


def test_a_revoked_link_is_dead_and_takes_back_the_mail_that_would_bring_it() -> None:
    life = ready().does(do.RenewLink(holder=BIRTHE)).does(do.RevokeLink(holder=BIRTHE))
    assert life.order.link_of(BIRTHE).revoked
    assert waiting(life) == []
    assert life.ask(do.RevokeLink(holder=BIRTHE)) == []
    renewed = life.does(do.RenewLink(holder=BIRTHE))
    assert (renewed.order.link_of(BIRTHE).issue, renewed.order.link_of(BIRTHE).revoked) == (3, False)


def test_a_good_link_that_is_asked_for_stays_good_and_is_sent_once_more() -> None:
    life = ready().does(do.SendLink(holder=KAREN))
    assert [type(event) for event in life.events[-1:]] == [ev.LinkAskedFor]
    assert life.order.link_of(KAREN).issue == 1
    assert waiting(life) == [KAREN]


def test_a_revoked_link_that_is_asked_for_is_another() -> None:
    life = ready().does(do.RevokeLink(holder=KAREN)).does(do.SendLink(holder=KAREN))
    assert [type(event) for event in life.events[-1:]] == [ev.LinkRenewed]
    assert (life.order.link_of(KAREN).issue, life.order.link_of(KAREN).revoked) == (2, False)


def test_whoever_asks_again_and_again_gets_no_more_mail_for_it() -> None:
    life = ready()
    life.does(do.SendLink(holder=KAREN))
    first = life.now
    a_moment = dt.timedelta(seconds=1)
    assert life.ask(do.SendLink(holder=KAREN), first + SENT_AGAIN_AFTER - a_moment) == []
    for time in range(1, SENT_AT_MOST):
        life.does(do.SendLink(holder=KAREN), first + time * SENT_AGAIN_AFTER)
    assert len(life.order.link_of(KAREN).asked_at) == SENT_AT_MOST
    assert life.ask(do.SendLink(holder=KAREN), first + SENT_WITHIN - a_moment) == []
    assert len(life.ask(do.SendLink(holder=KAREN), first + SENT_WITHIN)) == 1
    assert len(life.ask(do.SendLink(holder=BIRTHE), first + SENT_WITHIN - a_moment)) == 1, "others are not held back"
    assert len(life.ask(do.RenewLink(holder=KAREN))) == 1, "KiAP is not held back either"


@pytest.mark.parametrize("command", [do.RenewLink, do.RevokeLink, do.SendLink])
def test_nobody_else_has_a_link(command: type[do.RenewLink | do.RevokeLink | do.SendLink]) -> None:
    life = ready().does(do.RemoveMember(member=BIRTHE)).does(do.ReplaceCoordinator(coordinator=SØREN))
    for nobody in (PersonId("ingen"), BIRTHE, KAREN):
        with pytest.raises(Rejected) as refusal:
            life.ask(command(holder=nobody))
        assert refusal.value.code == "no_such_holder"
    assert len(life.ask(command(holder=SØREN))) == 1


def test_a_mail_on_its_way_to_somebody_who_has_left_is_not_worth_sending() -> None:
    life = ready().does(do.RenewLink(holder=BIRTHE)).does(do.RemoveMember(member=BIRTHE))
    assert waiting(life) == []


def test_who_coordinated_before_is_remembered_in_order() -> None:
    life = ready().does(do.ReplaceCoordinator(coordinator=SØREN)).does(do.ReplaceCoordinator(coordinator=BIRTHE))
    assert life.order.coordinators_before == (KAREN, SØREN)
