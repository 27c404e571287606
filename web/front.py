"""The front page: what this is, for somebody who got here without a link."""

from fastapi import APIRouter, Response

from web.templating import page

router = APIRouter(include_in_schema=False)


@router.api_route("/", methods=["GET", "HEAD"])
def front() -> Response:
    return page("front.html")
