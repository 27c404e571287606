"""Making the country: KiAP's own, then its clusters in as many processes as there are processors."""

import asyncio
import datetime as dt
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable

from demo.country.seeding import Office, hire
from demo.country.share import Share
from worker.servers import die_with_parent
from worker.stack import Stack

MOST_AT_ONCE = 4
"""Processes: they take turns at one file, so more only wait."""


class CountryNotMade(Exception):  # noqa: N818 - a finding, named as one
    """A part of the country could not be lived; the message is the last line of why."""


async def make_country(stack: Stack, now: dt.datetime, many: int, tell: Callable[[int], None]) -> Office:
    """So many clusters as they stand now. `tell` is called with how many are there. Raises CountryNotMade."""
    office = hire(stack.dependencies)
    parts = max(1, min(MOST_AT_ONCE, os.cpu_count() or 1, many))
    done = 0

    def one_more() -> None:
        nonlocal done
        done += 1
        tell(done)

    whole = Share(
        data=stack.settings.data, port=stack.settings.port, now=now, office=office, many=many, part=0, parts=parts
    )
    try:
        async with asyncio.TaskGroup() as group:
            for part in range(parts):
                group.create_task(_lived(whole.model_copy(update={"part": part}), one_more))
    except ExceptionGroup as failures:
        raise CountryNotMade(str(failures.exceptions[0])) from failures
    return office


async def _lived(share: Share, one_more: Callable[[], None]) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "demo.country.share",
        share.model_dump_json(),
        stdout=PIPE,
        stderr=PIPE,
        start_new_session=True,  # a terminal's Ctrl-C is ours to handle
        preexec_fn=die_with_parent,
    )
    try:
        why = await _followed(process, one_more)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise CountryNotMade(why or "a part of the country was not made")


async def _followed(process: Process, one_more: Callable[[], None]) -> str:
    """Count its clusters until it ends; gives the last line of what it complained of."""
    if process.stdout is None or process.stderr is None:
        raise CountryNotMade("a part of the country says nothing")
    complaints = asyncio.create_task(process.stderr.read())
    async for _ in process.stdout:
        one_more()
    await process.wait()
    lines = (await complaints).decode(errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else ""
