"""`klyngeflow demo`: fourteen months from the order to the comparison, and the source documents' own figures."""

import datetime as dt
import os
import re
import signal
import subprocess
import time
import zipfile
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from docx import Document
from pptx import Presentation
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from demo.mailbox import mails_in
from reporting.papers.catalogue import PAPERS
from storage.keys import Keys
from tests.cli.command_line import CommandLine
from tests.demo.demo_run import DemoRun, arguments_for, leave_an_earlier_demo, surroundings
from worker.codec import data_converter
from workflows.order import OrderWorkflow

pytestmark = pytest.mark.temporal

BASELINE, FOLLOW_UP = "Resultater – oplæg Søndersø.pptx", "Opfølgning – oplæg Søndersø.pptx"
DOCUMENTS = ("Resultater Søndersø.docx", "Opfølgning Søndersø.docx")
A_MONTH = dt.timedelta(days=30.4)
PATIENCE = 60.0


def test_the_demo_ends_well_and_says_that_every_figure_came_out(the_demo: DemoRun) -> None:
    ran = the_demo.ran
    assert (ran.code, ran.err) == (0, "")
    assert [ran.out.count(mark) for mark in "✓✗"] == [8, 0]
    assert re.search(r"^1[2345](,\d)? måneder fra bestilling til afslutning", ran.out, re.MULTILINE)


def test_the_timeline_is_of_about_fourteen_months_and_accounts_for_every_mail(the_demo: DemoRun) -> None:
    lines = the_demo.json("timeline.json")
    at = [dt.datetime.fromisoformat(line["at"]) for line in lines]
    assert at == sorted(at)
    assert 12.5 * A_MONTH < at[-1] - at[0] < 15 * A_MONTH, "it depends on the holidays it meets"
    assert (lines[0]["code"], lines[-1]["code"]) == ("order_placed", "order_completed")
    shown = " ".join(the_demo.ran.out.split())
    assert [line["what"] for line in lines if not line["what"] or line["what"] not in shown] == [], (
        "broken in the table?"
    )
    told = Counter(mail for line in lines for mail in line.get("mails", []))
    assert told == Counter(file.name for file in (the_demo.out / "mails").glob("*.eml"))
    assert set(told.values()) == {1}
    occasions = [mail.occasion for mail in mails_in(the_demo.out / "mails", "invitation")]
    assert len(occasions) == 2 * 42


def test_nothing_but_the_demos_own_is_left_in_its_folder(the_demo: DemoRun) -> None:
    results = {"timeline.json", "results-baseline.json", "results.json"}
    assert {path.name for path in the_demo.out.iterdir()} == {
        BASELINE,
        FOLLOW_UP,
        *DOCUMENTS,
        *results,
        "mails",
        "histories",
        "papirer",
    }
    assert {path.name for path in (the_demo.out / "histories").iterdir()} == {"order.1.json", "order.2.json"}
    for document in DOCUMENTS:
        with zipfile.ZipFile(the_demo.out / document) as file:
            assert file.testzip() is None
            assert "Søndersø" in file.read("word/document.xml").decode()


def test_the_meetings_papers_lie_beside_the_decks_with_the_list_of_who_came(the_demo: DemoRun) -> None:
    papers = {path.name: Document(str(path)) for path in (the_demo.out / "papirer").iterdir()}
    assert set(papers) == {f"{kind.title} Søndersø.docx" for kind in PAPERS}
    guide = " ".join(paragraph.text for paragraph in papers["Drejebog Søndersø.docx"].paragraphs)
    assert "Klyngens trivsel er i gennemsnit 58 point" in guide


def charts_of(deck: Path) -> dict[str, dict[str, list[float]]]:
    """By a chart's name the values of its series; of dots, where on the scale they lie."""
    found: dict[str, dict[str, list[float]]] = {}
    for slide in Presentation(str(deck)).slides:
        for shape in slide.shapes:
            if shape.has_chart:
                found[shape.name] = {series.name: _values(series) for series in shape.chart.plots[0].series}
    return found


def _values(series: Any) -> list[float]:
    dots = series._element.xpath(".//c:xVal//c:v")
    return [float(dot.text) for dot in dots] if dots else list(series.values)


def test_the_first_decks_own_charts_have_the_documents_figures(the_demo: DemoRun) -> None:
    charts = charts_of(the_demo.out / BASELINE)
    scores = charts["WHO-5: alle scorer"]["Svar"]
    assert (len(scores), sum(scores) / len(scores)) == (38, 58)
    assert charts["WHO-5: klyngen og andre"]["WHO-5, gennemsnit"][0] == 58


