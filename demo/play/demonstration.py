"""The demonstration put onto a web: its pages, a banner on every page, a door without a lock. Never in production."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, cast

from fastapi import Depends, FastAPI, Request, Response

from demo.country.opening import refuse_in_production
from demo.country.seeding import Office
from demo.play.banner import Banner
from demo.play.door import Door
from demo.play.journey import Journey
from demo.play.place import START, TEMPLATES
from web.clock import Clock
from web.console.frame import REFERRER
from web.templating import page_beside
from worker.settings import Settings


@dataclass(frozen=True)
class Demonstration:
    """What its pages stand on."""

    office: Office
    journey: Journey
    mails: Path
    clock: Clock


def demonstration_of(request: Request) -> Demonstration:
    """The one that the running application was given."""
    return cast("Demonstration", request.app.state.demonstration)


TheDemonstration = Annotated[Demonstration, Depends(demonstration_of)]
"""An endpoint's parameter that is the demonstration."""


def add_demonstration(app: FastAPI, demonstration: Demonstration, settings: Settings) -> None:
    """Serve it. Raises NotReady in production: there anybody could sign in as anybody by these pages."""
    from demo.play import mail_pages, start_page  # they show what stands above

    refuse_in_production(settings)
    app.state.demonstration = demonstration
    app.include_router(start_page.router)
    app.include_router(mail_pages.router)
    app.add_middleware(Door)
    app.add_middleware(Banner, time=demonstration.clock)


def own_page(template: str, status: int = 200, **facts: Any) -> Response:  # noqa: ANN401
    """One of the demonstration's own pages, in the frame that doctors see."""
    return page_beside(TEMPLATES, f"demonstration/{template}", status, headers=REFERRER, start=START, **facts)
