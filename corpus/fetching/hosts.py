"""Which IP addresses the public internet has."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_network

# The IANA special-purpose registries, multicast, and one cloud metadata address outside of them. Not from `ipaddress`:
# its `is_global` changes with Python's patch releases and is wrong for some networks.
_IPV4_NOT_PUBLIC = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
_IPV6_PUBLIC = ip_network("2000::/3")  # everything allocated so far
_IPV6_NOT_PUBLIC = tuple(  # protocols and Teredo, documentation, 6to4, documentation
    ip_network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
_IPV4_IN_IPV6 = tuple(ip_network(network) for network in ("::ffff:0:0/96", "64:ff9b::/96"))  # mapped, NAT64


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is reachable from the internet; one that embeds an IPv4 address is judged by that address."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _IPV4_NOT_PUBLIC)
    if any(address in network for network in _IPV4_IN_IPV6):
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _IPV6_PUBLIC and not any(address in network for network in _IPV6_NOT_PUBLIC)


def resolve(host: str, port: int) -> list[str]:
    """Every IP address that the system knows for a host name."""
    return list(dict.fromkeys(str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
