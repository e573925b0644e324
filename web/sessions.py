"""The conversations of all readers in memory; nobody's calls can push out another's."""

import threading
from collections import OrderedDict, defaultdict

from web.conversation import Session

_MOST = 2_000
_MOST_OF_A_CLIENT = 200


class Sessions:
    """Sessions by the reader's token, kept from the first question on.

    A client is an address. When one has asked in too many sessions, its own oldest is dropped; when all have,
    the oldest of the client with the most.
    """

    def __init__(self, most: int = _MOST, most_of_a_client: int = _MOST_OF_A_CLIENT) -> None:
        self._most = most
        self._most_of_a_client = most_of_a_client
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[str, Session]] = OrderedDict()
        self._by_client: defaultdict[str, OrderedDict[str, None]] = defaultdict(OrderedDict)

    def of(self, token: str) -> Session:
        """The session of a reader, or an empty one that is not kept."""
        with self._lock:
            return self._kept[token][1] if token in self._kept else Session()

    def keep(self, token: str, client: str, session: Session) -> None:
        """Keep the session of a reader who asks from this client, and drop the oldest where there are too many."""
        with self._lock:
            if token in self._kept:
                self._drop(token)
            self._kept[token] = (client, session)
            self._by_client[client][token] = None
            if len(self._by_client[client]) > self._most_of_a_client:
                self._drop(next(iter(self._by_client[client])))
            elif len(self._kept) > self._most:
                most = max(self._by_client.values(), key=len)
                self._drop(next(iter(most)))

    def _drop(self, token: str) -> None:
        client, _ = self._kept.pop(token)
        del self._by_client[client][token]
        if not self._by_client[client]:
            del self._by_client[client]
