"""Who a plain sentence says is speaking, and which part of it is theirs."""

import pytest

from chat.english.attributions import (
    attributed_part,
    attributes,
    attribution_clause,
    find_attributions,
    speaking_roles,
)


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ('"We will rebuild," said Ana Pell.', ["Ana Pell"]),
        ('Ana Pell, the mayor, said on Monday: "We will rebuild."', ["Ana Pell"]),
        ("Pell believes nothing of it, but Omar Quist warned that the wall leaks.", ["Omar Quist"]),
        ("According to Ana Pell, the wall would hold.", ["Ana Pell"]),
        ("The wall would hold, she said.", ["she"]),
        ("The harbour master said that the wall would hold.", []),  # a role has no name
        ('The sign read "Ana Pell said no".', []),
        ("The council met on Monday.", []),
        ("", []),
    ],
)
def test_the_speakers_of_a_sentence_are_named_outside_its_quotation_marks(text: str, speakers: list[str]) -> None:
    found = find_attributions(text)
    assert [one.speaker for one in found] == speakers
    assert all(text[one.start :].startswith(one.speaker) for one in found)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Prime Minister Ana Pell said no.", ("Ana", "Pell")),
        ("Mr. Pell said no.", ("Pell",)),
        ("They said no.", ()),
    ],
)
def test_titles_are_no_part_of_a_speakers_name(text: str, names: tuple[str, ...]) -> None:
    (found,) = find_attributions(text)
    assert found.names == names
    assert found.is_pronoun is not bool(names)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("The harbour master said that the port was shut.", ["harbour master"]),
        ("A spokeswoman told reporters that the port was shut.", ["spokeswoman"]),
        ("The newspaper reported that the port was shut.", []),
        ("Ana Pell said that the port was shut.", []),
        ("The port was shut.", []),
    ],
)
def test_a_speaker_without_a_name_is_known_by_the_role(text: str, roles: list[str]) -> None:
    assert speaking_roles(text) == roles


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pell said the wall would hold.", True),
        ("The wall would hold, according to the board.", True),
        ("The board announced a new wall.", True),
        ("Critics called the wall a disgrace.", True),
        ("The wall held.", False),
        ("The statesman left.", False),
    ],
)
def test_a_sentence_attributes_when_it_has_a_word_of_attribution(text: str, expected: bool) -> None:
    assert attributes(text) is expected


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Pell said the wall would hold.", " the wall would hold."),
        ("The wall would hold, Pell said.", "The wall would hold"),
        ("According to Pell, the wall would hold.", "According to Pell, the wall would hold."),
        ("The board announced a new wall.", ""),  # an act, told by the reporter
        ("The board announced that the wall would go.", " the wall would go."),
        ('The wall is "a disgrace" to the town.', "a disgrace"),
        ("The wall held.", ""),
    ],
)
def test_the_attributed_part_is_what_somebody_says(text: str, part: str) -> None:
    assert attributed_part(text) == part


@pytest.mark.parametrize("unit", ["Ana Pell, the ", "the mayor ", "said ", "according to ", '"', ", said "])
def test_hostile_text_is_read_in_time_that_grows_with_its_length(unit: str) -> None:
    text = unit * (20_000 // len(unit))
    assert isinstance(find_attributions(text), list)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A rider was killed, police said.", ", police said"),
        ("The bridge is to close, the council said on Thursday.", ", the council said on Thursday"),
        ('"We will rebuild," said Ana Pell, the mayor.', ", said Ana Pell, the mayor"),
        ("Ana Pell of Harbour Watch said the wall would hold.", ", Ana Pell of Harbour Watch said"),
        ("Officials said the road was open.", ", officials said"),
        ("She said the road was open.", ""),
        ("The road was open.", ""),
    ],
)
def test_somebodys_words_can_be_given_as_theirs_with_the_words_of_the_report(text: str, expected: str) -> None:
    assert attribution_clause(text) == expected


@pytest.mark.parametrize(
    ("text", "theirs"),
    [
        (
            "Inspector Pell said officers had counted the crowd. There were no arrests.",
            "officers had counted the crowd.",
        ),
        ('"I never saw it," said Ana Pell, the keeper, who has lived there since May.', "I never saw it,"),
    ],
)
def test_what_follows_somebodys_words_is_the_reporters(text: str, theirs: str) -> None:
    assert attributed_part(text).strip() == theirs
