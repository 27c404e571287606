"""The record of the meeting before it goes to everybody: what would be noted, and the mail that members would get."""

from dataclasses import dataclass
from functools import reduce

from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from domain.coming import ComingLine, next_to_members
from domain.decisions import decide_for
from domain.evolution import evolve
from domain.model import Rejected
from domain.order import Order, Record
from web.forms.reader import FormReader
from web.letters_port import LetterShown
from web.order_page.giving import Filled, again, asked_in, refused
from web.order_page.pages import FormPage
from web.order_page.view import OrderPageView, member_names
from web.requests.base import CommandRequest, Context
from web.requests.catalogue import submission
from web.requests.meeting import RecordMeeting
from web.services import Services
from web.submitting import fingerprint_of

RECORD = "referat"
"""The form whose words go to all members."""
SEEN = "set"
"""The field that says which record was looked at: another one is shown anew."""
CORRECT = "ret"
"""The button that leads back to the form."""


@dataclass(frozen=True)
class Preview:
    """What a record would lead to. `sent` are the form's fields, to be sent again; `seen` is the mark of all of it.

    `leaves` is when the mail goes; None with `mail` where members get none.
    """

    sent: tuple[tuple[str, str], ...]
    seen: str
    record: Record
    came: tuple[str, ...]
    stayed_away: tuple[str, ...]
    mail: LetterShown | None
    leaves: ComingLine | None
    readers: int


async def preview(services: Services, here: OrderPageView, shown: FormPage, form: FormData) -> Preview | Filled | None:
    """What the form would lead to, or the form again; None where it has been seen as it is, or nobody gets anything."""
    if shown.slug != RECORD:
        return None
    reader = FormReader(form)
    command, request = asked_in(reader, shown, here)
    if command is None or request is None:
        return again(reader, 422)
    if reader.given(CORRECT):
        return again(reader, 200)
    if not isinstance(request, RecordMeeting) or reader.given(SEEN) == fingerprint_of(request):
        return None
    return await run_in_threadpool(_looked_through, services, here, request, reader)


def _looked_through(
    services: Services, here: OrderPageView, request: RecordMeeting, reader: FormReader
) -> Preview | Filled | None:
    try:
        after = _would_be(services, here, request)
    except Rejected as rejected:
        return refused(reader, request.type, rejected)
    if after.record is None or after is here.order:
        return None
    names = member_names(services, here.order) if request.attendance else []
    came = {line.member for line in request.attendance if line.attended}
    letters = services.letters
    mail = letters.after_meeting(after, request.ideas_text, request.agreed_text, here.now) if letters else None
    return Preview(
        sent=tuple(reader.pairs(but=(SEEN, CORRECT))),
        seen=fingerprint_of(request),
        record=after.record,
        came=tuple(name for person, name in names if person in came),
        stayed_away=tuple(name for person, name in names if person not in came),
        mail=mail,
        leaves=next_to_members(after, here.now),
        readers=len(after.active_members),
    )


def _would_be(services: Services, here: OrderPageView, request: CommandRequest) -> Order:
    """The order as it would be with this. Raises Rejected."""
    with services.database.read() as connection:
        context = Context(connection, here.order, here.package, services.keys, here.now)
        command = submission(request, context).command
    return reduce(evolve, decide_for(here.order, command, here.by, here.now), here.order)
