"""Kinds of question, by a table made by hand; none of these is among the questions that answers are measured on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.understanding.kinds import QuestionKind, bare_question, kind_of

FACT, FIGURE, LIST, YES_NO = QuestionKind.FACT, QuestionKind.FIGURE, QuestionKind.LIST, QuestionKind.YES_NO
COMPARISON, CHANGE = QuestionKind.COMPARISON, QuestionKind.CHANGE
TIMELINE, STATEMENT = QuestionKind.TIMELINE, QuestionKind.STATEMENT

TABLE = [
    ("Who won the mayoral election?", FACT),
    ("When did the strike begin?", FACT),
    ("Where was the painting found?", FACT),
    ("Why was the bridge closed?", FACT),
    ("How long did the strike last?", FACT),
    ("Which team won the cup?", FACT),
    ("What is the name of the ship?", FACT),
    ("ferry fire cause", FACT),
    ("What was stolen from the museum?", FACT),
    ("Did Russia or Ukraine fire first?", FACT),
    ("Can you tell me who led the march?", FACT),
    ("What has the minister decided?", FACT),
    ("What is the latest on the strike?", FACT),
    ("", FACT),
    ("How many people died in the flood?", FIGURE),
    ("how much did the wall cost", FIGURE),
    ("What is the death toll?", FIGURE),
    ("And how many were injured?", FIGURE),
    ("What was the number of ships turned away?", FIGURE),
    ("ferry fire toll", FIGURE),
    ("Please tell me how many homes were flooded", FIGURE),
    ("Which countries signed the treaty?", LIST),
    ("What companies have left Russia?", LIST),
    ("Name the members of the committee", LIST),
    ("List the towns that were flooded.", LIST),
    ("Who were the winners of the three prizes?", LIST),
    ("What are the main demands of the union?", LIST),
    ("Everyone who has been charged", LIST),
    ("Give me a list of closed schools", LIST),
    ("Did the council approve the tram line?", YES_NO),
    ("Was anybody hurt?", YES_NO),
    ("is the bridge open again", YES_NO),
    ("Hasn't the mayor resigned?", YES_NO),
    ("any survivors?", YES_NO),
    ("Do you know whether the strike is over?", FACT),
    ("Is it true that the mayor resigned?", YES_NO),
    ("Did more than 200 people die?", YES_NO),
    ("Could you tell me if was the line approved?", YES_NO),
    ("So did she resign?", YES_NO),
    ("How do the Courier and the Gazette differ on the march?", COMPARISON),
    ("Compare the two budgets", COMPARISON),
    ("Which was larger, the 2021 flood or the 2023 flood?", COMPARISON),
    ("Was the 2023 storm stronger than the 2021 storm?", COMPARISON),
    ("Do the reports agree on the cause?", COMPARISON),
    ("Inflation in May versus June", COMPARISON),
    ("How does unemployment compare with last year?", COMPARISON),
    ("What changed in the plan?", CHANGE),
    ("What has changed since the election?", CHANGE),
    ("What is different about the new contract?", CHANGE),
    ("How has the government's position on tariffs changed?", CHANGE),
    ("What was corrected in the article about the vote?", CHANGE),
    ("How was the budget cut between March and May?", CHANGE),
    ("What became of the ferry company?", CHANGE),
    ("Ticket prices before and after the reform", CHANGE),
    ("What happened in Tonga?", TIMELINE),
    ("Give me a timeline of the strike", TIMELINE),
    ("How did the crisis unfold?", TIMELINE),
    ("Walk me through the takeover", TIMELINE),
    ("the events leading to the resignation", TIMELINE),
    ("What were the steps of the takeover, in order?", TIMELINE),
    ("The search, day by day", TIMELINE),
    ("What did the mayor say about the tram?", STATEMENT),
    ("Who said that the pipeline was political?", STATEMENT),
    ("How did the union respond to the offer?", STATEMENT),
    ("Which senator called the plan a disgrace?", STATEMENT),
    ("The minister's reaction to the report", STATEMENT),
    ("What was the bishop's view of the strike?", STATEMENT),
    ("What has Lund promised to do?", STATEMENT),
    ("What words of the captain were reported? Quotes from the captain", STATEMENT),
]  # fmt: skip


@pytest.mark.parametrize(("question", "kind"), TABLE)
def test_the_kind_of_a_question(question: str, kind: QuestionKind) -> None:
    assert kind_of(question) is kind


@pytest.mark.parametrize(
    ("said", "bare"),
    [
        ("Could you please tell me who won?", "who won?"),
        ("So, was it open?", "was it open?"),
        ("Who won?", "Who won?"),
    ],
)
def test_politeness_is_no_part_of_a_question(said: str, bare: str) -> None:
    assert bare_question(said) == bare


@given(st.text(max_size=300))
def test_any_text_has_a_kind_at_once(text: str) -> None:
    assert kind_of(text) in QuestionKind


def test_a_long_text_does_not_hold_anybody_up() -> None:
    for piece in ("what did ", "which s ", "how was cut ", "more or ", "who said ", "'s x "):
        assert kind_of(piece * 500) in QuestionKind
