"""Every sentence of an answer is checked against the evidence that it cites."""

from datetime import UTC, date, datetime
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.answer import Evidence, Support
from chat.checking.problems import ProblemKind, Verification
from chat.checking.verifying import verify
from corpus.article import new_article

PUBLISHED = datetime(2022, 6, 24, 14, 30, tzinfo=UTC)  # a Friday


def evidence(words: str, *, before: str = "", after: str = "", title: str = "Four days in June") -> Evidence:
    text = f"{before}{words}{after}"
    article = new_article(title=title, text=text, source="The Port Ledger", published_at=PUBLISHED)
    start = article.text.index(words)
    return Evidence(1, article, start, start + len(words))


def check(sentence: str, words: str, **around: str) -> Verification:
    return verify(sentence, [evidence(words, **around)])


def kinds(checked: Verification) -> set[ProblemKind]:
    return {problem.kind for problem in checked.problems}


def test_a_sentence_without_evidence_is_unsupported() -> None:
    checked = verify("The ferry sank.", [])
    assert checked.support is Support.UNSUPPORTED
    assert kinds(checked) == {ProblemKind.EVIDENCE}


def test_the_evidence_itself_is_quoted_whatever_its_marks_and_spaces() -> None:
    words = "The mayor’s office — closed since May — reopened.  Nobody came."
    assert check("The mayor's office - closed since May - reopened. Nobody came.", words).support is Support.QUOTED
    assert check("Nobody came.", words).support is Support.QUOTED


def test_a_piece_of_a_sentence_is_not_a_quotation_of_it() -> None:
    checked = check("The bridge is safe.", "It is not true that the bridge is safe.")
    assert checked.support is Support.UNSUPPORTED


def test_evidence_cited_together_supports_together() -> None:
    cited = [evidence("The fire killed 12 people."), evidence("The Grey Petrel was built in 1994.")]
    assert verify("The fire on the Grey Petrel, built in 1994, killed 12 people.", cited).support is Support.SUPPORTED


QUOTED = 'Anna Berg said: "We are losing ships to harbours with half our quays – and none of our sense."'


@pytest.mark.parametrize(
    "sentence",
    [
        "“We are losing ships to harbours with half our quays — and none of our sense,” said Berg.",
        'Berg said: "We are losing ships ... and none of our sense."',
        'Berg said: "We are losing [vessels] to harbours with half our quays - and none of our sense."',
        'Berg said they were "losing ships to harbours", with none of their sense.',
    ],
)
def test_a_quotation_is_recognised_whatever_its_marks_dashes_dots_and_brackets(sentence: str) -> None:
    assert check(sentence, QUOTED).support is Support.SUPPORTED


@pytest.mark.parametrize(
    "sentence",
    [
        'Berg said: "We are losing boats to harbours with half our quays."',
        'Berg said: "We are losing none of our sense."',
    ],
)
def test_a_false_quotation_loses_its_marks_and_is_flagged(sentence: str) -> None:
    checked = check(sentence, QUOTED)
    assert ProblemKind.QUOTATION in kinds(checked)
    assert checked.support in (Support.WEAK, Support.UNSUPPORTED)
    assert '"' not in checked.text
    assert checked.text == sentence.replace('"', "")


def test_a_quotation_without_its_closing_mark_is_held_to_the_end_of_the_sentence() -> None:
    assert check('Berg said: "We are losing ships to harbours', QUOTED).support is Support.SUPPORTED
    assert ProblemKind.QUOTATION in kinds(check('Berg said: "We are losing boats to harbours', QUOTED))


def test_two_speakers_words_are_not_joined_by_dots() -> None:
    words = '"We will pay for every ship," Berg said. "Nobody will pay for the quay," Lund said.'
    assert ProblemKind.QUOTATION in kinds(check('Berg said: "We will pay for ... the quay."', words))


def test_the_articles_own_words_are_not_put_into_somebodys_mouth() -> None:
    words = "Berg said the council would pay for the funerals of any family that asked."
    checked = check('Berg said: "The council would pay for the funerals."', words)
    assert kinds(checked) == {ProblemKind.QUOTATION}
    assert checked.support is Support.WEAK


