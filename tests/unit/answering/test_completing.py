"""What of a small model's answer stands, and the quotations that follow where it does not tell what was asked."""

from datetime import UTC, datetime

import pytest

from chat.answer import Evidence, Sentence, Support
from chat.answering.completing import completion, is_borne_out, only_repeats, tells
from chat.answering.quoting import quotation
from chat.understanding.question import Question
from chat.understanding.understand import understand
from corpus.article import new_article

NOW = datetime(2022, 7, 30, 12, tzinfo=UTC)
SPOKEN_OF = "The company has cut air conditioning in its stores."
NAMED = "Bed Bath & Beyond denied that its stores were told to turn off the air conditioning."


def asked(text: str) -> Question:
    return understand(text, as_of=NOW, sources=(), agencies=(), authors=(), sections=(), last_day=None)


def evidence(number: int, text: str) -> Evidence:
    article = new_article(title="Stores", text=text, source="Ellery Courier", published_at=NOW)
    return Evidence(number, article, 0, len(text))


def written(text: str, support: Support = Support.SUPPORTED) -> Sentence:
    return Sentence(text, (evidence(1, SPOKEN_OF),), support)


QUESTION = asked("Which company is accused of cutting the air conditioning in its stores?")
QUOTATIONS = (quotation(evidence(1, SPOKEN_OF)), quotation(evidence(2, NAMED)))


def test_what_only_repeats_the_question_is_followed_by_the_quotations_and_first_by_what_tells_more() -> None:
    said = written("The company is accused of cutting the air conditioning in its stores.")
    assert completion(QUESTION, [said], QUOTATIONS) == QUOTATIONS[::-1]


def test_what_tells_what_was_asked_stands_alone() -> None:
    assert completion(QUESTION, [written("It is Bed Bath & Beyond that is accused of it.")], QUOTATIONS) == ()


def test_all_that_bears_more_on_the_question_is_quoted_where_what_is_written_rests_on_something_else() -> None:
    best_first = QUOTATIONS[::-1]
    assert completion(QUESTION, [written("Target is accused of it.")], best_first) == best_first


def test_what_bears_most_on_the_question_is_quoted_unless_it_is_retold() -> None:
    best_first, best = QUOTATIONS[::-1], (evidence(2, NAMED),)
    hardly = Sentence("Target is accused of it.", best, Support.SUPPORTED)
    retold = Sentence("Bed Bath & Beyond denied that it told stores to turn it off.", best, Support.SUPPORTED)
    assert completion(QUESTION, [hardly], best_first) == best_first[:1]
    assert completion(QUESTION, [retold], best_first) == ()


def test_what_is_weak_is_followed_by_the_exact_words() -> None:
    said = written("It is Bed Bath & Beyond that is accused of it.", Support.WEAK)
    assert completion(QUESTION, [said], QUOTATIONS) == QUOTATIONS[::-1]


def test_what_is_quoted_already_is_not_quoted_again() -> None:
    said = written("The company is accused of cutting it.")
    assert completion(QUESTION, [said, QUOTATIONS[0]], QUOTATIONS) == QUOTATIONS[1:]


def test_where_no_quotation_tells_it_either_they_are_what_there_is() -> None:
    assert completion(QUESTION, [written("The company is accused.")], QUOTATIONS[:1]) == QUOTATIONS[:1]


@pytest.mark.parametrize(
    ("question", "said", "told"),
    [
        ("How many people were hurt?", "Four people were hurt.", True),
        ("How many people were hurt?", "People were hurt in 2022.", False),
        ("Which country was shaken by an earthquake?", "The country was shaken by an earthquake.", False),
        ("Which country was shaken by an earthquake?", "The Philippines was shaken by an earthquake.", True),
        ("When did the ferry sink?", "The ferry sank.", False),
        ("When did the ferry sink?", "The ferry sank on Tuesday.", True),
        ("Why was the festival called off?", "The festival was called off because of a flood.", True),
        ("What did the images show?", "The images were shown.", False),
        ("Was the port shut?", "The port was shut.", True),
        ("Was the port shut?", "Was the port shut?", False),
        ("What did the images show?", "The images showed distant galaxies.", True),
        ("What caused the fire?", "The fire chief would not be drawn on the cause.", False),
        ("What caused the fire?", "The cause of the fire has not been established.", False),
        ("Who lit the fire?", "Bo Lund declined to comment on the cause.", False),
        ("Is the cause known?", "The cause is not known.", True),
    ],
)
def test_an_answer_has_the_sort_of_thing_that_is_asked_for(question: str, said: str, told: bool) -> None:
    assert tells(asked(question), said) is told


