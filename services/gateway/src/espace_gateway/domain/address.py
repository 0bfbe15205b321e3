"""From where a request came. What a request says of that itself is believed only as far as our own proxies vouch for it."""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

_ONE_SITE = 64
"""Bits of an IPv6 address that stay the same within one household or office: its devices choose the rest anew as often as they like."""


def caller_of(peer: str, forwarded_for: str, proxies: Collection[Network]) -> str:
    """Who is counted as one caller: the last address in the chain that is none of our proxies; of IPv6 the network of the site.

    `peer` holds the connection, `forwarded_for` is the header X-Forwarded-For, to which each proxy appends whom it heard.
    """
    heard = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    caller = _parsed(peer)
    while caller is not None and heard and _among(proxies, caller):
        caller = _parsed(heard.pop())
    match caller:
        case IPv6Address():
            return str(IPv6Network((int(caller), _ONE_SITE), strict=False))
        case None:
            return "unknown"
        case _:
            return str(caller)


def is_operator(peer: str, proxies: Collection[Network], *, forwarded: bool) -> bool:
    """Whether a request comes from within: over a private network, straight to this process, and not through a door to the outside."""
    address = _parsed(peer)
    return address is not None and address.is_private and not forwarded and not _among(proxies, address)


def _parsed(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _among(networks: Collection[Network], address: Address) -> bool:
    return any(address in network for network in networks)
