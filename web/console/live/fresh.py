"""What a page carries so that it can be told when it is old: its mark, and what it is about."""

from dataclasses import dataclass
from urllib.parse import urlencode

from storage.pulse import EVERYTHING
from web.security import CONTENT_SECURITY_POLICY

LIVE = "/drift/live"
MARK, ABOUT = "maerke", "om"

HEADERS = {
    "Content-Security-Policy": (
        f"{CONTENT_SECURITY_POLICY}; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'"
    )
}
"""As everywhere, but with our own script, which listens to our own address."""


@dataclass(frozen=True)
class Fresh:
    """The state a page was made of. `mark` is read before what the page shows, so that no change falls between.

    It is about everything, or about an order by its id, or about one of the others of `storage/pulse.py`.
    """

    mark: str
    about: str = EVERYTHING

    @property
    def address(self) -> str:
        """Where the page listens."""
        about = {ABOUT: self.about} if self.about else {}
        return f"{LIVE}?{urlencode({MARK: self.mark, **about})}"