def test_a_swapped_speaker_is_caught_even_when_the_evidence_names_both() -> None:
    words = '"We will pay," Berg said. "We shall see about that," Lund said.'
    assert check('"We will pay," said Berg.', words).support is Support.SUPPORTED
    swapped = check('"We will pay," said Lund.', words)
    assert swapped.support is Support.UNSUPPORTED
    assert kinds(swapped) == {ProblemKind.SPEAKER}


def test_the_reports_words_are_not_put_into_the_mouth_of_somebody_whom_it_does_not_name() -> None:
    words = "The cabin on the main deck was found burnt out."
    put = check("The harbour master said the cabin on the main deck was burnt out.", words)
    assert put.support is Support.UNSUPPORTED
    assert kinds(put) == {ProblemKind.SPEAKER}
    assert check("The report says the cabin on the main deck was burnt out.", words).support is Support.SUPPORTED


def test_what_the_report_says_of_one_person_is_not_said_of_another() -> None:
    words = "Harbour Gas was fined a record 225 million euros in 2018."
    told = check("Ellery Water was fined a record 225 million euros in 2018.", words, title="Ellery Water is fined")
    assert told.support is Support.WEAK
    assert kinds(told) == {ProblemKind.NAME}
    assert check("Harbour Gas was fined 225 million euros in 2018.", words).support is Support.SUPPORTED


def test_what_the_report_states_as_a_fact_is_not_given_as_somebodys_words() -> None:
    words = "The harbour master opened the cabin on the main deck, which was burnt out."
    assert check("The harbour master said the cabin on the main deck was burnt out.", words).support is Support.WEAK
    said = "The cabin on the main deck was burnt out, the harbour master said."
    assert check("The harbour master said the cabin was burnt out.", said).support is Support.SUPPORTED


@pytest.mark.parametrize(
    ("sentence", "today", "support"),
    [
        ("The bank shut its branches this week.", date(2022, 6, 30), Support.SUPPORTED),
        ("The bank shut its branches this week.", date(2022, 7, 9), Support.WEAK),
        ("The bank shut its branches today.", date(2022, 6, 27), Support.WEAK),
        ("The bank shut its branches this year.", date(2023, 9, 1), Support.WEAK),
        ("The bank shut its branches.", date(2023, 9, 1), Support.SUPPORTED),
        ("The bank shut its branches this week.", None, Support.SUPPORTED),
    ],
)
def test_this_week_is_the_week_of_the_reader_and_not_of_an_old_report(
    sentence: str, today: date | None, support: Support
) -> None:
    cited = [evidence("The Bank of Ellery shut its branches on Thursday, as the bank had said it would.")]
    assert verify(sentence, cited, today=today).support is support


def test_the_speaker_of_a_piece_of_a_quotation_is_the_one_that_its_paragraph_names() -> None:
    before = 'Tom Lund had left.\n\n"You can move a child up a hill," Anna Berg said. '
    words = '"You cannot move what is round the child."'
    assert (
        check('Berg said: "You cannot move what is round the child."', words, before=before).support
        is Support.SUPPORTED
    )
    assert (
        check('Lund said: "You cannot move what is round the child."', words, before=before).support
        is Support.UNSUPPORTED
    )


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("12 people died.", "Twelve people died."),
        ("The plan costs $4.1bn.", "The plan costs 4.1 billion dollars."),
        ("The wall costs 22.5 million crowns.", "The wall costs 22,500,000 crowns."),
        ("About 45% voted.", "Some 45 per cent voted."),
        ("The train left at 9:40 p.m.", "The train left at 21:40."),
        ("The train left at 11:30 p.m.", "The train left at half past eleven."),
        ("The road runs 6 km.", "The road runs six kilometres."),
        ("More than 5,000 people signed.", "Petitioners counted: 5,140 people signed."),
        ("The 62-room hotel opened.", "The hotel of 62 rooms opened."),
        ("On June 17 Tokayev spoke.", "Tokayev spoke on 17 June."),
        ("On 17 June 2022 Tokayev spoke.", "Tokayev spoke on 17 June."),
        ("The talks were held in June.", "The talks were held on Tuesday."),
        ("The talks were held on 21 June.", "The talks were held on Tuesday."),
        ("The talks were held on Thursday.", "The talks were held yesterday."),
        ("Tokayev spoke in Astana.", "Kassym-Jomart Tokayev spoke in Astana."),
        ("The EU will pay for the bridge.", "The European Union will pay for the bridge."),
        ("The FDIC closed the bank.", "The Federal Deposit Insurance Corporation closed the bank."),
        ("British and Turkish ships sailed.", "Ships from Britain and Turkey sailed."),
        ("The Port Ledger counted 12 ships.", "There were 12 ships."),
        ("The prices did not rise.", "The prices have not risen."),
        ("Prices fell after the war began.", "After the war began, prices fell."),
        ("After the vote he left the hall.", "He left the hall after the vote."),
        ("The vote came before he left the hall.", "He left the hall after the vote."),
    ],
)  # fmt: skip
def test_a_paraphrase_is_supported(sentence: str, words: str) -> None:
    checked = check(sentence, words)
    assert checked.support is Support.SUPPORTED, checked.problems


