"""How many calls a client may make: a bucket of tokens for each, filled again as time goes by."""

from collections import OrderedDict

# An address may be a newsroom's: opening the page takes ten calls, and typing in Search one a key.
_BURST = 300
_PER_SECOND = 20.0
_MOST_CLIENTS = 10_000


class Rates:
    """Buckets by client; of too many clients, those that called longest ago are forgotten."""

    def __init__(self, burst: int = _BURST, per_second: float = _PER_SECOND) -> None:
        self._burst = burst
        self._per_second = per_second
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, and when there were so many

    def allow(self, client: str, now: float) -> bool:
        """Whether the client may make a call at this time in seconds, which takes a token."""
        tokens, then = self._buckets.pop(client, (float(self._burst), now))
        tokens = min(self._burst, tokens + (now - then) * self._per_second)
        is_allowed = tokens >= 1
        self._buckets[client] = (tokens - is_allowed, now)
        if len(self._buckets) > _MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return is_allowed
