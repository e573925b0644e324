"""The --map option: the names of fields in a user's files."""

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
