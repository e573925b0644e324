import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.corrections import correction_of

STORY = "The harbour froze on Monday.\n\nBoats stayed in.\n\nThe mayor spoke.\n\nNobody answered.\n\nIt thawed."

NOTES = [
    ("Correction: The harbour froze on Tuesday.", "The harbour froze on Tuesday."),
    ("CORRECTION (5 May): The toll was nine, not eleven.", "The toll was nine, not eleven."),
    ("CORRECTION (May 5, 2023, 10:15 a.m.): The toll was nine.", "The toll was nine."),
    ("Correction, June 8, 2023: The tram costs £41m.", "The tram costs £41m."),
    ("Corrections & clarifications: The tram costs £41m.", "The tram costs £41m."),
    ("Clarification: Ms Alder spoke for herself.", "Ms Alder spoke for herself."),
    ("*Correction:* The name is Pell.", "The name is Pell."),
    ("(Correction: The name is Pell.)", "The name is Pell."),
    ("Correction — The name is Pell.", "The name is Pell."),
    ("Correction on 8 June: The name is Pell.", "The name is Pell."),
    (
        "An earlier version of this article misstated the number of dead.",
        "An earlier version of this article misstated the number of dead.",
    ),
    (
        "Editor's note: A previous version of this story incorrectly said that the ferry sank.",
        "A previous version of this story incorrectly said that the ferry sank.",
    ),
    (
        "This story has been corrected to say that nine people died.",
        "This story has been corrected to say that nine people died.",
    ),
    (
        "This article was amended on 5 May 2023. The ferry was built in 1978, not 1987.",
        "This article was amended on 5 May 2023. The ferry was built in 1978, not 1987.",
    ),
    (
        "This story has been updated to correct the spelling of Farrant.",
        "This story has been updated to correct the spelling of Farrant.",
    ),
    (
        "The original version of this report said 12 people died.",
        "The original version of this report said 12 people died.",
    ),
    (
        "This article originally stated that the vote was on Friday.",
        "This article originally stated that the vote was on Friday.",
    ),
    ("An earlier headline misspelled Mr. Pell's name.", "An earlier headline misspelled Mr. Pell's name."),
    ("This version corrects the spelling of Farrant.", "This version corrects the spelling of Farrant."),
]
PROSE = [
    "Brokers warned of a market correction.",
    "He was sent to a house of correction in 1892.",
    "The Department of Correction: a history of neglect.",
    "Correction officers went on strike.",
    "The correction in share prices was sharp.",
    "An earlier version of the bill said that fines would double.",
    "The law was amended to say that fines would double.",
    "The minister asked for a clarification of the order.",
    "The report was amended after the vote, the council said.",
    "Corrections officers - all of them - left.",
    "The first edition of the festival was in 1998.",
    "The story has been told many times.",
    "An earlier draft of the treaty incorrectly named the river.",
    "The article of the constitution was amended in 1998.",
]


@pytest.mark.parametrize(("note", "correction"), NOTES)
@pytest.mark.parametrize("place", ["top", "foot"])
def test_a_note_at_the_top_or_the_foot_says_what_it_corrects(note: str, correction: str, place: str) -> None:
    text = f"{note}\n\n{STORY}" if place == "top" else f"{STORY}\n\n{note}"
    assert correction_of(text) == correction


@pytest.mark.parametrize("prose", PROSE)
def test_prose_about_corrections_is_no_correction(prose: str) -> None:
    assert correction_of(prose) is None
    assert correction_of(f"{prose}\n\n{STORY}") is None
    assert correction_of(f"{STORY}\n\n{prose}") is None


def test_a_heading_stands_for_the_paragraph_below_it() -> None:
    assert correction_of(f"{STORY}\n\nCorrection\n\nThe name is Pell.") == "The name is Pell."


def test_two_notes_are_told_one_after_the_other() -> None:
    text = f"{STORY}\n\nCorrection: It was Tuesday.\n\nCorrection: The name is Pell."
    assert correction_of(text) == "It was Tuesday. The name is Pell."


def test_a_note_in_the_middle_of_a_text_is_not_the_articles_own() -> None:
    text = "\n\n".join(["Boats stayed in."] * 6 + ["Correction: so began the page of 1912."] + ["It thawed."] * 6)
    assert correction_of(text) is None


@given(st.text() | st.text(st.sampled_from("Correction: (5 May)—\n an earlier version of this story said")))
def test_no_text_is_too_odd(text: str) -> None:
    assert correction_of(text) != ""
