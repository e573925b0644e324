import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.quotations import QuotationKind, find_quotations

D, I, M = QuotationKind.DIRECT, QuotationKind.INDIRECT, QuotationKind.MIXED  # noqa: E741

# A sentence, then each quotation that it holds: kind, words, speaker.
SENTENCES: list[tuple[str, list[tuple[QuotationKind, str, str | None]]]] = [
    ('"We will rebuild," said Ana Pell.', [(D, "We will rebuild", "Ana Pell")]),
    ('"We will rebuild," Ana Pell said.', [(D, "We will rebuild", "Ana Pell")]),
    ("“We will rebuild,” Ana Pell said.", [(D, "We will rebuild", "Ana Pell")]),
    ("«\u00a0We will rebuild\u00a0», said Ana Pell.", [(D, "We will rebuild", "Ana Pell")]),
    ("‘We’ll rebuild,’ said Ana Pell.", [(D, "We’ll rebuild", "Ana Pell")]),
    ("'We'll rebuild,' said Ana Pell.", [(D, "We'll rebuild", "Ana Pell")]),
    ('"We will rebuild," she said.', [(D, "We will rebuild", "she")]),
    ('"We will rebuild," the mayor told reporters on Monday.', [(D, "We will rebuild", "the mayor")]),
    ('"We will rebuild," said the mayor of Port Ellery.', [(D, "We will rebuild", "the mayor of Port Ellery")]),
    ('"We will rebuild," Mr. Pell told AFP.', [(D, "We will rebuild", "Mr. Pell")]),
    ('"We will rebuild," Pell told The Associated Press.', [(D, "We will rebuild", "Pell")]),
    ('"We will rebuild," Ana Pell, the mayor, told AFP.', [(D, "We will rebuild", "Ana Pell")]),
    ('"We will rebuild," Ana van der Pell wrote on Friday.', [(D, "We will rebuild", "Ana van der Pell")]),
    ('"Who will pay?" Pell asked.', [(D, "Who will pay?", "Pell")]),
    ('"Who will pay?" asked Pell.', [(D, "Who will pay?", "Pell")]),
    ('"Stop!" the guard shouted.', [(D, "Stop!", "the guard")]),
    ('"It was dark. We ran. Nobody fell," Pell recalled.', [(D, "It was dark. We ran. Nobody fell", "Pell")]),
    (
        '"We will rebuild," Pell said, "and we will be quick."',
        [(D, "We will rebuild", "Pell"), (D, "and we will be quick.", "Pell")],
    ),
    ('Pell said, "We will rebuild."', [(D, "We will rebuild.", "Pell")]),
    ('Pell said: "We will rebuild."', [(D, "We will rebuild.", "Pell")]),
    ('Ana Pell, the mayor, said on Monday: "We will rebuild."', [(D, "We will rebuild.", "Ana Pell")]),
    ('In a letter to the council, Pell wrote: "We will rebuild."', [(D, "We will rebuild.", "Pell")]),
    ('But Pell replied: "We will not."', [(D, "We will not.", "Pell")]),
    ('"Look," Pell threatened, calling them "fools."', [(D, "Look", "Pell"), (D, "fools.", "Pell")]),
    ("Pell said that the wall would hold.", [(I, "the wall would hold", "Pell")]),
    ("Pell said the wall would hold.", [(I, "the wall would hold", "Pell")]),
    ("Pell said on Monday that the wall would hold.", [(I, "the wall would hold", "Pell")]),
    ("Pell said Monday the wall would hold.", [(I, "the wall would hold", "Pell")]),
    ("Pell said in a statement the wall would hold.", [(I, "the wall would hold", "Pell")]),
    ("Pell said Monday morning the wall would hold.", [(I, "the wall would hold", "Pell")]),
    ("Pell said on Monday morning the wall would hold.", [(I, "the wall would hold", "Pell")]),
    ("Pell said publicly the wall would hold.", [(I, "the wall would hold", "Pell")]),
    ("He said that the wall would hold.", [(I, "the wall would hold", "He")]),
    ("Pell told AFP that the wall would hold.", [(I, "the wall would hold", "Pell")]),
    ("Pell told reporters on Monday that the wall would hold.", [(I, "the wall would hold", "Pell")]),
    ("Officials said the wall would hold.", [(I, "the wall would hold", "Officials")]),
    ("Police said two people were hurt.", [(I, "two people were hurt", "Police")]),
    ("The harbour board announced that the wall would hold.", [(I, "the wall would hold", "The harbour board")]),
    (
        "But Max Hess, a fellow with the U.S.-based institute, told AFP that it is unlikely.",
        [(I, "it is unlikely", "Max Hess")],
    ),
    ("The wall would hold, Pell said.", [(I, "The wall would hold", "Pell")]),
    ("The wall would hold, she said on Monday.", [(I, "The wall would hold", "she")]),
    ("The wall would hold, said Ana Pell.", [(I, "The wall would hold", "Ana Pell")]),
    ("According to Ana Pell, the wall would hold.", [(I, "the wall would hold", "Ana Pell")]),
    ("The wall would hold, according to Ana Pell.", [(I, "The wall would hold", "Ana Pell")]),
    ("The wall would hold, according to the board.", [(I, "The wall would hold", "the board")]),
    ('According to Pell, the wall was "a disgrace."', [(M, 'the wall was "a disgrace."', "Pell")]),
    ('Pell said the wall was "a disgrace" to the town.', [(M, 'the wall was "a disgrace" to the town', "Pell")]),
    ('Pell said that the wall was "a disgrace".', [(M, 'the wall was "a disgrace"', "Pell")]),
    ('The wall was "a disgrace," Pell said.', [(M, 'The wall was "a disgrace,"', "Pell")]),
    ('Pell warned that "nobody will pay" for the wall.', [(M, '"nobody will pay" for the wall', "Pell")]),
    ('"Nobody knew anything about the wall."', [(D, "Nobody knew anything about the wall.", None)]),
    # no quotations
    ('The film "The Long Wall" opened on Friday.', []),
    ("The board announced a new wall.", []),
    ("Pell was told to leave.", []),
    ("He said nothing.", []),
    ("The council met on Monday and left early.", []),
    ("Not long after, Pell asked her followers why the wall had cost so much.", []),
    ('It ruled out the so-called "People\'s Republics."', []),
    ('"Wall"', []),
    ("", []),
]


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES, ids=[sentence[:50] for sentence, _ in SENTENCES])
def test_a_sentence_tells_what_was_said_by_whom(
    sentence: str, expected: list[tuple[QuotationKind, str, str | None]]
) -> None:
    found = [
        (each.kind, sentence[slice(*each.words)], sentence[slice(*each.speaker)] if each.speaker else None)
        for each in find_quotations(sentence)
    ]
    assert found == expected


