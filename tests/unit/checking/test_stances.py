# ruff: noqa: E501 - the table is read line by line
"""Yes and no: only where a sentence says so outright."""

import pytest

from chat.answer import Evidence
from chat.checking.stances import Stance, as_clause, stance, weigh_stances
from chat.understanding.propositions import presupposed, yes_or_no
from tests.articles import article

YES, NO, NEITHER = Stance.AFFIRMS, Stance.DENIES, None


def evidence(text: str, number: int = 1) -> Evidence:
    made = article("Council meeting", text, day="2023-06-08", url=f"https://courier.example/{number}")
    return Evidence(number, made, 0, len(made.text))


TRAM = "Did the council approve the tram line?"
TABLE = [
    (TRAM, "The council approved the tram line on Thursday night.", YES),
    (TRAM, "On Thursday the council approved the tram line.", YES),
    (TRAM, "The council has now approved the tram line by 17 to 14.", YES),
    (TRAM, "The town council approved the tram line.", NEITHER),
    (TRAM, "The council did not approve the tram line.", NO),
    (TRAM, "The council rejected the tram line.", NO),
    (TRAM, "The council rejected the tram line in May and built it in June.", NEITHER),
    (TRAM, "The council approved the tram line study.", NEITHER),
    (TRAM, "The council approved half of the tram line.", NEITHER),
    (TRAM, "The council will approve the tram line.", NEITHER),
    (TRAM, "The council was expected to approve the tram line.", NEITHER),
    (TRAM, "The council that approved the budget rejected the tram line.", NEITHER),
    (TRAM, "The council approved the budget and the tram line was forgotten.", NEITHER),
    (TRAM, "The council voted on whether to approve the tram line.", NEITHER),
    (TRAM, "The mayor said the council approved the tram line.", NEITHER),
    (TRAM, "The council approved the tram line, according to a rumour.", NEITHER),
    (TRAM, '"The council approved the tram line," she said.', NEITHER),
    (TRAM, "If the council approved the tram line, work would begin.", NEITHER),
    (TRAM, "Had the council approved the tram line?", NEITHER),
    (TRAM, "The council approving the tram line surprised nobody.", NEITHER),
    (TRAM, "The tram line was approved by the council.", NEITHER),
    (TRAM, "The council has yet to approve the tram line.", NEITHER),
    (TRAM, "The council never failed to approve the tram line.", NEITHER),
    ("Was the tram line approved?", "The tram line was approved by 17 to 14.", YES),
    ("Was the tram line approved?", "The tram line was never approved.", NO),
    ("Was the tram line approved?", "The tram line is approved.", NEITHER),
    ("Did Russia attack Ukraine?", "Russia attacked Ukraine in February.", YES),
    ("Did Russia attack Ukraine?", "Ukraine attacked Russia in August.", NEITHER),
    ("Did Russia attack Ukraine?", "Russia was attacked by Ukraine.", NEITHER),
    ("Did Russia attack?", "Russia was attacked on Monday.", NEITHER),
    ("Was Russia attacked by Ukraine?", "Russia was attacked by Ukraine on Monday.", YES),
    ("Was Russia attacked by Ukraine?", "Russia attacked Ukraine on Monday.", NEITHER),
    ("Did Liz Truss resign?", "Liz Truss resigned on 20 October.", YES),
    ("Did Truss resign?", "Liz Truss resigned on 20 October. The party thanked Truss.", YES),
    ("Did York flood?", "New York flooded on Monday.", NEITHER),
    ("Did the mayor resign?", "The mayor resigned.", YES),
    ("Did the mayor resign?", "The deputy mayor resigned on Monday.", NEITHER),
    ("Did the mayor resign?", "The mayor's deputy resigned.", NEITHER),
    ("Did the mayor resign?", "The mayor refused to resign.", NEITHER),
    ("Did the mayor resign?", "The mayor has not yet resigned.", NEITHER),
    ("Did the mayor resign after the vote?", "The mayor did not resign.", NO),
    ("Did the mayor resign after the vote?", "The mayor did not resign on Monday.", NEITHER),
    ("Did the mayor resign after the vote?", "The mayor resigned.", NEITHER),
    ("Will the mayor resign?", "The mayor will resign.", YES),
    ("Will the mayor resign?", "The mayor will not resign.", NO),
    ("Will the mayor resign?", "The mayor resigned.", NEITHER),
    ("Is the bridge open?", "The bridge is open.", YES),
    ("Is the bridge open?", "The bridge is closed.", NO),
    ("Is the bridge open?", "The bridge was open.", NEITHER),
    ("Did 12 people die in the fire?", "12 people died in the fire.", YES),
    ("Did 12 people die in the fire?", "Nine people died in the fire.", NEITHER),
    ("Did prices rise in May?", "Prices rose in May.", YES),
    ("Did prices rise in May?", "Prices rose in June.", NEITHER),
    ("Did prices rise?", "Prices fell.", NO),
    ("Did prices rise?", "Prices fell in the north.", NEITHER),
    ("Did the bank fail?", "The bank failed on Friday.", YES),
    ("Can ChatGPT browse the web?", "ChatGPT cannot browse the web.", NO),
    ("Has the cable been repaired?", "The cable has been repaired.", YES),
    ("Has the cable been repaired?", "The cable has not been repaired.", NO),
    ("Could you tell me whether the mayor did resign?", "The mayor resigned.", NEITHER),
    ("Did no one die?", "No one died.", NEITHER),
    ("Were there any arrests at the march?", "There were no arrests at the march.", NO),
    ("Any arrests?", "There were no arrests.", NO),
    ("Did the council vote against the line?", "The council did not vote on the budget.", NEITHER),
    ("Did the union accept the offer?", "The union's members accepted the offer.", NEITHER),
]  # fmt: skip


@pytest.mark.parametrize(("question", "sentence", "expected"), TABLE)
def test_a_sentence_says_yes_or_no_only_outright(question: str, sentence: str, expected: Stance | None) -> None:
    proposition = yes_or_no(question)
    held = stance(proposition, evidence(sentence)) if proposition else None
    assert (held.stance if held else None) is expected


def test_reports_that_contradict_each_other_decide_nothing() -> None:
    proposition = yes_or_no(TRAM)
    assert proposition is not None
    yes, no = evidence("The council approved the tram line.", 1), evidence("The council rejected the tram line.", 2)
    assert weigh_stances(proposition, [yes, no]) is None
    found = weigh_stances(proposition, [evidence("It rained.", 3), yes])
    assert found is not None
    assert found[1] == yes


@pytest.mark.parametrize(
    ("question", "sentence", "clause"),
    [
        ("Why did Stannard resign after losing to Farrant?", "Stannard did not resign.", "Stannard did resign after losing to Farrant"),
        ("When did the mayor reject the plan?", "The mayor accepted the plan.", "the mayor did reject the plan"),
        ("Why did the mayor of [x](y) resign?", "The mayor of x y did not resign.", ""),
        ("Why did the mayor resign?", "The mayor resigned in tears.", None),
    ],
)  # fmt: skip
def test_what_a_question_takes_for_granted_may_be_denied(question: str, sentence: str, clause: str | None) -> None:
    proposition = presupposed(question)
    assert proposition is not None
    held = stance(proposition, evidence(sentence))
    denied = held is not None and held.stance is Stance.DENIES
    assert denied == (clause is not None)
    assert held is None or not denied or as_clause(proposition, held) == clause


def test_what_is_no_question_of_yes_or_no_proposes_nothing() -> None:
    assert yes_or_no("Who approved the tram line?") is None
    assert presupposed("Who approved the tram line?") is None
