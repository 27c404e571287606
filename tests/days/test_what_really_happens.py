"""What happens besides the usual life: a meeting moves, somebody leaves, too few answer, an order is cancelled."""

import datetime as dt

import pytest

from domain import commands as do
from domain.stages import Stage
from storage.staff import StaffRole
from tests.days.conftest import DESK, MOUSE, PHONE, Somebody
from tests.days.portal import Portal
from tests.workflows.mailbox import Mail
from tests.workflows.time_skipping import the_meeting

pytestmark = [pytest.mark.browser, pytest.mark.temporal]


def said(mail: Mail) -> str:
    return " ".join(mail.text.split())


def test_moved_changed_extended_gone_on_without_results_and_cancelled_through_pages(
    portal: Portal, somebody: Somebody
) -> None:
    system = portal.system
    consultant = portal.colleague(StaffRole.CONSULTANT, "Karen Lund", "karen@kiap.example")
    portal.order()
    portal.run(system.do(do.AssignConsultant(consultant=consultant), system.operations))
    portal.run(system.do(do.AgreePlan(meeting=the_meeting())))
    portal.run(system.until(Stage.SURVEY_OPEN))
    assert len(system.mails("invitation")) == 12

    mette = somebody(PHONE, MOUSE)
    mette.open(portal.link(portal.mail("plan_agreed"), "/bestilling/"))
    mette.press("Flyt mødet")
    mette.write("Dato", "2031-05-28")
    mette.press("Flyt mødet")
    assert "Mødet er flyttet" in mette.words
    assert "Onsdag den 28. maj" in mette.words
    portal.run(system.quiet())
    assert "Det skulle have været onsdag den 14. maj" in said(portal.mail("meeting_moved", "laege3@example.dk"))
    assert len(system.mails("meeting_moved")) == 12
    assert "onsdag den 28. maj" in portal.mail("plan_agreed").message["Subject"]

    mette.press("Se og ret listen med 12 medlemmer")
    mette.press("Fjern", within=mette.page.locator("li").filter(has_text="Lars Kvist"))
    mette.choose("Ja, medlemmet skal af listen")
    mette.press("Fjern et medlem")
    assert "Lars Kvist" not in mette.page.locator(".people").inner_text()
    mette.press("Tilføj et medlem")
    mette.write("Navn", "Nora Ny")
    mette.write("Mailadresse", "nora@example.dk")
    mette.write("Ydernummer eller praksis", "Praksis 5")
    mette.choose("Ejerlæge")
    mette.press("Tilføj et medlem")
    assert "Nora Ny" in mette.words
    portal.run(system.quiet())
    nora = somebody(PHONE, MOUSE)
    nora.open(portal.link(portal.mail("invitation", "nora@example.dk"), "/svar/"))
    nora.press("Begynd")
    lars = somebody(PHONE, MOUSE)
    lars.open(portal.link(portal.mail("invitation", "laege11@example.dk"), "/svar/"))
    assert lars.heading == "Du er ikke længere på listen"

    system.answer(3)
    portal.run(system.until(Stage.TOO_FEW_ANSWERS))
    assert "lukket med 3 svar af 12" in said(portal.mail("too_few_answers"))
    karen = somebody(DESK, MOUSE)
    karen.sign_in("karen@kiap.example")
    karen.press("Giv mere tid", within=karen.row("Aalborg Øst"))
    karen.write("Sidste dag, man kan svare", "2031-05-13")
    karen.press("Giv mere tid til at svare")
    assert "Svarfristen er rykket" in karen.words
    portal.run(system.quiet())
    asked_again = system.mails("survey_extended")
    assert len(asked_again) == 9, "twelve members, and three have answered"
    assert "til og med tirsdag den 13. maj" in said(asked_again[0])
    portal.run(system.until(Stage.TOO_FEW_ANSWERS))
    karen.open("/drift")
    karen.press("Aalborg Øst", within=karen.row("Aalborg Øst"))
    karen.press("Gå videre uden resultater")
    karen.press("Gå videre uden resultater")
    assert "I går videre uden resultater." in karen.words
    portal.run(system.until(Stage.READY))
    portal.run(system.until_day(dt.date(2031, 5, 21)))
    programme = portal.mail("programme", "nora@example.dk")
    assert "resultater" not in said(programme)
    mette.open(portal.link(portal.mail("deck_delivered"), "/bestilling/"))
    assert mette.download("PowerPoint til mødet").endswith(".pptx")

    mette.press("Aflys bestillingen")
    mette.choose("Klyngen har ombestemt sig")
    mette.press("Aflys bestillingen")
    assert "Bestillingen er aflyst. De, der har hørt fra os, får besked." in mette.words
    portal.run(system.quiet())
    told = [mail.to for mail in system.mails("meeting_cancelled")]
    assert sorted(told) == sorted([*(f"laege{at}@example.dk" for at in range(11)), "nora@example.dk"])
    (cancelled,) = system.mails("order_cancelled")
    assert cancelled.to == "mette.holm@example.dk"
    assert "onsdag den 28. maj" in said(cancelled)
    notice = portal.mail("meeting_cancelled", "nora@example.dk")
    assert "onsdag den 28. maj" in said(notice)
    assert "METHOD:CANCEL" in notice.attached("klyngemoede.ics")
    mails = len(system.mails())
    portal.run(system.until_day(dt.date(2031, 8, 1)))
    assert len(system.mails()) == mails
    karen.open("/drift?hvis=alle")
    assert "Intet kræver handling lige nu." in karen.words
