"""Saving a search under a name, and doing away with one."""

from fastapi import Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from domain.authority import Right
from domain.text import one_line
from domain.unfit import Unfit
from storage import retention, saved_views
from storage.forgetting import forget_soon
from storage.saved_views import MOST, TooManyViews, view_table
from web.console.orders.filters import ORDERS, filters_of
from web.console.orders.listing import Said, listing_page
from web.console.principal import SignedInStaff
from web.console.router import ConsoleRouter, SentForm
from web.forms.reader import FormReader
from web.services import CurrentServices

LONGEST_NAME = 60

router = ConsoleRouter()


@router.action("/visninger", needs=Right.READ)
async def save(me: SignedInStaff, form: SentForm, services: CurrentServices) -> Response:
    """Keep the filters under a name; the same name again replaces what it stood for."""
    reader = FormReader(form)
    now = await services.clock.now()
    filters = filters_of(reader.given("filtre"), now)

    def keep(name: str) -> None:
        with services.database.write() as connection:
            saved_views.save_view(connection, me.id, name, filters.query, now)

    try:
        await run_in_threadpool(keep, one_line(reader.given("navn"), LONGEST_NAME))
    except Unfit as unfit:
        problem = str(unfit)
    except TooManyViews:
        problem = f"Du har {MOST} visninger. Slet en, før du gemmer en ny."
    else:
        return RedirectResponse(filters.address(), status_code=303)
    return await listing_page(services, me, filters, now, status=422, said=Said(reader.given("navn"), problem))


@router.action("/visninger/{view}/slet", needs=Right.READ)
async def remove(view: str, me: SignedInStaff, services: CurrentServices) -> Response:
    """Away with one of one's own."""
    now = await services.clock.now()

    def away() -> None:
        with services.database.write() as connection:
            saved_views.remove_view(connection, me.id, view)
            retention.schedule_forgetting(connection, now)
        forget_soon(services.database, view_table)

    await run_in_threadpool(away)
    return RedirectResponse(ORDERS, status_code=303)
