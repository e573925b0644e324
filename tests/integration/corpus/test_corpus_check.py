"""The command that says what is in files of news."""

import json
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner, Result

from corpus.__main__ import app

GOOD = [
    {
        "title": "Bridge closes",
        "text": "It is shut, the harbour office said on Thursday morning.",
        "date": "2023-05-04",
    },
    {
        "title": "Bridge opens",
        "text": "It is open again, the harbour office said.",
        "date": "2023-06-01",
        "author": "A. Quill",
    },
    {
        "title": "No date",
        "text": "Nobody wrote down when this was said by the harbour office.",
        "source": "The Port Times",
    },
]


def news(folder: Path, *, broken: bool) -> Path:
    lines = [json.dumps(record) for record in [*GOOD, GOOD[0]]]
    (folder / "news.jsonl").write_text("\n".join([*lines[:2], *(["{broken"] if broken else []), *lines[2:]]), "utf-8")
    return folder


def check(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["check", *arguments])


def test_what_is_there_is_counted(tmp_path: Path) -> None:
    result = check(str(news(tmp_path, broken=False)), "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (found["articles"], found["without_date"], found["without_author"], found["duplicates"]) == (4, 1, 3, 1)
    assert (found["first"], found["last"]) == ("2023-05-04T00:00:00+00:00", "2023-06-01T00:00:00+00:00")
    assert found["sources"] == {"unknown source": 3, "The Port Times": 1}
    assert found["date_origins"] == {"field": 3, "unknown": 1}
    assert found["unreadable"] == []


def test_what_was_not_read_is_named_with_file_line_and_reason(tmp_path: Path) -> None:
    folder = news(tmp_path, broken=True)
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    result = check(str(folder))
    assert result.exit_code == 1
    assert f"not read: {folder / 'news.jsonl'}:3: not JSON" in result.stdout
    assert f"not read: {folder / 'picture.png'}: not a form of news" in result.stdout
    assert "2023-05-04 to 2023-06-01" in result.stdout


def test_other_names_of_fields_can_be_given(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"hed": "Bridge closes", "words": "It is shut."}', "utf-8")
    assert check(str(tmp_path)).exit_code == 1
    assert check(str(tmp_path), "--map", "title=hed,text=words").exit_code == 0


def test_a_wrong_command_ends_with_two(tmp_path: Path) -> None:
    assert check(str(tmp_path / "gone")).exit_code == 2
    assert check().exit_code == 2
    for wrong in ("title", "headline=hed", "title="):
        result = check(str(tmp_path), "--map", wrong)
        assert result.exit_code == 2
        assert "FIELD=NAME" in result.output


def test_a_name_that_would_steer_the_terminal_is_shown_as_text(tmp_path: Path) -> None:
    (tmp_path / "\x1b[31m[bold]red\n.bin").write_bytes(bytes(100))
    result = check(str(tmp_path))
    assert "[bold]red" in result.stdout
    assert "\x1b" not in result.stdout


def test_help_is_given_without_loading_what_reading_needs() -> None:
    program = (
        "import sys, corpus.__main__ as m\n"
        "try: m.app(['check', '--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'trafilatura', 'dateparser', 'py3langid', 'pypdf', 'yaml', 'lxml', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")
    assert "--map" in done.stdout
