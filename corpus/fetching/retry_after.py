"""The header Retry-After (RFC 9110, section 10.2.3): from when on a publisher may be asked again."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_STATUSES = frozenset({429, 503})
_LONGEST = timedelta(hours=24)  # a publisher's mistake does not silence its feed for years


def retry_moment(status: int, header: str | None, now: datetime) -> datetime | None:
    """The moment (UTC) that a refusal names in seconds or as an HTTP date, at most a day from now; None without one."""
    if status not in _STATUSES or not header:
        return None
    moment = _moment(header.strip(), now)
    return min(moment, now + _LONGEST) if moment and moment > now else None


def _moment(text: str, now: datetime) -> datetime | None:
    if text.isascii() and text.isdigit():
        return now + min(timedelta(seconds=int(text[:9])), _LONGEST)
    try:
        named = parsedate_to_datetime(text)
    except ValueError:
        return None
    return named.replace(tzinfo=named.tzinfo or UTC).astimezone(UTC)
