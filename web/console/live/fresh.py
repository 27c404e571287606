"""What a page carries so that it can be told when it is old: its mark, and the order it is about, if any."""

from dataclasses import dataclass
from urllib.parse import urlencode

from web.security import CONTENT_SECURITY_POLICY

LIVE = "/drift/live"
MARK, ORDER = "maerke", "forloeb"

HEADERS = {
    "Content-Security-Policy": (
        f"{CONTENT_SECURITY_POLICY}; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'"
    )
}
"""As everywhere, but with our own script, which listens to our own address."""


@dataclass(frozen=True)
class Fresh:
    """The state a page was made of. `mark` is read before what the page shows, so that no change falls between."""

    mark: str
    order: str = ""

    @property
    def address(self) -> str:
        """Where the page listens."""
        about = {ORDER: self.order} if self.order else {}
        return f"{LIVE}?{urlencode({MARK: self.mark, **about})}"
