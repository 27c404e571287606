"""A doctor who is interrupted twice between two patients, with the link from a mail that really left."""

import pytest

from domain import commands as do
from domain.stages import Stage
from storage.staff import StaffRole
from tests.days.conftest import MOUSE, PHONE, Somebody
from tests.days.portal import Portal
from tests.web.browsing import wait_until
from tests.workflows.time_skipping import the_meeting

pytestmark = [pytest.mark.browser, pytest.mark.temporal]

WORDS = "Vi går en tur efter frokost."


def test_interrupted_twice_and_still_done_in_the_breaks(portal: Portal, somebody: Somebody) -> None:
    system = portal.system
    karen = portal.colleague(StaffRole.CONSULTANT, "Karen Lund", "karen@kiap.example")
    portal.order()
    portal.run(system.do(do.AssignConsultant(consultant=karen), system.operations))
    portal.run(system.do(do.AgreePlan(meeting=the_meeting())))
    portal.run(system.until(Stage.SURVEY_OPEN))

    anna = somebody(PHONE, MOUSE)
    link = portal.link(portal.mail("invitation", "laege0@example.dk"), "/svar/")
    anna.open(link)
    anna.press("Begynd")
    anna.page.check("#who5_1-1")
    anna.page.evaluate("async () => { await ready; await keep(); }")

    anna.page.goto("about:blank")  # a patient
    anna.page.go_back()
    anna.page.wait_for_selector("#who5_1-1:checked")
    anna.open(f"{link}#side-10")
    anna.page.fill("textarea", WORDS)
    anna.page.evaluate("async () => { await ready; await keep(); }")

    context = anna.page.context
    anna.page.close()  # the telephone rings, and the browser is put away
    anna.page = context.new_page()
    anna.open(link)
    anna.press("Fortsæt, hvor du slap")
    assert anna.page.input_value("textarea") == WORDS
    anna.open(f"{link}#gennemsyn")
    anna.page.locator("button[value=send]:visible").first.click()
    assert anna.heading == "Tak for dit svar"
    wait_until(anna.page, "Object.keys(localStorage).length === 0")

    anna.open(link)
    assert anna.heading == "Du har svaret. Tak!"
    assert WORDS not in anna.page.content()
