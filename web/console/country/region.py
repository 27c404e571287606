"""Putting a cluster's region right: orders name it, and what was named wrong stands on every map."""

import datetime as dt

from fastapi import Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from domain.authority import Right
from domain.denmark import regions_on
from domain.meeting import danish
from domain.model import ClusterId
from storage import audit
from storage.audit import Deed, Origin, Subject
from storage.clusters import NoSuchCluster, SameNameThere, move_to_region
from web.console.country.filters import COUNTRY
from web.console.country.page import country_answer, country_for
from web.console.principal import Principal, SignedInStaff
from web.console.router import ConsoleRouter, SentForm
from web.forms.reader import FormReader
from web.origin import PageOrigin
from web.services import CurrentServices, Services

NO_CLUSTER = "Vælg en klynge."
NO_REGION = "Vælg en region, der findes i dag."
SAME_NAME = "Der er allerede en klynge med det navn i den region. Så er det måske den samme klynge, bestilt to gange."

router = ConsoleRouter()


@router.action("/landet/region", needs=Right.OPERATE)
async def set_region(me: SignedInStaff, form: SentForm, origin: PageOrigin, services: CurrentServices) -> Response:
    """Put a cluster into the region that it lies in."""
    reader = FormReader(form)
    given = {name: reader.given(name) for name in ("klynge", "region")}
    now = await services.clock.now()
    problems: dict[str, str] = {}
    if given["region"] not in {region.id for region in regions_on(danish(now).date())}:
        problems["region"] = NO_REGION
    elif problem := await run_in_threadpool(_move, services, me, given["klynge"], given["region"], origin, now):
        problems["klynge"] = problem
    if problems:
        shown = await country_for({}, services)
        return country_answer(shown, me, 422, given=given, problems=problems)
    return RedirectResponse(f"{COUNTRY}?gjort=rettet", status_code=303)


def _move(services: Services, me: Principal, cluster: str, region: str, origin: Origin, now: dt.datetime) -> str:
    """What is wrong with it; empty where it is done."""
    try:
        with services.database.write() as connection:
            if move_to_region(connection, ClusterId(cluster), region):
                subject = Subject(about=cluster, facts={"region": region})
                audit.note(connection, me.by, Deed.REGION_SET, origin, now, subject)
    except NoSuchCluster:
        return NO_CLUSTER
    except SameNameThere:
        return SAME_NAME
    return ""