@pytest.mark.parametrize(
    ("sentence", "words", "kind"),
    [
        ("13 people died.", "Twelve people died.", ProblemKind.NUMBER),
        ("The plan costs $4.1 million.", "The plan costs $4.1 billion.", ProblemKind.NUMBER),
        ("The plan costs €4.1 billion.", "The plan costs $4.1 billion.", ProblemKind.NUMBER),
        ("45 people voted.", "45 per cent of people voted.", ProblemKind.NUMBER),
        ("More than 200 people signed.", "Some 300 people signed.", ProblemKind.NUMBER),
        ("Four passengers and eight crew died.", "Eight passengers and four crew died.", ProblemKind.NUMBER),
        ("The train left at 9:40 a.m.", "The train left at 21:40.", ProblemKind.NUMBER),
        ("Tokayev spoke on 18 June.", "Tokayev spoke on 17 June.", ProblemKind.DATE),
        ("Tokayev spoke on 17 June 2021.", "Tokayev spoke on 17 June.", ProblemKind.DATE),
        ("The talks were held on Sunday.", "The talks were held on Tuesday.", ProblemKind.DATE),
        ("The talks were held in March.", "The talks were held on Tuesday.", ProblemKind.DATE),
        # The day of the report, behind the weekday of the event.
        ("The talks were held on Sunday, June 24, 2022.", "The talks were held on Sunday.", ProblemKind.DATE),
        ("Tokayev spoke in Almaty.", "Tokayev spoke in Astana.", ProblemKind.NAME),
        ("The Austrian ships sailed for home.", "Ships from Australia sailed for home.", ProblemKind.NAME),
        ("Prices rose in the city.", "Prices fell in the city.", ProblemKind.CONTRAST),
        ("The bridge was not closed.", "The bridge was closed.", ProblemKind.CONTRAST),
        ("The council agreed to pay.", "The council refused to pay.", ProblemKind.CONTRAST),
        ("Spain lost the final.", "Spain won the final.", ProblemKind.CONTRAST),
        ("Fewer than 200 voted.", "More than 200 voted.", ProblemKind.CONTRAST),
        ("He left the hall before the vote.", "He left the hall after the vote.", ProblemKind.CONTRAST),
        ("Cats sleep in warm gardens.", "The council raised the harbour fees.", ProblemKind.WORDING),
    ],
)  # fmt: skip
def test_what_the_evidence_does_not_say_is_unsupported(sentence: str, words: str, kind: ProblemKind) -> None:
    checked = check(sentence, words)
    assert checked.support is Support.UNSUPPORTED
    assert kind in kinds(checked)


@pytest.mark.parametrize(
    "words",
    [
        "Police said the driver had crossed the line.",
        "The driver had crossed the line, police said.",
        "According to police, the driver had crossed the line.",
        '"The driver crossed the line," Berg said.',
    ],
)
def test_what_somebody_says_is_weak_when_it_is_stated_as_a_fact(words: str) -> None:
    checked = check("The driver had crossed the line.", words)
    assert checked.support is Support.WEAK
    assert kinds(checked) == {ProblemKind.ATTRIBUTION}


def test_the_reporters_own_words_beside_a_quotation_need_no_attribution() -> None:
    words = "The bridge over the Tern was closed on Monday, and Berg said it might rot."
    assert check("The bridge over the Tern was closed on Monday.", words).support is Support.SUPPORTED


def test_somebody_whom_the_article_does_not_know_has_not_said_it() -> None:
    before = 'Anna Berg stood on the counter. "I was worried," she told us. '
    checked = check('Myers said: "I should like some dust now."', '"I should like some dust now."', before=before)
    assert checked.support is Support.UNSUPPORTED
    assert kinds(checked) == {ProblemKind.SPEAKER}


