"""A cluster's own questions through form and API: asked, seen as a doctor sees them, changed, and then frozen."""

import httpx
import pytest

from domain.disclosure import disclose
from domain.model import Round
from domain.tabulation import tabulate
from storage import result_repository, texts
from tests.web.application import Web, fill_in
from tests.web.console.decks import in_review
from tests.web.console.office import signed_in
from tests.web.reading import Shown

TIME, PAUSE, TALK = "Har I tid nok til de unge?", "Holder I pause sammen?", "Hvad vil du helst tale om?"
FORM = {
    "kommando": "ask_own_questions",
    "questions-1-text": TIME,
    "questions-1-kind": "degree",
    "questions-1-scale": "grad",
    "questions-1-repeated": "ja",
    "questions-2-text": PAUSE,
    "questions-2-kind": "yes_no",
    "questions-3-text": TALK,
    "questions-3-kind": "choice",
    "questions-3-options": "Telefonen\nVagterne\n",
    "questions-4-text": "Hvad skal klyngen tage op?",
    "questions-4-kind": "text",
}


def the_form(order: str) -> str:
    return f"/drift/forloeb/{order}/egne-spoergsmaal"


def test_what_is_asked_stands_in_the_form_on_everybodys_page_and_in_the_questionnaire(
    web: Web, http: httpx.Client, planned: str
) -> None:
    with signed_in(web) as me:
        assert me.post(the_form(planned), FORM).status_code == 303
        asked = web.order(planned)
        again = Shown(me.get(the_form(planned)))
        assert me.post(the_form(planned), FORM).status_code == 303
        page = Shown(me.get(f"/drift/forloeb/{planned}")).words
    assert web.order(planned).version == asked.version, "the same again is no change"
    assert [(each.kind, each.scale, each.repeated) for each in asked.own_questions] == [
        ("degree", "grad", True), ("yes_no", "", False), ("choice", "", False), ("text", "", False),
    ]  # fmt: skip
    assert TIME in again.tree.xpath("//input/@value")
    assert "Telefonen\nVagterne" in again.tree.xpath("//textarea[@id='questions-3-options']/text()")[0]
    for shown in (page, Shown(http.get(web.page_of(planned))).words):
        assert f"{TIME} I meget høj grad / I høj grad / I nogen grad / I ringe grad / Slet ikke" in shown
        assert "stilles igen i opfølgningen" in shown
        assert f"{TALK} Telefonen / Vagterne" in shown
        assert "Klyngen stiller selv 4 spørgsmål" in shown
    link, *_ = web.open_survey(planned)
    questionnaire = Shown(http.get(link))
    assert "Dem har klyngen selv stillet. Ingen andre klynger får dem." in questionnaire.words
    assert PAUSE in questionnaire.words
    assert questionnaire.tree.xpath("//input[@name='egen_3']/@value") == ["svar_1", "svar_2"]
    assert fill_in(http, link, egen_1="hoej", egen_2="nej", egen_3="svar_2", egen_4="Vagterne").status_code == 303


def test_the_english_questionnaire_has_them_in_danish_marked_as_such(
    web: Web, http: httpx.Client, planned: str
) -> None:
    with signed_in(web) as me:
        me.post(the_form(planned), FORM)
    link, *_ = web.open_survey(planned)
    english = Shown(http.get(f"{link}?lang=en"))
    assert "Your cluster asks these itself, in Danish." in english.words
    assert english.tree.xpath("//span[@lang='da']/text()") == [
        TIME, PAUSE, TALK, "Telefonen", "Vagterne", "Hvad skal klyngen tage op?",
    ]  # fmt: skip
    assert english.tree.xpath("//fieldset[@id='egen_2']//label//span/text()") == ["Yes", "No"]


def test_looked_at_they_stand_as_a_doctor_sees_them_and_nothing_is_saved(web: Web, planned: str) -> None:
    before = web.order(planned)
    with signed_in(web) as me:
        answer = me.post(the_form(planned), {**FORM, "vis": "1", "questions-2-text": "Hvad er din alder?"})
    seen = Shown(answer)
    assert (answer.status_code, web.order(planned)) == (200, before)
    assert seen.tree.xpath("//section[@class='seen']//input[@name='egen_3']/@value") == ["svar_1", "svar_2"]
    assert "Intet er gemt, før du trykker på »Gem spørgsmålene«." in seen.words
    assert "Pas på: »alder« kan pege på en person eller en praksis." in seen.words
    assert "Hvad er din alder?" in seen.tree.xpath("//input/@value")