def test_the_second_decks_own_charts_have_the_documents_figures(the_demo: DemoRun) -> None:
    charts = charts_of(the_demo.out / FOLLOW_UP)
    assert charts["Svar på spørgeskemaet"] == {"Medlemmer": [34, 8]}
    scores = charts["WHO-5: alle scorer"]["Svar"]
    assert (len(scores), round(sum(scores) / len(scores))) == (34, 63)
    assert (sum(score < 50 for score in scores), sum(score < 35 for score in scores)) == (8, 3)
    before, now = charts["WHO-5 før og nu"]["WHO-5, gennemsnit"]
    assert (before, round(now)) == (58, 63)
    joy = charts["Arbejdsglæde før og nu"]
    assert [round(100 * now) for _before, now in joy.values()] == [15, 38, 35, 12, 0]


def test_the_results_have_the_documents_figures(the_demo: DemoRun) -> None:
    first, second = the_demo.json("results-baseline.json"), the_demo.json("results.json")
    assert (first["n"], first["who5"]["mean"]) == (38, 58)
    assert (second["n"], second["members"], round(second["who5"]["mean"])) == (34, 42, 63)
    bands = second["who5"]["bands"]
    assert (bands["low"] + bands["very_low"], bands["very_low"]) == (8, 3)
    assert list(second["items"]["arbejdsglaede"]["counts"].values()) == [5, 13, 12, 4, 0]
    assert second["change"]["who5"]["verdict"] == "uncertain"


async def test_the_histories_left_are_the_orders_whole_life_on_temporal(the_demo: DemoRun) -> None:
    key = Keys((the_demo.kept / "master.key").read_bytes()).codec_key
    replayer = Replayer(workflows=[OrderWorkflow], data_converter=data_converter(key))
    for file in sorted((the_demo.out / "histories").iterdir()):
        await replayer.replay_workflow(WorkflowHistory.from_json("order-of-the-demo", file.read_text()))


def test_what_the_demo_worked_with_is_kept_where_asked_and_nowhere_else(
    the_demo: DemoRun, klyngeflow: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(the_demo.folder)
    (order,) = klyngeflow("orders", "list", "--all", "--json", "--data", the_demo.kept).json
    assert order["stage"] == "completed"
    assert klyngeflow("events", "verify", "--data", the_demo.kept).code == 0
    assert list((the_demo.folder / "tmp").iterdir()) == []


# --- broken off -----------------------------------------------------------------------------------------------------


def everything_in(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def started(folder: Path) -> tuple[subprocess.Popen[str], list[psutil.Process]]:
    """A demo over an earlier one, in a group of its own as a terminal's is, once it has sent its first mail."""
    demo = subprocess.Popen(
        arguments_for(folder),
        cwd=folder,
        env=surroundings(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + PATIENCE
    while not list((folder / "kept" / "mails").glob("*.eml")):
        assert demo.poll() is None, demo.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return demo, psutil.Process(demo.pid).children(recursive=True)


@pytest.mark.parametrize(
    ("broken_off_by", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGKILL, -signal.SIGKILL)],
    ids=["Ctrl-C", "timeout", "kill -9"],
)
def test_a_demo_broken_off_leaves_no_process_and_the_earlier_demo_as_it_was(
    tmp_path: Path, broken_off_by: signal.Signals, code: int
) -> None:
    leave_an_earlier_demo(tmp_path / "out")
    before = everything_in(tmp_path / "out")
    demo, children = started(tmp_path)
    try:
        assert len(children) == 1, "Temporal's server"
        if broken_off_by is signal.SIGINT:
            os.killpg(demo.pid, broken_off_by)  # a terminal tells all of them
        else:
            demo.send_signal(broken_off_by)
        assert demo.wait(PATIENCE) == code
        _gone, left = psutil.wait_procs(children, timeout=PATIENCE)
        assert left == []
    finally:
        demo.kill()
        for child in children:
            with suppress(psutil.NoSuchProcess):
                child.kill()
    assert everything_in(tmp_path / "out") == before
    if broken_off_by is not signal.SIGKILL:
        assert list((tmp_path / "tmp").iterdir()) == []


def test_the_demo_takes_no_folder_that_holds_something_else(klyngeflow: CommandLine, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "tale.docx").write_text("Min tale")
    new = tmp_path / "new"
    assert "is not an earlier demo" in klyngeflow.refuses("demo", "--out", mine)
    assert "is not empty" in klyngeflow.refuses("demo", "--out", new, "--keep", mine)
    assert "is a file" in klyngeflow.refuses("demo", "--out", mine / "tale.docx")
    assert everything_in(tmp_path) == {mine / "tale.docx": b"Min tale"}
    assert not new.exists()
