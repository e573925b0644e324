"""Gradio's queue within bounds: how many questions wait in it, and what nobody reads is forgotten."""

from collections import Counter, OrderedDict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import gradio as gr

ANSWERING = "answer"  # the concurrency id of the page's functions that answer a question
UNREAD_S = 30.0  # Gradio's own script opens its stream at once


class GradioQueue:
    """The queue of a page; Gradio has no public names for most of what is needed here."""

    def __init__(self, page: "gr.Blocks", unread_s: float = UNREAD_S) -> None:
        """What nobody reads for `unread_s` seconds is forgotten."""
        self._page = page
        self._unread_s = unread_s
        self._readers: Counter[str] = Counter()  # open streams by session
        self._used: OrderedDict[str, float] = OrderedDict()  # sessions, the one that was used longest ago first
        # Gradio would tabulate its last events after each one, for a monitoring page that is not served.
        self._queue.ANALYTICS_MAX_EVENTS = 0

    @property
    def _queue(self) -> Any:
        return self._page._queue

    def is_question(self, function: int) -> bool:
        """Whether a call of this function asks a question, and so may wait."""
        return bool(self._page.fns[function].concurrency_id == ANSWERING)

    def waiting(self) -> list[str]:
        """The clients whose questions wait, in turn."""
        waiting = self._queue.event_queue_per_concurrency_id.get(ANSWERING)
        clients = [event.request.client for event in waiting.queue] if waiting else []
        return [client.host if client else "" for client in clients]

    def knows(self, session: str) -> bool:
        """Whether there is anything to read for a session."""
        return session in self._queue.pending_messages_per_session

    def unread(self, session: str) -> int:
        """How many calls of a session have not been read to their end."""
        return len(self._queue.pending_event_ids_session.get(session, ()))

    def joined(self, session: str, now: float) -> None:
        """Note a call of a session, whose results wait to be read from now on."""
        self._used[session] = now
        self._used.move_to_end(session)

    def reading(self, session: str) -> None:
        """Note that somebody reads the results of a session."""
        self._readers[session] += 1

    def left(self, session: str, now: float) -> None:
        """Note that somebody has stopped reading."""
        self._readers[session] -= 1
        if not self._readers[session]:
            del self._readers[session]
        self.joined(session, now)

    async def forget_unread(self, now: float) -> None:
        """Forget the sessions whose results nobody has read for a while; Gradio would keep them."""
        while self._used and next(iter(self._used.values())) < now - self._unread_s:
            session, _ = self._used.popitem(last=False)
            if session not in self._readers:  # its reader puts it back when it leaves
                await self._forget(session)

    async def _forget(self, session: str) -> None:
        queue = self._queue
        await queue.clean_events(session_hash=session)
        queue.pending_messages_per_session.pop(session, None)
        for event in queue.pending_event_ids_session.pop(session, ()):
            queue.event_ids_to_events.pop(event, None)
