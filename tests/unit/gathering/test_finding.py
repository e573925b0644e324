"""Who said it first: quotations as people pass them on, against a handful of articles."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from chat.__main__ import app
from chat.errors import ChatError
from chat.gathering.aligning import align, words_of
from chat.gathering.finding import find_source_of
from chat.publishing.plain_data import finding_data
from chat.publishing.terminal import finding_lines
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()
SAID = 'The harbour master, Ines Quarrie, said: "We don\'t mend old cranes any more, we scrap them and buy new ones."'
STORY = (
    f"The last steam crane of Port Ellery was broken up on Tuesday. {SAID}\n\n"
    "The crane had lifted coal and timber since 1911. In its best year it moved 84,000 tonnes. A café on the quay is "
    "selling its bolts at 3.50 a piece, and the proceeds go to the sailors' home."
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("data")
    articles = [
        article("Crane copied", STORY, source="The Evening Copy", day="2023-03-17"),
        article("Crane scrapped", STORY, source="Port Wire", day="2023-03-15"),
        article("Crane looked back on", f"A year of cranes went by. {SAID} And so it was.", day="2023-12-30"),
        article("Tram vote", "The council voted for the tram line by 17 to 14 on Friday.", source="Tram News"),
        article("Weather", "Rain is expected. To be or not to be at the harbour is what they said it was."),
    ]
    sync(articles, folder, MODEL)
    opened = Index(folder, MODEL.fingerprint)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("We don't mend old cranes any more, we scrap them and buy new ones.", "Crane scrapped"),
        ("“We don’t mend old cranes any more, we scrap them and buy new ones”", "Crane scrapped"),
        ("«We don`t mend old cranes any more» ", "Crane scrapped"),
        ("WE DON'T MEND OLD CRANES ANY MORE", "Crane scrapped"),
        ("We dont mend old carnes any more, we scrapp them and buy new ones.", "Crane scrapped"),
        ("We don't mend cranes any more, we scrap them and buy new ones.", "Crane scrapped"),
        ("We don't mend old cranes any more, we scrap th...", "Crane scrapped"),
        ("We don't mend old cranes [...] we scrap them", "Crane scrapped"),
        (
            "The last steam crane of Port Ellery was broken up … A café on the quay is selling its bolts",
            "Crane scrapped",
        ),
        ("The crane had lifted coal and timber since 1911.", "Crane scrapped"),
        ("A cafe on the quay is selling its bolts", "Crane scrapped"),
        (STORY, "Crane scrapped"),
        ("A year of cranes went by.", "Crane looked back on"),
        ("The council voted for the tram line by 17 to 14", "Tram vote"),
        ("To be or not to be", "Weather"),
        ("We don't mend old cranes any m…", "Crane scrapped"),
        ("The council voted against the bridge by 9 to 3", None),
        ("We will never surrender the harbour to the sea", None),
        ("Ask not what your country can do for you", None),
    ],
)
def test_a_quotation_is_found_where_it_was_said_first_or_declined(index: Index, text: str, title: str | None) -> None:
    first = find_source_of(text, index).first
    assert (first.article.title if first else None) == title


def test_a_finding_has_the_span_and_the_later_printings(index: Index) -> None:
    finding = find_source_of("We don`t mend old cranes any more, we scrap them and buy new ones", index)
    assert finding.first
    assert finding.first.text == "We don't mend old cranes any more, we scrap them and buy new ones"
    assert finding.first.article.source == "Port Wire"
    assert [one.article.title for one in finding.later] == ["Crane copied", "Crane looked back on"]
    for one in (finding.first, *finding.later):
        assert one.article.text[one.start : one.end] == one.text == finding.first.text


def test_a_paragraph_is_found_across_the_passages_that_it_was_cut_into(tmp_path: Path) -> None:
    sentences = [f"Ship number {n} carried {n * 7} barrels of {word}." for n, word in enumerate(["oil", "tar"] * 60)]
    sync([article("Ships", " ".join(sentences))], tmp_path, MODEL)
    index = Index(tmp_path, MODEL.fingerprint)
    paragraph = " ".join(sentences[20:45])
    first = find_source_of(paragraph, index).first
    assert len(index.table) > 3
    assert first
    assert first.text == paragraph.rstrip(".")
    index.close()


def test_what_was_printed_after_the_as_of_moment_is_not_found(index: Index) -> None:
    words = "We don't mend old cranes any more, we scrap them"
    assert find_source_of(words, index, as_of=datetime(2023, 3, 14, tzinfo=UTC)).first is None
    finding = find_source_of(words, index, as_of=datetime(2023, 3, 16, tzinfo=UTC))
    assert finding.first
    assert finding.first.article.title == "Crane scrapped"
    assert finding.later == ()


@pytest.mark.parametrize("text", ["", "   ", "“…”", "?!"])
def test_a_text_without_a_word_is_refused(index: Index, text: str) -> None:
    with pytest.raises(ChatError, match="has no words"):
        find_source_of(text, index)


def test_a_text_of_any_length_is_looked_for_by_its_beginning(index: Index) -> None:
    finding = find_source_of(f"{STORY} " * 2_000, index, least_likeness=0.1)
    assert finding.first
    assert finding.first.article.title == "Crane scrapped"


@given(st.lists(st.sampled_from("a b c red reed green blue 12 13".split()), max_size=30), st.integers(0, 29), st.data())
def test_words_of_a_text_are_found_there_whole(words: list[str], start: int, data: st.DataObject) -> None:
    text = " ".join(words)
    start = min(start, len(words))
    wanted = words[start : data.draw(st.integers(start, len(words)))]
    alignment = align(wanted, [1.0] * len(wanted), words_of(text))
    assert (alignment is None) == (not wanted)
    if alignment:
        assert alignment.likeness == pytest.approx(1.0)
        assert text[alignment.start : alignment.end].split() == wanted


@given(st.text(max_size=60), st.text(max_size=60))
def test_an_alignment_is_a_span_of_the_text_and_a_share(wanted: str, text: str) -> None:
    words = [word.text for word in words_of(wanted)]
    alignment = align(words, [1.0] * len(words), words_of(text))
    if alignment:
        assert 0 <= alignment.start < alignment.end <= len(text)
        assert 0 < alignment.likeness <= 1 + 1e-9


def test_the_command_tells_publisher_date_address_offsets_and_later_copies(index: Index) -> None:
    data = str(index.archive.path.parent)
    result = CliRunner().invoke(app, ["find", "The crane had lifted coal and timber since 1911.", "--data", data])
    assert result.exit_code == 0
    assert result.stdout.splitlines() == finding_lines(
        find_source_of("The crane had lifted coal and timber since 1911.", index)
    )
    assert "Port Wire, 15 March 2023" in result.stdout
    assert "https://courier.example/crane-copied" in result.stdout


def test_the_command_says_that_it_is_not_in_the_archive(index: Index) -> None:
    data = str(index.archive.path.parent)
    result = CliRunner().invoke(app, ["find", "Ask not what your country can do", "--data", data])
    assert (result.exit_code, result.stdout) == (3, "Not in this archive.\n")


def test_a_finding_for_programs_is_plain_data(index: Index) -> None:
    first = finding_data(find_source_of("The council voted for the tram line", index))["first"]
    assert first["text"] == "The council voted for the tram line"
    assert (first["start"], first["end"], first["likeness"]) == (0, 35, 1.0)
    assert (first["source"], first["published_at"]) == ("Tram News", "2023-03-15T00:00:00+00:00")
    assert finding_data(find_source_of("Nothing of the kind was ever uttered", index)) == {"first": None, "later": []}
