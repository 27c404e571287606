"""What goes to a sign-in service and what comes back, without the libraries that speak to it."""

from dataclasses import dataclass


class SignInFailed(Exception):  # noqa: N818 - a finding, named as one
    """The service's answer is not one to sign anybody in by. `reason` is a short code for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ServiceUnavailable(SignInFailed):
    """The service can't be reached, or does not answer as it should."""


@dataclass(frozen=True)
class Asked:
    """What goes along to the service and comes back with its answer."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Claims:
    """What the service says of somebody. `subject` is its own id of them, `email` is "" unless it is verified."""

    subject: str
    email: str
    name: str
    roles: frozenset[str]
