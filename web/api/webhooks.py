"""What subscribers are sent, in the API's description: one webhook for each event, with the data that it has."""

from collections.abc import Callable
from inspect import cleandoc
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Header
from pydantic import create_model

from domain.events import Happened
from domain.webhook_event import WebhookEvent
from storage.upcasters import EVENT_CLASSES

TAG = {
    "name": "Webhooks",
    "description": "What is sent to those who subscribe to the log: signed by the Standard Webhooks specification, at "
    "least once, each order's events in order. Added with `klyngeflow webhooks add`; see docs/webhooks.md.",
}
ANSWERS: dict[int | str, dict[str, Any]] = {
    "2XX": {"description": "Taken."},
    410: {"description": "No more, please: the subscription is stopped at once."},
    "default": {"description": "Not taken, as is no answer within 15 seconds: tried again for three days."},
}

Id = Annotated[str, Header(alias="webhook-id", description="The event's id: the same however often it is sent.")]
Timestamp = Annotated[int, Header(alias="webhook-timestamp", description="When it was sent, in Unix seconds.")]
Signature = Annotated[
    str,
    Header(
        alias="webhook-signature",
        description="`v1,` and the base64 of the HMAC-SHA256 over `id.timestamp.body`; several, with a space between, "
        "while a secret is changed.",
    ),
]


def describe_webhooks(app: FastAPI) -> None:
    """Add them to the app's OpenAPI, and nothing to what it answers."""
    for name, class_ in EVENT_CLASSES.items():
        app.webhooks.add_api_route(
            name,
            _received(name, class_),
            methods=["POST"],
            tags=[str(TAG["name"])],
            summary=name,
            description=cleandoc(class_.__doc__ or "") or None,
            response_description="Taken.",
            operation_id=f"webhook_{name}",
            status_code=204,
            responses=ANSWERS,
        )


def _received(name: str, class_: type[Happened]) -> Callable[..., None]:
    kind: Any = Literal[name]
    body = create_model(f"{class_.__name__}Webhook", __base__=WebhookEvent, type=(kind, ...), data=(class_, ...))

    def received(event: Any, _id: Id, _timestamp: Timestamp, _signature: Signature) -> None:  # noqa: ANN401, ARG001
        raise AssertionError  # the subscriber's, not ours

    received.__annotations__["event"] = body
    return received
