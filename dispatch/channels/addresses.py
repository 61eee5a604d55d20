"""Which hosts we speak to on an administrator's word: any but those that give away the machine we run on.

Private networks are allowed: in a government cloud the robot's host is in one. Loopback is allowed: a relay may run
beside us. Refused are link-local addresses, where clouds keep the keys of their machines, the clouds' other such
addresses, and addresses that no single host has. The address of the connection counts, not the name, so a name that
changes its mind after it was checked gains nothing. Behind a proxy the connection is the proxy's; what it lets through
is its own rule.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

_CLOUD_KEYS: Final = tuple(
    map(ip_network, ("100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32", "fd00:ec2::254/128"))
)
"""Alibaba Cloud, Azure, Oracle, Amazon; most others use 169.254.169.254, which is link-local."""


class AddressRefused(OSError):
    """Nobody's robot lives there."""


def check_peer(address: str) -> None:
    """Raises `AddressRefused` when a connection has ended up at an address that we don't speak to."""
    if is_refused(address):
        raise AddressRefused


def is_refused(address: str) -> bool:
    """True for an IP address that we don't speak to; a name is judged when it has become an address."""
    try:
        ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0].strip("[]"))
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip == IPv4Address("255.255.255.255"):
        return True
    return any(ip in network for network in _CLOUD_KEYS)


def is_base_address(url: str) -> bool:
    """True for `http(s)://host[:port][/path]`: nobody's name in it, nothing behind it, and a host we speak to."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    is_bare = not (parts.username or parts.password or parts.query or parts.fragment)
    return parts.scheme in {"http", "https"} and bool(host) and is_bare and not is_refused(host or "")
