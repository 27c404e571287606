"""Which addresses events may be sent to: public ones, by https, unless the settings say otherwise."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from domain.unfit import Unfit

LONGEST_URL = 2000
_PLAIN = re.compile(r"[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]+")
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa", "lan")


@dataclass(frozen=True)
class Reach:
    """What is allowed beside https to the public internet."""

    plain_http: bool = False
    private: bool = False


PUBLIC = Reach()
"""Nothing beside it."""


def receiver_url(text: str, reach: Reach) -> str:
    """The address of a receiver. Raises Unfit for what is none, and for what `reach` does not allow.

    A name's addresses are looked at with each delivery; here only what the text itself says.
    """
    if len(text) > LONGEST_URL:
        raise Unfit("Webadressen er for lang.", f"has more than {LONGEST_URL} characters")
    host = _host_in(text)
    if urlsplit(text).scheme == "http" and not reach.plain_http:
        raise Unfit("Webadressen skal begynde med https://.", "must begin with https://")
    if not reach.private and not _may_be_public(host):
        raise Unfit(
            "Webadressen ligger på et lukket net. Vælg en, der kan nås fra internettet.",
            "is on this machine or a private network, which KLYNGEFLOW_WEBHOOKS_TO_PRIVATE does not allow",
        )
    return text


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, also within an IPv6 address that leads to IPv4."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        translated = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else ip.ipv4_mapped
        if translated is not None:
            return _is_global(translated)
        if not all(map(_is_global, [ip.sixtofour] if ip.sixtofour else ip.teredo or ())):
            return False
    return _is_global(ip)


def _is_global(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _host_in(text: str) -> str:
    """Raises Unfit."""
    unfit = Unfit("Det ligner ikke en webadresse.", "is no web address like https://example.dk/events")
    if _PLAIN.fullmatch(text) is None:
        raise unfit
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise unfit from None
    if parts.scheme not in ("http", "https") or port == 0 or not (_HOST.fullmatch(host) or _is_ip(host)):
        raise unfit
    if parts.username is not None or parts.password is not None or "#" in text:
        raise Unfit(
            "Webadressen må ikke have brugernavn, adgangskode eller # i sig.", "must have no name, password or # in it"
        )
    return host


def _may_be_public(host: str) -> bool:
    if _is_ip(host):
        return is_public(host)
    return not any(host.rstrip(".") == name or host.rstrip(".").endswith(f".{name}") for name in _LOCAL_NAMES)


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
