"""Which names of the archive's publishers, agencies and authors a question asks for."""

import pytest

from chat.understanding.source_names import find_author, find_authors, find_name, find_sources

SOURCES = (
    "The Moscow Times",
    "AFP",
    "The Verge",
    "TechCrunch",
    "Time",
    "The Independent",
    "The Sun",
    "The Guardian",
    "The Times",
    "The New York Times",
    "BBC News",
    "USA Today",
    "www.cnn.com",
    "theweek.co.uk",
)
AUTHORS = ("Christopher Rickleton", "Anna Smith", "Paul Smith", "Boris Johnson", "")

TELLERS = [
    ("According to the Moscow Times, who won?", ["The Moscow Times"]),
    ("according to moscow times who won", ["The Moscow Times"]),
    ("What did AFP report about Kazakhstan?", ["AFP"]),
    ("according to afp, what happened?", ["AFP"]),
    ("articles by Agence France-Presse", ["AFP"]),
    ("as reported by both The Verge and TechCrunch", ["The Verge", "TechCrunch"]),
    ("stories from The Verge, TechCrunch and the Guardian", ["The Verge", "TechCrunch", "The Guardian"]),
    ("How did the Guardian cover the strike?", ["The Guardian"]),
    ("the Guardian's coverage of the strike", ["The Guardian"]),
    ("According to Time, who won?", ["Time"]),
    ("According to the Independent, what happened?", ["The Independent"]),
    ("news from the Sun", ["The Sun"]),
    ("According to the New York Times, who won?", ["The New York Times"]),
    ("According to The Times, who won?", ["The Times"]),
    ("What does the NYT say about it?", ["The New York Times"]),
    ("as reported by CNN", ["www.cnn.com"]),
    ("per BBC, what happened?", ["BBC News"]),
    ("compare how The Guardian and the BBC covered it", ["The Guardian", "BBC News"]),
    ("an article in USA Today", ["USA Today"]),
    ("Kazakhstan, as told to AFP", ["AFP"]),
]
MENTIONED = [
    ("AFP Kazakhstan", ["AFP"]),
    ("Why is CNN laying off staff?", ["www.cnn.com"]),
    ("Who owns the Moscow Times?", ["The Moscow Times"]),
    ("Who founded TechCrunch?", ["TechCrunch"]),
]
ORDINARY = [
    "What is the time in Moscow?",
    "Why does the Sun shine?",
    "Is Catalonia independent?",
    "Who was TIME magazine's person of the year?",
    "According to the Independent Commission, who won?",
    "According to Time Warner, who won?",
    "According to the Sun's position, is it noon?",
    "Who guards the guardian of the treasure?",
    "the verge of collapse",
    "According to the White House, how soon?",
    "Girl Scouts of the USA",
    "user@afp",
    "",
]


@pytest.mark.parametrize(("text", "names"), TELLERS)
def test_a_name_that_is_said_to_tell_is_firm(text: str, names: list[str]) -> None:
    assert [mention.name for mention in find_sources(text, SOURCES) if mention.firm] == names


@pytest.mark.parametrize(("text", "names"), MENTIONED)
def test_an_unmistakable_name_without_a_cue_is_only_mentioned(text: str, names: list[str]) -> None:
    mentions = find_sources(text, SOURCES)
    assert [mention.name for mention in mentions] == names
    assert not any(mention.firm for mention in mentions)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_are_no_sources(text: str) -> None:
    assert find_sources(text, SOURCES) == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("articles by Christopher Rickleton", ["Christopher Rickleton"]),
        ("stories about Kazakhstan by Rickleton", ["Christopher Rickleton"]),
        ("by Anna Smith", ["Anna Smith"]),
        ("Kazakhstan by Christopher Rickleton", ["Christopher Rickleton"]),
        ("What did Anna Smith write about Astana?", ["Anna Smith"]),
        ("pieces by Anna Smith and Christopher Rickleton", ["Anna Smith", "Christopher Rickleton"]),
        ("written by christopher rickleton", ["Christopher Rickleton"]),
        ("articles by Smith", []),
        ("What did Boris Johnson say about Astana?", []),
        ("Who was criticised by Boris Johnson?", []),
        ("stories by the sea", []),
    ],
)
def test_an_author_needs_a_word_about_writing(text: str, names: list[str]) -> None:
    assert [mention.name for mention in find_authors(text, AUTHORS)] == names


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("moscow times", "The Moscow Times"),
        ("THE GUARDIAN", "The Guardian"),
        ("nyt", "The New York Times"),
        ("cnn.com", "www.cnn.com"),
        ("cnn", "www.cnn.com"),
        ("Pravda", None),
        ("", None),
    ],
)
def test_a_typed_source_is_found_by_its_name_or_short_form(typed: str, name: str | None) -> None:
    assert find_name(typed, SOURCES) == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [("rickleton", "Christopher Rickleton"), ("Anna Smith", "Anna Smith"), ("Smith", None), ("", None)],
)
def test_a_typed_surname_serves_when_one_author_has_it(typed: str, name: str | None) -> None:
    assert find_author(typed, AUTHORS) == name


def test_offsets_reproduce_the_words() -> None:
    text = "as reported by both The Verge and TechCrunch"
    assert [text[each.start : each.end] for each in find_sources(text, SOURCES)] == ["Verge", "TechCrunch"]


SHORT = ("The Ellery Courier", "Harbour Gazette", "The Moscow Times", "New York Times", "Time")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What did the Courier report on the march?", ["The Ellery Courier"]),
        ("According to the Courier, what burned?", ["The Ellery Courier"]),
        ("In the Courier's story, how long is the report?", ["The Ellery Courier"]),
        ("What ran out, says the Gazette?", ["Harbour Gazette"]),
        ("How many were lost, as the Courier tells it?", ["The Ellery Courier"]),
        ("Do the Courier and Gazette agree?", ["The Ellery Courier", "Harbour Gazette"]),
        ("Compare the Courier and the Gazette on the march", ["The Ellery Courier", "Harbour Gazette"]),
        ("harbour gazette: who counted the marchers?", ["Harbour Gazette"]),
        ("Why is the Courier laying off staff?", []),  # what it is about
        ("Who was the courier in the case?", []),
        ("What did the Times report?", []),  # two end so
        ("What did the Courier Mail report?", []),
    ],
)
def test_a_publisher_is_known_by_the_last_word_of_its_name(text: str, names: list[str]) -> None:
    assert [one.name for one in find_sources(text, SHORT) if one.firm] == names