@pytest.mark.parametrize(
    ("question", "said", "is_told"),
    [
        ("How many people died in the fire?", "On Thursday.", False),
        ("When did the ship burn?", "On Thursday.", True),
        ("How long has the port been shut?", "Since Monday.", True),
        ("How many people died?", "1984 people died.", True),
        ("Who closed the port?", "On Thursday, the harbour master.", True),
    ],
)
def test_a_day_tells_nothing_unless_a_time_is_asked_for(question: str, said: str, is_told: bool) -> None:
    assert only_repeats(said, asked(question)) is not is_told


@pytest.mark.parametrize(
    ("said", "is_told"),
    [
        ("Rosalind Achterberg said it.", False),
        ("Captain Ansa Thorvik, the harbour master, said so.", False),
        ("Mowbray said it, the secretary, on a picket line.", False),
        ("Mowbray said it was wrong.", True),
        ("The company said it plans to cut 40 jobs by June.", True),
        ("The company said it lost 3 million pounds.", True),
        ("The mayor said this week that nine people died.", True),
        ("Mowbray said that he would strike.", True),
    ],
)
def test_that_somebody_said_it_tells_nothing(said: str, is_told: bool) -> None:
    assert only_repeats(said, asked("What did the fire chief say about the boats?")) is not is_told


MONTIEL = "Gonzalo Montiel scored the last kick of a shootout that Argentina won 4-2 on Sunday."
WHO_WON = asked("Who won the final?")


def from_evidence(said: str, text: str, support: Support = Support.SUPPORTED) -> Sentence:
    article = new_article(
        title="A shootout", text=f"{text} It was a final of Messi.", source="Courier", published_at=NOW
    )
    return Sentence(said, (Evidence(1, article, 0, len(text)),), support)


def test_a_small_models_sentence_stands_where_it_only_shortens_a_piece_of_evidence() -> None:
    assert is_borne_out(WHO_WON, from_evidence("Argentina won 4-2 on Sunday.", MONTIEL))
    assert is_borne_out(WHO_WON, from_evidence(MONTIEL, MONTIEL))


@pytest.mark.parametrize(
    "said",
    [
        "Gonzalo Montiel won the final.",  # the words of the question beside a name
        "Montiel and Messi won a shootout.",  # a word that nobody said
        "Argentina won the final 4-2.",
        "Argentina celebrated the final.",
    ],
)
def test_a_small_models_sentence_with_words_of_its_own_or_the_questions_does_not_stand(said: str) -> None:
    assert not is_borne_out(WHO_WON, from_evidence(said, MONTIEL))


def test_a_small_models_sentence_that_is_weak_or_from_two_pieces_does_not_stand_and_a_copy_does() -> None:
    both = Sentence(
        "Argentina won on Sunday, and KFC paid.", (evidence(1, MONTIEL), evidence(2, "KFC paid.")), Support.SUPPORTED
    )
    assert not is_borne_out(WHO_WON, both)
    assert not is_borne_out(WHO_WON, from_evidence(MONTIEL, MONTIEL, Support.WEAK))
    assert is_borne_out(WHO_WON, from_evidence(MONTIEL, MONTIEL, Support.QUOTED))


def test_a_small_models_sentence_that_does_not_tell_what_was_asked_does_not_stand() -> None:
    told = "Four people died and 48 flats were damaged on Sunday."
    assert is_borne_out(asked("How many people died?"), from_evidence("Four people died on Sunday.", told))
    assert not is_borne_out(asked("How many people live there?"), from_evidence("48 flats were damaged.", told))
    assert not is_borne_out(asked("Why did four people die?"), from_evidence("Four people died.", told))
