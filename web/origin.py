"""From where a request comes, as the audit log has it: page or API, and the network."""

import ipaddress
from typing import Annotated

from fastapi import Depends, Request

from storage.audit import Edge, Origin

_HOUSEHOLD = 64
"""Bits of an IPv6 address that one connection to the internet has; the rest changes by the hour."""


def network_of(request: Request) -> str:
    """The caller's IPv4 address, or the network of their IPv6 address; "" where there is none."""
    try:
        address = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        if not address.is_loopback:
            return str(ipaddress.ip_network((address, _HOUSEHOLD), strict=False))
    return str(address)


def page_origin(request: Request) -> Origin:
    return Origin(Edge.PAGE, network_of(request))


def api_origin(request: Request) -> Origin:
    return Origin(Edge.API, network_of(request))


PageOrigin = Annotated[Origin, Depends(page_origin)]
ApiOrigin = Annotated[Origin, Depends(api_origin)]