@pytest.mark.parametrize(
    "harmless", ["Har I navngivet jeres mål?", "Hvor ofte ringer patienter?", "Holder I pause hver dag?"]
)
def test_a_question_that_points_at_nobody_is_not_warned_of(web: Web, planned: str, harmless: str) -> None:
    with signed_in(web) as me:
        fields = {"kommando": "ask_own_questions", "questions-1-text": harmless, "questions-1-kind": "yes_no"}
        seen = Shown(me.post(the_form(planned), {**fields, "vis": "1"})).words
    assert "Pas på" not in seen


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"questions-1-text": "", "questions-3-text": ""}, "questions-3-text", "Feltet må ikke være tomt."),
        ({"questions-1-text": "x" * 141}, "questions-1-text", "Den er 1 tegn for lang."),
        ({"questions-1-kind": ""}, "questions-1-kind", "Vælg, hvordan der svares."),
        ({"questions-1-kind": "lagkage"}, "questions-1-kind", "Vælg, hvordan der svares."),
        ({"questions-1-scale": ""}, "questions-1-scale", "Vælg den skala, der svares på."),
        ({"questions-3-options": "Ja\nIkke relevant"}, "questions-3-options", "et spørgsmål kan altid springes over."),
        ({"questions-3-options": "a;b\nc"}, "questions-3-options", "Brug ikke semikolon i et svar."),
        ({"questions-3-options": "Kun ét"}, "questions", "Spørgsmål 3: Skriv 2 til 7 svar"),
        ({"questions-3-options": "Ja\nja"}, "questions", "Spørgsmål 3: To af svarene er ens."),
        ({"questions-1-scale": "nix"}, "questions", "Spørgsmål 1: Skalaen findes ikke."),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_the_rest_is_kept(
    web: Web, planned: str, changes: dict[str, str], field: str, says: str
) -> None:
    before = web.order(planned)
    with signed_in(web) as me:
        answer = me.post(the_form(planned), {**FORM, **changes})
    shown = Shown(answer)
    assert answer.status_code in (409, 422)
    assert says in shown.tree.xpath(f"string(//*[@id='fejl-{field}'])")
    assert PAUSE in shown.tree.xpath("//input/@value")
    assert web.order(planned) == before


def test_an_empty_form_asks_for_one_question(web: Web, planned: str) -> None:
    with signed_in(web) as me:
        answer = me.post(the_form(planned), {"kommando": "ask_own_questions"})
    assert "Skriv mindst ét spørgsmål." in Shown(answer).words


def test_they_are_taken_out_again_and_the_page_and_the_questionnaire_are_the_packages(
    web: Web, http: httpx.Client, planned: str
) -> None:
    with signed_in(web) as me:
        me.post(the_form(planned), FORM)
        assert me.post(the_form(planned), {"kommando": "drop_own_questions"}).status_code == 303
    assert web.order(planned).own_questions == ()
    assert TIME not in http.get(web.page_of(planned)).text
    link, *_ = web.open_survey(planned)
    assert "egen_" not in http.get(link).text


def test_once_the_questionnaire_is_out_the_form_is_gone_and_the_api_says_why(web: Web, planned: str) -> None:
    asked = [{"kind": "yes_no", "text": PAUSE}]
    assert web.command(planned, type="ask_own_questions", questions=asked).status_code == 200
    web.open_survey(planned)
    with signed_in(web) as me:
        assert me.get(the_form(planned)).status_code == 303
        assert me.post(the_form(planned), FORM).status_code == 409
    for refused in ({"type": "ask_own_questions", "questions": asked * 2}, {"type": "drop_own_questions"}):
        answer = web.command(planned, **refused)
        assert (answer.status_code, answer.json()["code"]) == (409, "own_questions_are_sent")
        assert answer.json()["detail"] == "Spørgeskemaet er sendt ud, så spørgsmålene kan ikke ændres mere."
    assert len(web.order(planned).own_questions) == 1


