"""Where an HTTP API is: plain or encrypted, and through the proxy that the environment names."""

import base64
import http.client
import ssl
import urllib.request
from functools import cached_property
from urllib.parse import SplitResult, unquote, urlsplit

HTTPS_PORT = 443
PROXY_PORT = 80


class HttpEndpoint:
    """`url`: scheme, host, port and the path that all paths begin with."""

    def __init__(self, url: str) -> None:
        self._url = url

    def path(self, path: str) -> str:
        """The whole path of one of the API's."""
        return self._parts.path.rstrip("/") + path

    def open(self, timeout: float) -> http.client.HTTPConnection:
        """A connection, not connected yet. Raises ValueError where the address is none."""
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme != "https":
            return http.client.HTTPConnection(host, port, timeout=timeout)
        proxy = _proxy_for(host)
        if proxy is None:
            return http.client.HTTPSConnection(host, port, timeout=timeout, context=self._tls)
        connection = http.client.HTTPSConnection(
            proxy.hostname or "", proxy.port or PROXY_PORT, timeout=timeout, context=self._tls
        )
        connection.set_tunnel(host, port or HTTPS_PORT, headers=_authorization(proxy))
        return connection

    @property
    def _parts(self) -> SplitResult:
        return urlsplit(self._url)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()


def _proxy_for(host: str) -> SplitResult | None:
    address = urllib.request.getproxies().get("https")
    if not address or urllib.request.proxy_bypass(host):
        return None
    return urlsplit(address if "://" in address else f"http://{address}")


def _authorization(proxy: SplitResult) -> dict[str, str]:
    if not proxy.username:
        return {}
    account = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {base64.b64encode(account.encode()).decode('ascii')}"}
