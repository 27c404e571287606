"""Subscriptions and deliveries in Danish."""

from storage.deliveries import DeliveryState
from storage.subscriptions import State

STATES: dict[State, str] = {
    State.ACTIVE: "i gang",
    State.PAUSED: "på pause",
    State.STOPPED: "standset",
}
DELIVERIES: dict[DeliveryState, str] = {
    DeliveryState.WAITING: "venter",
    DeliveryState.DELIVERED: "modtaget",
    DeliveryState.GIVEN_UP: "opgivet",
}
_CODES = {
    "": "",
    "timeout": "svarede ikke i tide",
    "unreachable": "kunne ikke nås",
    "no_such_host": "navnet findes ikke",
    "tls": "certifikatet er ikke i orden",
    "no_http": "svarede noget, der ikke er HTTP",
    "address_not_allowed": "navnet fører til et lukket net",
    "unreadable": "hændelsen er nyere end programmet",
    "gone": "svarede, at den ikke vil have mere (410)",
}


def code_line(code: str) -> str:
    """What came of an attempt; a code without words as it stands."""
    return f"svarede {code.removeprefix('http_')}" if code.startswith("http_") else _CODES.get(code, code)
