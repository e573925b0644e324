"""The options --map and --zone: the names of fields in a user's files, and the time zones of sources."""

from collections.abc import Iterable
from datetime import tzinfo
from zoneinfo import ZoneInfo

import typer


def mapping_of(fields: str) -> dict[str, str]:
    """`title=headline,text=story` as a mapping; raises typer.BadParameter for anything else."""
    from corpus.readers.records.record import FIELD_NAMES

    mapping: dict[str, str] = {}
    for pair in filter(None, fields.split(",")):
        name, equals, theirs = (part.strip() for part in pair.partition("="))
        if not equals or not theirs or name not in FIELD_NAMES:
            known = ", ".join(FIELD_NAMES)
            raise typer.BadParameter(f"{pair!r} is not FIELD=NAME with FIELD one of {known}", param_hint="--map")
        mapping[name] = theirs
    return mapping


def zones_of(zones: Iterable[str]) -> dict[str, tzinfo]:
    """`Elm Bay Courier=Europe/London` as a mapping; raises typer.BadParameter for anything else."""
    found: dict[str, tzinfo] = {}
    for pair in zones:
        source, _, zone = (part.strip() for part in pair.rpartition("="))
        try:
            found[source] = ZoneInfo(zone)
        except (ValueError, OSError, KeyError):  # ZoneInfo raises all of these for names that are none
            source = ""
        if not source:
            raise typer.BadParameter(
                f"{pair!r} is not SOURCE=ZONE with a zone such as Europe/London", param_hint="--zone"
            )
    return found
