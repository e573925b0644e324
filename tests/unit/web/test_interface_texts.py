"""The texts of the interface: the same in every language, all in their tables, and nowhere else."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chat.answering.replies import ArchiveStatus, archive_line
from chat.answering.timeline import describe_date
from chat.english.event_dates import EventDate, Precision
from chat.publishing.feedback import Reason
from chat.texts.notices import NoticeKind
from chat.texts.table import ENGLISH, LANGUAGES, Entry, texts_in
from corpus.article import DateOrigin, Trouble
from corpus.article_warnings import DESCRIPTIONS, ArticleWarning
from indexer.search.article_table import Facet
from web.localized import localized, text, texts_of
from web.reader import warning_key

ROOT = Path(__file__).parents[3]
TEMPLATES = sorted([*ROOT.glob("web/templates/*.jinja"), *ROOT.glob("chat/publishing/templates/*.jinja")])
ROOMS = ("web", "web/*", "chat/publishing", "chat/answering", "chat/texts")
SOURCES = sorted(path for room in ROOMS for path in ROOT.glob(f"{room}/*.py"))
SCRIPTS = sorted(ROOT.glob("web/static/*.js"))
SHOWN = {"label", "placeholder", "title", "submit_btn", "info"}  # arguments whose value a reader sees
NAMES = {"Dateline", "English", "Deutsch", "Markdown", "HTML", "Word", "JSON", "CSV", "Menu"}  # in every language
CODE = re.compile(r"<code>.*?</code>|<style>.*?</style>|<script>.*?</script>|{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
ATTRIBUTE = re.compile(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"')
GERMAN = texts_in("de")


def _forms(entry: Entry) -> tuple[str, ...]:
    return (entry,) if isinstance(entry, str) else entry


def _placeholders(entry: Entry) -> list[list[str]]:
    return [sorted(re.findall(r"{(\w+)}", one)) for one in _forms(entry)]


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_has_the_same_keys_and_placeholders(language: str) -> None:
    table = texts_in(language).table
    assert list(table) == list(ENGLISH.table)
    for key, entry in table.items():
        shapes = [
            [sorted(re.findall(r"{(\w+)}", one)) for one in _forms(either)] for either in (entry, ENGLISH.table[key])
        ]
        assert shapes[0] == shapes[1], key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_needs_escaping(language: str) -> None:
    assert [
        key for key, entry in texts_in(language).table.items() if re.search(r"[<>&\"'\n]", " ".join(_forms(entry)))
    ] == []


def test_every_text_is_used_and_every_used_text_exists() -> None:
    everywhere = "".join(
        path.read_text(encoding="utf-8") for path in (*TEMPLATES, *SOURCES, *ROOT.glob("chat/texts/*.py"))
    )
    composed = [
        *(f"reasons.{one.replace(' ', '_')}" for one in Reason),
        *map(warning_key, ArticleWarning),
        *(f"origins.{re.sub('[ -]', '_', one)}" for one in DateOrigin if one is not DateOrigin.UNKNOWN),
        *(f"search.{one}" for one in Facet),
        *(f"notice.{one}" for one in NoticeKind),
        *(f"trouble.{one.replace(' ', '_')}" for one in Trouble),
    ]
    assert [key for key in composed if key not in ENGLISH.table] == []
    assert [
        key for key in ENGLISH.table if key not in composed and not re.search(rf"""['"]{key}['"]""", everywhere)
    ] == []
    sections = "|".join({key.partition(".")[0] for key in ENGLISH.table})
    used = set(re.findall(rf"""(?:\bt|text|texts)\(\s*['"]((?:{sections})\.\w+)['"]""", everywhere))
    assert len(used) > 100
    assert used <= set(ENGLISH.table)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_a_text_of_its_own(path: Path) -> None:
    source = CODE.sub("", path.read_text(encoding="utf-8"))
    attributes = " ".join(ATTRIBUTE.findall(source))
    between = re.sub(r"<[^>]*>", " ", source)
    words = set(re.findall(r"\b[A-Za-z]{2,}\b(?!-)", f"{attributes} {between}"))
    assert words - NAMES == set()


@pytest.mark.parametrize("path", sorted(ROOT.glob("web/**/*.py")), ids=lambda path: path.name)
def test_no_component_has_a_text_of_its_own(path: Path) -> None:
    assert [one for one in _shown(path) if re.search(r"[A-Za-z]{2,}", one) and one not in NAMES | {"https://"}] == []


def _shown(path: Path) -> Iterator[str]:
    """The strings that a module gives to Gradio to be shown as they are."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(call, ast.Call) and _is_gradio(call.func)):
            continue
        for value in [*call.args[:1], *(one.value for one in call.keywords if one.arg in SHOWN)]:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value


def _is_gradio(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "gr"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_holds_a_text_of_its_own(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert re.findall(r"(?:textContent|innerText|title|ariaLabel|placeholder) = [\"'`][^\"'`]*[A-Za-z]", source) == []


def test_the_language_is_the_chosen_one_or_else_the_preferred_one_that_there_is() -> None:
    assert texts_of("", "").language == "en"
    assert texts_of("", "fr-FR,de-AT;q=0.8,en;q=0.5").language == "de"
    assert texts_of("", "de;q=0.2,en;q=0.7").language == "en"
    assert texts_of("a=b; language=de", "en").language == "de"
    assert texts_of("language=<b>", ";;q=.,,*;q=1.2.3").language == "en"


def test_counts_and_days_are_written_as_the_language_does() -> None:
    day = date(2023, 3, 16)
    assert ENGLISH("search.total", 1) == "1 article"
    assert ENGLISH("search.total", 1234) == "1,234 articles"
    assert GERMAN("front.copies", 1234) == "1.234 Agenturkopien"
    assert (GERMAN.day(day), GERMAN.day(None)) == ("16. März 2023", "ohne Datum")
    assert GERMAN.moment(datetime(2023, 3, 16, 7, 30, tzinfo=UTC)) == "16. März 2023, 07:30 UTC"
    assert describe_date(EventDate("", day, date(2023, 3, 18), Precision.SPAN), GERMAN) == "16.–18. März 2023"
    status = ArchiveStatus(1234, day, day, {"Courier": 1234})
    assert archive_line(status, GERMAN) == "1.234 Artikel aus 1 Quelle, 16. März 2023 bis 16. März 2023"


def test_warnings_read_in_english_as_elsewhere() -> None:
    assert {one: ENGLISH(warning_key(one)) for one in ArticleWarning} == DESCRIPTIONS


def test_marks_are_replaced_within_json_and_unknown_ones_are_left() -> None:
    page = f'<html\nlang="en"><script>{{"label":"{text("search.words")}","other":"{{text:no.such}}"}}'.encode()
    assert localized(page, GERMAN).decode() == (
        '<html\nlang="de"><script>{"label":"Suchw\\u00f6rter","other":"{text:no.such}"}'
    )
    assert b'"Words to search for"' in localized(page, ENGLISH)
