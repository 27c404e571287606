"""What the demo leaves: documents, the meeting's papers, mails, timeline, results and Temporal's histories."""

import datetime as dt
import json
import shutil
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
from temporalio.client import Client

from demo.browser import Browser
from demo.mailbox import Mail, mails_in
from domain.meeting import danish
from domain.model import OrderId, Round
from domain.results import Results
from domain.words import past_line
from storage import documents, result_repository
from storage.timeline import timeline
from worker.histories import histories_of
from worker.stack import Stack
from workflows.messages import order_workflow_id


class Harvest:
    """Gathers everything into one folder."""

    def __init__(self, stack: Stack, order_id: OrderId, out: Path) -> None:
        self._stack = stack
        self._order = order_id
        self._out = out

    async def gather(self, client: httpx.AsyncClient, temporal: Client, papers: bytes) -> list[dict[str, Any]]:
        """Everything, `papers` out of their zip; gives the timeline."""
        shutil.copytree(self._stack.settings.mails, self._out / "mails")
        await self._documents(client)
        self._papers(papers)
        for round_ in Round:
            name = "results-baseline.json" if round_ is Round.BASELINE else "results.json"
            _write(self._out / name, self.results(round_).as_json())
        lines = self.timeline()
        _write(self._out / "timeline.json", lines)
        await self._histories(temporal)
        return lines

    async def _documents(self, client: httpx.AsyncClient) -> None:
        """Each document as its link gives it, the newest version of each."""
        with self._stack.database.read() as connection:
            kept = documents.documents(connection, self._order)
        newest = {(info.round, info.kind): info for info in sorted(kept, key=lambda info: info.version)}
        for info in newest.values():
            content = await Browser(client).download(f"/d/{info.token(self._stack.keys)}")
            (self._out / info.filename).write_bytes(content)

    def _papers(self, papers: bytes) -> None:
        """What is in the zip besides the documents, which are there already."""
        folder = self._out / "papirer"
        folder.mkdir()
        with zipfile.ZipFile(BytesIO(papers)) as archive:
            for name in archive.namelist():
                if not (self._out / name).exists():
                    (folder / name).write_bytes(archive.read(name))

    async def _histories(self, temporal: Client) -> None:
        folder = self._out / "histories"
        folder.mkdir()
        for number, history in enumerate(await histories_of(temporal, order_workflow_id(self._order)), start=1):
            (folder / f"order.{number}.json").write_text(history.to_json())

    def results(self, round_: Round) -> Results:
        with self._stack.database.read() as connection:
            stored = result_repository.stored(connection, self._order, round_)
        if stored is None:
            msg = f"no results of {round_}"
            raise LookupError(msg)
        return stored.results

    def decks(self) -> dict[Round, bytes]:
        """The newest deck of each round, out of the store."""
        found: dict[Round, bytes] = {}
        with self._stack.database.read() as connection:
            for round_ in Round:
                info = documents.latest(connection, self._order, round_, "deck")
                document = documents.document(connection, info.id) if info else None
                if document:
                    found[round_] = document.content
        return found

    def timeline(self) -> list[dict[str, Any]]:
        """What happened, in Danish, each with the mails that left with it."""
        mails = mails_in(self._stack.settings.mails)
        lines: list[dict[str, Any]] = []
        for row in timeline(self._stack.database, self._order):
            line: dict[str, Any] = {
                "at": danish(row.at).isoformat(),
                "code": row.code,
                "what": past_line(row.code, row.facts),
                "facts": dict(row.facts),
            }
            occasion = row.code.removeprefix("letter.")
            if occasion != row.code:
                of_now = [mail for mail in mails if mail.occasion == occasion and _is_near(mail, row.at)]
                line["mails"] = [mail.file for mail in of_now]
                line["subject"] = of_now[0].subject if of_now else ""
            lines.append(line)
        return lines


def _is_near(mail: Mail, at: dt.datetime) -> bool:
    return abs(at - mail.at) < dt.timedelta(minutes=5)


def _write(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