def test_another_name_that_opens_the_sentence_is_flagged() -> None:
    assert check("Nazarbayev spoke in Astana.", "Tokayev spoke in Astana.").support is Support.WEAK
    assert check("Austrian ships sailed for home.", "Ships from Australia sailed for home.").support is Support.WEAK
    assert check("Crowds cheered the ship.", "People on the quay cheered the ship.").support is Support.SUPPORTED


def test_a_name_joined_from_the_title_and_the_evidence_is_weak() -> None:
    words = "Berg said that the harbour froze."
    checked = check("Anna Berg said that the harbour froze.", words, title="Anna Lund walks")
    assert (checked.support, kinds(checked)) == (Support.WEAK, {ProblemKind.NAME})
    assert (
        check("Anna Berg said that the harbour froze.", words, after=" Anna Berg walks.").support is Support.SUPPORTED
    )


def test_a_dropped_more_than_is_weak() -> None:
    assert check("200 people signed.", "More than 200 people signed.").support is Support.WEAK


def test_a_name_from_elsewhere_in_the_article_is_weak_unless_a_pronoun_refers_to_it() -> None:
    before = "Anna Berg came late.\n\n"
    assert check("Berg opened the hall.", "The mayor opened the hall.", before=before).support is Support.WEAK
    assert check("Berg opened the hall.", "She opened the hall.", before=before).support is Support.SUPPORTED


def test_a_name_of_the_question_need_only_be_in_the_article() -> None:
    shown = evidence("A fire below deck burned for two days.", before="The Grey Petrel left Ellery at nine.\n\n")
    said = "A fire on the Grey Petrel burned for two days."
    assert verify(said, [shown]).support is Support.WEAK
    assert verify(said, [shown], asked="How long did the Grey Petrel burn?").support is Support.SUPPORTED
    other = "A fire on the Blue Tern burned for two days."
    assert verify(other, [shown], asked="How long did the Blue Tern burn?").support is Support.UNSUPPORTED


def test_something_else_said_of_a_named_person_is_weak() -> None:
    told = "Captain Ansa Thorvik, the harbour master, closed the port to all other traffic until noon."
    assert check("Captain Ansa Thorvik led the investigation.", told).support is Support.WEAK
    assert check("Captain Ansa Thorvik shut the port until noon.", told).support is Support.SUPPORTED


def test_a_similarity_given_by_the_caller_excuses_other_words_or_condemns_the_same() -> None:
    cited = [evidence("The lender collapsed overnight.")]
    assert verify("A bank failed in the dark.", cited, similarity=0.7).support is Support.SUPPORTED
    assert verify("A bank failed in the dark.", cited, similarity=0.1).support is Support.UNSUPPORTED
    assert verify("A bank failed in the dark.", cited).support is not Support.SUPPORTED


@pytest.mark.parametrize("words", ["Aaa ", '"a ', "a ... ", "[b] a ", "12 ", ", said the ", "according to a ", "'a "])
def test_hostile_text_is_checked_quickly(words: str) -> None:
    started = process_time()
    check(words * 150 + "end.", "a " * 500 + "b.")
    check("Anna Berg said so, twice.", words * 1500 + "end.")
    check(words * 10_000, "Nothing of the kind.")
    assert process_time() - started < 1.0


def test_every_problem_says_the_words_and_why() -> None:
    checked = check('Lund said on 18 June that 13 died: "Prices rose."', "Twelve people died in Astana, Berg said.")
    assert len(checked.problems) > 3
    assert all(problem.words and problem.why for problem in checked.problems)


@given(st.text(max_size=200), st.text(min_size=1, max_size=200))
def test_no_text_breaks_the_check_and_only_marks_are_ever_taken_away(sentence: str, words: str) -> None:
    if not words.strip():
        return
    article = new_article(title="Any", text=f"x {words}", source="s", published_at=PUBLISHED)
    checked = verify(sentence, [Evidence(1, article, 0, len(article.text))])
    assert isinstance(checked.support, Support)
    assert checked.text == sentence or checked.problems


@given(
    st.lists(
        st.sampled_from(["The ferry sank.", '"We left," Berg said.', "It was 12 June.", "Nobody won."]), min_size=1
    )
)
def test_the_evidence_itself_is_always_quoted(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert check(text, text).support is Support.QUOTED