def names(text: str) -> list[str | None]:
    return [each.speaker_name for each in find_quotations(text)]


def test_a_surname_stands_for_the_full_name_before_it() -> None:
    assert names('Ana Pell runs the board.\n\n"We will rebuild," Pell said.') == ["Ana Pell"]


def test_a_pronoun_stands_for_the_last_speaker_when_nobody_else_was_named() -> None:
    assert names("Ana Pell said the wall would hold. She said that it was dry.") == ["Ana Pell", "Ana Pell"]


def test_a_pronoun_that_could_mean_another_person_stands_for_nobody() -> None:
    text = "Ana Pell said the wall would hold. Omar Quist lives there. She said that it was dry."
    assert names(text) == ["Ana Pell", None]


def test_words_that_go_on_in_a_paragraph_have_the_same_speaker() -> None:
    assert names('"We will rebuild," Ana Pell said. "It will take a year."') == ["Ana Pell", "Ana Pell"]
    assert names('"We will rebuild," Ana Pell said.\n\n"It will take a year."') == ["Ana Pell", None]


def test_marks_do_not_pair_across_a_paragraph() -> None:
    text = '"We will rebuild, I said.\n\nThe council met.\n\n"It will take a year," said Ana Pell.'
    assert [text[slice(*each.words)] for each in find_quotations(text)][-1] == "It will take a year"


@given(
    st.text()
    | st.lists(
        st.sampled_from(
            [
                '"',
                "“",
                "”",
                "'",
                "‘",
                "’",
                "«",
                "»",
                "Ana Pell",
                "said",
                " ",
                ", ",
                ". ",
                "\n\n",
                "that",
                "told",
                "the mayor",
            ]
        ),
        max_size=40,
    ).map(" ".join)
)
def test_offsets_reproduce_the_text(text: str) -> None:
    for each in find_quotations(text):
        assert 0 <= each.words.start < each.words.end <= len(text)
        words = text[slice(*each.words)]
        assert words == words.strip()
        if each.speaker:
            speaker = text[slice(*each.speaker)]
            assert speaker == speaker.strip() != ""
            assert not (each.speaker.start < each.words.end and each.words.start < each.speaker.end)


@pytest.mark.parametrize(
    "unit", ['"', "'a ", "Ana Pell ", "Ana Pell, the ", "said ", "the mayor ", '"a" said ', "\n", "“", "« ", " "]
)
def test_the_time_grows_with_the_length_of_the_text_and_no_faster(unit: str) -> None:
    text = unit * (50_000 // len(unit))
    started = time.process_time()
    find_quotations(text)
    assert time.process_time() - started < 5
