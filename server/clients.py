"""Who asks: the name under which a client's share of the workers is counted."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Network = IPv4Network | IPv6Network
OURSELVES: Final = ""  # this server's own pages and its warming; never refused for a full queue


def networks(written: str) -> tuple[Network, ...]:
    """Read addresses and networks, separated by commas or blanks.

    Raises:
        ValueError: one is neither.

    >>> networks("127.0.0.1, 10.0.0.0/8")
    (IPv4Network('127.0.0.1/32'), IPv4Network('10.0.0.0/8'))
    """
    return tuple(ip_network(part) for part in written.replace(",", " ").split())


@lru_cache(maxsize=4096)
def client(peer: str, forwarded: str = "", *, proxies: tuple[Network, ...] = ()) -> str:
    """Return a client's name: its address, for IPv6 the /64 that one household has.

    `forwarded` is the value of X-Forwarded-For. It counts only when the peer is a listed proxy;
    read from its end, the first address that is no listed proxy is the client. What stands before
    that was written by the client itself.

    >>> client("10.0.0.1", "1.2.3.4, 9.9.9.9", proxies=networks("10.0.0.0/8"))
    '9.9.9.9'
    >>> client("2001:db8::1")
    '2001:db8::/64'
    """
    name = peer
    hops = [part.strip() for part in forwarded.split(",")] if forwarded else []
    while hops and _listed(name, proxies):
        name = hops.pop()
    return _share(name) or _share(peer) or peer


def _listed(name: str, proxies: tuple[Network, ...]) -> bool:
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return any(address in network for network in proxies)


def _share(name: str) -> str:
    try:
        address = ip_address(name.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ip_network((int(address) >> 64 << 64, 64)))
    return str(address)
