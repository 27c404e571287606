"""The mails that left, in pages: read, looked at, and their links pressed as their readers would."""

import re

import httpx
import pytest

from demo.answers import Raw, plausible_answers
from demo.mailbox import Mail
from demo.play.doctors import is_open, token_of
from demo.play.place import START
from demo.play.steps import Leap
from storage import survey_roll
from tests.demo.play.stage import Stage
from tests.web.application import fill_in

pytestmark = pytest.mark.temporal

MANY_WEEKS = 20


def an_open_invitation(stage: Stage) -> Mail:
    """One that nobody has answered; time goes on until there is one."""
    for _ in range(MANY_WEEKS):
        for mail in reversed(stage.mails("invitation")):
            with stage.database.read() as connection:
                found = survey_roll.find(connection, token_of(mail))
            if found is not None and is_open(found):
                return mail
        stage.travel(Leap.WEEK)
    pytest.fail("no survey opened")


def some_answers(stage: Stage, invitation: Mail) -> Raw:
    with stage.database.read() as connection:
        found = survey_roll.find(connection, token_of(invitation))
    assert found is not None
    package = stage.playground.services.packages.of(stage.work.order(found.order_id))
    return plausible_answers(package, found.round, 1)[0]


def test_a_doctors_invitation_is_read_and_answered(browser_at: httpx.Client, stage: Stage) -> None:
    invitation = an_open_invitation(stage)
    assert f"{START}/mails/" in browser_at.get(START).text
    page = browser_at.get(f"{START}/mails/{invitation.file}")
    assert (page.status_code, invitation.reader in page.text) == (200, True)
    link = re.search(rf'href="{stage.address}(/svar/[^"?]+)"', page.text)
    assert link is not None
    fill_in(browser_at, link[1], **some_answers(stage, invitation))
    with stage.database.read() as connection:
        found = survey_roll.find(connection, token_of(invitation))
    assert found is not None
    assert not is_open(found)


def test_the_newest_mails_stand_first_and_one_sort_can_be_chosen(browser_at: httpx.Client, stage: Stage) -> None:
    an_open_invitation(stage)
    everything = browser_at.get(f"{START}/mails").text
    assert stage.mails()[-1].file in everything
    chosen = browser_at.get(f"{START}/mails", params={"slags": "invitation"}).text
    shown = re.findall(rf'{START}/mails/([^"/]+\.eml)', chosen)
    assert shown
    assert {name.split(".")[1] for name in shown} == {"invitation"}
    assert shown == sorted(shown, reverse=True)


@pytest.mark.parametrize("side", ["0", "-1", "x", "99999999", "²"])
def test_a_page_that_is_no_number_is_the_first_or_an_empty_one(browser_at: httpx.Client, side: str) -> None:
    assert browser_at.get(f"{START}/mails", params={"side": side, "slags": "findes ikke"}).status_code == 200


def test_a_mail_is_shown_as_mail_programs_show_it_and_runs_nothing(browser_at: httpx.Client, stage: Stage) -> None:
    invitation = an_open_invitation(stage)
    shown = browser_at.get(f"{START}/mails/{invitation.file}/udseende")
    assert shown.status_code == 200
    assert "ikke sendt til nogen" in shown.text
    policy = shown.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_what_came_along_can_be_fetched(browser_at: httpx.Client, stage: Stage) -> None:
    for _ in range(MANY_WEEKS):
        with_files = [mail for mail in stage.mails() if mail.attachments]
        if with_files:
            break
        stage.travel(Leap.WEEK)
    mail = with_files[-1]
    file = browser_at.get(f"{START}/mails/{mail.file}/bilag/1")
    assert (file.status_code, b"BEGIN:VCALENDAR" in file.content) == (200, True)
    assert file.headers["content-disposition"].startswith("attachment")
    assert browser_at.get(f"{START}/mails/{mail.file}/bilag/99").status_code == 404


@pytest.mark.parametrize("name", ["findes-ikke.eml", "..%2Fmaster.key", "*.eml"])
@pytest.mark.parametrize("beneath", ["", "/udseende", "/bilag/1"])
def test_what_is_no_mail_is_not_found_in_one_line(browser_at: httpx.Client, name: str, beneath: str) -> None:
    answer = browser_at.get(f"{START}/mails/{name}{beneath}")
    assert answer.status_code == 404
