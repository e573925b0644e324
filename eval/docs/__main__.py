"""Writes the generated sections of README.md and docs/: `python -m eval.docs`."""

from eval.docs.sections import DOCUMENTS, ROOT, rewritten


def main() -> None:
    """Write every document with its sections generated again."""
    for name in DOCUMENTS:
        path = ROOT / name
        path.write_text(rewritten(name), encoding="utf-8")


if __name__ == "__main__":
    main()
