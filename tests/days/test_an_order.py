"""One order from kiap.dk's click to the comparison: all that people do, done through pages, in three ways."""

import datetime as dt

import pytest

from domain.model import Round
from domain.stages import Stage
from storage.staff import StaffRole
from tests.days.conftest import DESK, KEYBOARD, MOUSE, PHONE, WITHOUT_SCRIPTS, Somebody
from tests.days.portal import Portal
from tests.workflows.time_skipping import MEETING

pytestmark = [pytest.mark.browser, pytest.mark.temporal]


@pytest.mark.parametrize("how", [MOUSE, KEYBOARD, WITHOUT_SCRIPTS])
def test_everybody_does_their_part_through_pages(portal: Portal, somebody: Somebody, how: str) -> None:
    system = portal.system
    portal.colleague(StaffRole.OPERATIONS, "Ole Bach", "ole@kiap.example")
    portal.colleague(StaffRole.CONSULTANT, "Karen Lund", "karen@kiap.example")
    portal.order()

    ole = somebody(DESK, how)
    ole.sign_in("ole@kiap.example")
    ole.press("Vælg konsulent", within=ole.row("Aalborg Øst"))
    ole.pick("Konsulent", "Karen Lund")
    ole.press("Giv bestillingen en konsulent")
    assert "Karen Lund" in ole.words

    karen = somebody(DESK, how)
    karen.sign_in("karen@kiap.example")
    karen.press("Intet svar", within=karen.row("Aalborg Øst"))
    assert "Opkaldet er noteret." in karen.words
    assert "Prøvet 1 gang" in karen.words
    karen.press("Aftal mødet", within=karen.row("Aalborg Øst"))
    karen.write("Dato", "2031-05-14")
    karen.write("Klokkeslæt", "17:00")
    karen.press("Gem aftalen")
    assert "onsdag den 14. maj" in karen.words
    portal.run(system.until(Stage.SURVEY_OPEN))

    invitation = portal.mail("invitation")
    anna = somebody(PHONE, how)
    anna.open(portal.link(invitation, "/svar/"))
    anna.press("Begynd")
    anna.page.check("#who5_1-1")  # answering by keyboard alone: tests/web/test_questionnaire_in_a_browser.py
    anna.open(anna.page.url.partition("#")[0] + "#gennemsyn")
    anna.press("Send")
    assert anna.heading == "Tak for dit svar"
    system.answer(10)
    portal.run(system.until(Stage.IN_REVIEW))

    karen.open("/drift")
    karen.press("Læs egne ord", within=karen.row("Aalborg Øst"))
    karen.press("Jeg har læst det hele")
    portal.run(system.quiet())
    karen.open("/drift")
    karen.press("Se præsentationen", within=karen.row("Aalborg Øst"))
    karen.choose("Frigiv materialet til koordinatoren nu")
    karen.press("Gem")
    assert "Materialet er på vej til koordinatoren." in karen.words
    portal.run(system.quiet())

    mette = somebody(PHONE, how)
    mette.open(portal.link(portal.mail("deck_delivered"), "/bestilling/"))
    assert mette.download("PowerPoint til mødet").endswith(".pptx")
    portal.run(system.until(Stage.AWAITING_RECORD))

    portal.run(system.until_day(MEETING + dt.timedelta(days=1)))
    mette.open(portal.link(portal.mail("record_request"), "/bestilling/"))
    mette.press("Skriv, hvordan mødet gik")
    mette.choose("Anna Kvist")
    mette.choose("Bent Kvist")
    mette.write("Gruppernes idéer", "Vi går en tur efter frokost.")
    mette.choose("Ja, vi har aftalt en dato")
    mette.write("Hvornår skal opfølgningen begynde?", "2032-03-01")
    mette.press("Se det igennem")
    assert "2 medlemmer var med, 10 var ikke." in mette.words
    mette.press("Gem og send til medlemmerne")
    assert "Tak. Mødet er noteret" in mette.words
    assert system.order.record is not None
    assert (system.order.record.attended, system.order.record.absent) == (2, 10)
    portal.run(system.quiet())

    portal.run(system.until_day(dt.date(2032, 1, 20)))
    mette.open(portal.link(portal.mail("record_request"), "/bestilling/"))
    mette.press("Tag stilling til opfølgning")
    mette.choose("Sæt opfølgningen i gang nu")
    mette.press("Gem")
    assert "Opfølgningen er sat i gang." in mette.words
    portal.run(system.until(Stage.FOLLOW_UP_OPEN))
    system.answer(11, Round.FOLLOW_UP)
    portal.run(system.until(Stage.FOLLOW_UP_DELIVERED))
    portal.run(system.quiet())

    mette.open(portal.link(portal.mail("comparison_delivered"), "/bestilling/"))
    assert mette.download("PowerPoint med før og efter").endswith(".pptx")
    assert mette.words.count("11 af 12 har svaret") >= 2
    mette.press("Send resultatet til medlemmerne")
    assert "Mailen går til klyngens 12 medlemmer." in mette.words
    mette.choose("Ja, medlemmerne skal have resultatet")
    mette.press("Send resultatet")
    assert "Resultatet er på vej til medlemmerne." in mette.words
    portal.run(system.until(Stage.COMPLETED))
    assert len(system.mails("comparison")) == 12
    karen.open("/drift?hvis=alle")
    assert "Intet kræver handling lige nu." in karen.words