def test_over_the_api_a_question_has_what_the_form_would_ask(web: Web, planned: str) -> None:
    for wrong in (
        {"kind": "yes_no"},
        {"kind": "stars", "text": PAUSE},
        {"kind": "yes_no", "text": "To\nlinjer"},
        {"kind": "choice", "text": TALK, "options": ["a"] * 8},
        {"kind": "yes_no", "text": PAUSE, "extra": 1},
    ):
        assert web.command(planned, type="ask_own_questions", questions=[wrong]).status_code == 422
    assert web.command(planned, type="ask_own_questions", questions=[]).status_code == 422
    six = [{"kind": "yes_no", "text": f"{PAUSE} {number}"} for number in range(6)]
    assert web.command(planned, type="ask_own_questions", questions=six).status_code == 422
    house = {"kind": "degree", "text": TIME, "scale": "egen_hyppighed"}
    assert web.command(planned, type="ask_own_questions", questions=[house]).status_code == 200
    package = web.services.packages.of(web.order(planned))
    assert package.options_of(package.item("egen_1"))[0].label == "Altid"


def test_no_event_has_the_words_and_a_changed_question_keeps_those_that_stand(web: Web, planned: str) -> None:
    web.command(planned, type="ask_own_questions", questions=[{"kind": "yes_no", "text": PAUSE}])
    (before,) = web.order(planned).own_questions
    both = [{"kind": "text", "text": TALK}, {"kind": "agreement", "text": PAUSE}]
    web.command(planned, type="ask_own_questions", questions=both)
    first, second = web.order(planned).own_questions
    assert second.text == before.text != first.text
    events = " ".join(each.model_dump_json() for each in web.services.store.load(web.order(planned).id))
    assert PAUSE not in events
    assert TALK not in events


def test_a_program_that_reads_the_order_is_told_what_is_asked(web: Web, planned: str) -> None:
    with web.client(web.site_key) as http:
        assert http.get(f"/api/v1/orders/{planned}").json()["own_questions"] == []
        asked = [{"kind": "yes_no", "text": PAUSE, "repeated": True}, {"kind": "text", "text": TALK}]
        web.command(planned, type="ask_own_questions", questions=asked)
        told = http.get(f"/api/v1/orders/{planned}").json()["own_questions"]
    assert told == [
        {"item": "egen_1", "kind": "yes_no", "text": PAUSE, "answers": ["Ja", "Nej"], "repeated": True},
        {"item": "egen_2", "kind": "text", "text": TALK, "answers": [], "repeated": False},
    ]


def test_the_consultant_reads_each_answer_in_words_with_its_question(web: Web, planned: str) -> None:
    with signed_in(web) as me:
        me.post(the_form(planned), FORM)
        package = web.services.packages.of(web.order(planned))
        web.answered_by_all(planned)
        in_review(web, planned, free_texts=4)
        written = [(item, f"{item} {number}") for number in range(2) for item in ("egen_4", "gode_erfaringer")]
        with web.database.write() as connection:
            results = disclose(tabulate(package, Round.BASELINE, 8, [], list.reverse), package.disclosure)
            result_repository.store(connection, web.order(planned).id, results, written, web.clock.instant)
        page = Shown(me.get(f"/drift/forloeb/{planned}/egne-ord"))
    spoken = page.tree.xpath("//h3/text() | //span[@class='written']/text()")
    assert [spoken[0], spoken[3]] == [package.item("gode_erfaringer").text, package.item("egen_4").text]
    assert {*spoken[1:3]} == {"gode_erfaringer 0", "gode_erfaringer 1"}
    assert {*spoken[4:]} == {"egen_4 0", "egen_4 1"}


def test_once_the_words_are_erased_they_are_nowhere(web: Web, http: httpx.Client, planned: str) -> None:
    with signed_in(web) as me:
        me.post(the_form(planned), FORM)
    with web.database.write() as connection:
        texts.erase_texts(connection, web.order(planned).id, web.clock.instant)
    page = Shown(http.get(web.page_of(planned)))
    assert TIME not in page.words
    assert "Klyngens eget spørgsmål 1 (slettet)" in page.words
    package = web.services.packages.of(web.order(planned))
    assert [item.id for item in package.asked_in(Round.FOLLOW_UP)][-1] == "egen_1"
