"""Months and weekdays: their names, short forms and numbers, and patterns that match them."""

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sept", "Sep", "Oct", "Nov", "Dec")

MONTH_NAME = f"(?:{'|'.join(MONTHS)})"
MONTH = f"(?:{'|'.join(MONTHS)}|(?:{'|'.join(SHORT_MONTHS)})\\b\\.?)"  # also "Sept." and "Oct"
WEEKDAY = f"(?:{'|'.join(WEEKDAYS)})"

_MONTH_NUMBERS = {name[:3].lower(): number for number, name in enumerate(MONTHS, 1)}
_WEEKDAY_NUMBERS = {name[:3].lower(): number for number, name in enumerate(WEEKDAYS)}


def month_number(name: str) -> int:
    """1 to 12 for a month's name or short form, in any case; raises KeyError for another word."""
    return _MONTH_NUMBERS[name[:3].lower()]


def weekday_number(name: str) -> int:
    """0 for Monday to 6 for Sunday, also for short forms, in any case; raises KeyError for another word."""
    return _WEEKDAY_NUMBERS[name[:3].lower()]
