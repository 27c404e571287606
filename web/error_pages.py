"""Answers for wrong addresses and broken code: Danish pages for people, problem+json under `/api`."""

from fastapi import Request, Response
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from web.console.frame import message_page
from web.console.refusals import say_so
from web.console.router import is_console
from web.messages import message
from web.problems import Problem, problem_response

NOT_FOUND = "Måske er linket brækket over i mailen: kopiér det hele, og prøv igen."
WORDS = {
    404: ("Siden findes ikke", NOT_FOUND),
    405: ("Det kan man ikke her", "Gå tilbage til linket i din mail, og prøv igen."),
    422: (
        "Vi kunne ikke læse det, du sendte",
        "Bogstaverne kom ikke frem som UTF-8. Gå tilbage, og prøv igen – gerne i en anden browser.",
    ),
    408: (
        "Det tog for lang tid",
        "Det, du sendte, nåede ikke frem i tide. Gå tilbage, og prøv igen – gerne et sted med bedre forbindelse.",
    ),
    413: ("Det fylder for meget", "Det, du sendte, er for stort til, at vi kan tage imod det."),
    500: ("Noget gik galt hos os", "Det er vores fejl, ikke din. Prøv igen om lidt."),
}
CONSOLE_WORDS = {
    404: ("Siden findes ikke", "Måske er adressen skrevet forkert, eller også er siden flyttet. Brug menuen."),
    405: ("Det kan man ikke her", "Gå tilbage, og prøv igen."),
    500: ("Noget gik galt", "Det er vores fejl, ikke din. Prøv igen om lidt."),
}
"""What KiAP's own read instead: they came by no link."""
API = "/api/"
API_WORDS = {404: "Adressen findes ikke."}
"""What a program's author reads instead, who has no mail to go back to."""


def error_answer(scope: Scope, status: int) -> Response:
    """The answer to a request for a status, in the form the address's visitors read."""
    path = scope["path"]
    title, text = WORDS.get(status, ("Det gik ikke", "Prøv igen om lidt, eller ring til KiAP."))
    if path.startswith(API):
        return problem_response(Problem(status, f"http_{status}", API_WORDS.get(status, f"{title}. {text}")))
    if is_console(path):
        title, text = CONSOLE_WORDS.get(status, (title, text))
        return message_page(None, status, title, text)
    return message(scope["app"].state.services, status, title, (text,))


async def answer_http_error(request: Request, error: Exception) -> Response:
    """The handler for Starlette's own errors: no such route, wrong method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if is_console(request.url.path):
        return await console_error(request, status)
    answer = error_answer(request.scope, status)
    allowed = (error.headers or {}).get("Allow") if isinstance(error, HTTPException) else None
    if allowed and request.url.path.startswith(API):
        detail = f"Adressen tager ikke imod {request.method}, kun {allowed}."
        answer = problem_response(Problem(status, f"http_{status}", detail))
    if isinstance(error, HTTPException) and error.headers:
        answer.headers.update(error.headers)
    return answer


async def console_error(request: Request, status: int) -> Response:
    """The same within the console's frame."""
    title, text = CONSOLE_WORDS.get(status) or WORDS.get(status, ("Det gik ikke", "Prøv igen om lidt."))
    return await say_so(request, status, title, text)


async def apologise(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers for code that broke."""
    await error_answer(scope, 500)(scope, receive, send)


async def refuse_the_large(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers for a body past the limit."""
    await error_answer(scope, 413)(scope, receive, send)


async def refuse_the_slow(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers for a body that does not arrive in time. Nothing more is read on the connection."""
    answer = error_answer(scope, 408)
    answer.headers["Connection"] = "close"
    await answer(scope, receive, send)
