"""What one client may cost: how many requests, how long, how many at once. All of it in bounded memory."""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable

import msgspec

MAX_CLIENTS = 20_000
"""Addresses remembered; of more, the one that was silent longest is forgotten and begins anew."""
_IPV6_SITE = 64
"""Bits of an IPv6 address that tell subscribers apart; each has all that come after."""


class Limits(msgspec.Struct, frozen=True):
    """`rate`: requests a second that a client may go on making; `burst`: so many at once after a rest.

    `seconds`: how long a search may take; `threads`: searches at the same time, more than one only for an engine that bears
    it (OpenSearch does, Whoosh's readers share their place in a file); `waiting`: searches that may wait for a thread.
    `trust_proxy`: whether X-Forwarded-For is believed, which only a proxy of one's own makes safe.
    """

    rate: float = 5.0
    burst: int = 30
    seconds: float = 5.0
    threads: int = 1
    waiting: int = 32
    trust_proxy: bool = False


class Buckets:
    """A token bucket for each client."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = limits.rate
        self._burst = limits.burst
        self._clock = clock
        self._clients: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """Client → (tokens, when that was counted), the one that was silent longest first."""

    def __len__(self) -> int:
        return len(self._clients)

    def take(self, client: str) -> float:
        """Takes a token: 0 if there was one, else the seconds until there will be."""
        now = self._clock()
        tokens, counted = self._clients.pop(client, (float(self._burst), now))
        tokens = min(float(self._burst), tokens + (now - counted) * self._rate)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / self._rate
        self._clients[client] = (tokens if wait else tokens - 1, now)
        if len(self._clients) > MAX_CLIENTS:
            self._clients.popitem(last=False)
        return wait


def client_of(peer: str, forwarded: list[str], *, trust_proxy: bool) -> str:
    """Who asks: the address that our own proxy saw (the last it wrote down) if it is trusted, else the peer's."""
    if trust_proxy and forwarded:
        said = forwarded[-1].rpartition(",")[2].strip()
        if found := _subscriber(said):
            return found
    return _subscriber(peer) or peer


def _subscriber(address: str) -> str:
    """The part of an address that tells subscribers apart; empty if it is no address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        if mapped := parsed.ipv4_mapped:
            return str(mapped)
        return str(ipaddress.ip_network((parsed, _IPV6_SITE), strict=False))
    return str(parsed)
