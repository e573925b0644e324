import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import Span, paragraph_at, split_paragraphs, split_sentences

# Each row is a paragraph, given as the sentences that it must be split into.
PARAGRAPHS: list[list[str]] = [
    # plain ends
    ["The bridge was closed on Monday.", "It will open again in May."],
    ["Who will pay?", "Nobody knows.", "The mayor left!"],
    ["The council met.", "5,000 people had signed the petition."],
    ["Prices rose by 3.5 percent to $1.25.", "Wages did not."],
    ["It opened in 1998.", "It closed in 2004."],
    ["Turnout was 61.3%.", "That is a record."],
    # titles
    ["Mr. Hale and Mrs. Ortiz met Dr. Lindqvist.", "All three declined to comment."],
    ["Gen. Mark Oduya briefed Sen. Ruth Alder and Gov. Pell.", "Reporters were kept out."],
    ["Lt. Col. Ana Reyes spoke.", "Sgt. Bell did not."],
    ["The Rev. Paul Dunn opened the doors.", "Prof. Adeyemi followed."],
    ["St. Petersburg hosts the forum.", "Moscow does not."],
    ["The leaders met in St. Petersburg last week.", "They will meet again."],
    ["Troops left Ft. Worth and Mt. Pleasant.", "Others stayed."],
    # initials
    ["J. K. Rowling and John F. Kennedy were named.", "The list is long."],
    ["George W. Bush spoke.", "He was brief."],
    ["A spokesman for E. coli research at the N. Shore laboratory called.", "No one answered."],
    # acronyms
    ["The U.S. State Department protested.", "Beijing replied."],
    ["He moved to the U.S.", "The move surprised many."],
    ["The U.N. Security Council met in the U.K. embassy.", "It adjourned."],
    ["She lives in Washington, D.C., and works in the U.S.", "But she votes in Ohio."],
    ["The U.S.-based institute disagreed.", "It said so."],
    ["Ph.D. students went on strike.", "Lecturers joined."],
    # the clock
    ["The quake struck at 6 a.m. Monday.", "Nobody was hurt."],
    ["Polls close at 8 p.m. ET on Tuesday.", "Results follow."],
    ["Polls closed at 8 p.m.", "Officials began to count."],
    ["The train left at 9:15 p.m. and arrived at 11 p.m.", "Passengers cheered."],
    ["At 10 p.m. he slept.", "At midnight he woke."],
    # companies and places
    ["Alder Inc. and Pell Corp. merged.", "Shares fell."],
    ["He runs Norrland Timber Co. in Umea.", "It employs 40."],
    ["Martin Luther King Jr. Day is a holiday.", "Schools close."],
    ["The shop on Fifth Ave. burned.", "Firefighters came from Elm St. and Oak Rd. within minutes."],
    ["She was born in Boise, Idaho, and raised in Helena, Mont.", "She moved at 12."],
    ["The case is Hale vs. Ortiz.", "It is No. 14 on the list."],
    ["The No. 1 seed lost.", "The No. 2 seed won."],
    ["See p. 12 and fig. 3 of the report.", "The rest is secret."],
    ["The answer was no.", "Nobody argued."],
    ["No.", "Nothing at all."],
    ["It is heavier than the Sun.", "It's older, too."],
    ["The children sat.", "Parents stood."],
    # months
    ["The law took effect on Jan. 5, 2021.", "Courts struck it down on Feb. 12."],
    ["It began in Sept. 2019.", "It never ended."],
    # quotation marks after the stop
    ['"We will rebuild."', "She meant it."],
    ['"We will rebuild," she said.', '"It will take years."'],
    ["“We will rebuild.”", "“It will take years,” she said."],
    ['He called it "a disgrace."', "Others called it late."],
    ["He called it ‘a disgrace.’", "Others shrugged."],
    ["Il a dit «\u00a0non.\u00a0»", "Puis il est parti."],
    ['"What is this ingratitude?" he asked.', "Nobody replied."],
    ['"Stop!" the guard shouted.', "The car drove on."],
    ["“Why now?” asked Simonyan.", "There was no answer."],
    ['"Why now?" Simonyan asked.', "There was no answer."],
    ['"Why now?" Margarita Simonyan wrote on Monday.', "There was no answer."],
    ['"Why now?"', "The minister left the room."],
    ['"It was great!" Hess told AFP.', "He laughed."],
    ['"I waited ..." he began.', "Then he stopped."],
    # other marks inside
    ["Yahoo! shares rose.", "Google fell."],
    ["The band Wham! reunited.", "Fans wept."],
    ["He waited... and waited.", "No one came."],
    ["He waited...", "No one came."],
    ["He waited… and left.", "No one came."],
    ["Visit example.org or mail desk@dateline.example today.", "Version 2.0.1 is out."],
    ["The toll rose (it was 12 on Friday).", "More are missing."],
    ["(The report was corrected.)", "The error was small."],
    ["He left [sic.] early.", "She stayed."],
    ["Really?!", "Yes."],
    ["Talks failed.", "— A ceasefire held anyway."],
    ["iPhone sales fell.", "iPad sales rose."],
    ["1. Blake Shelton won again.", "He thanked the fans."],
    ["Prosecutors named three firms, e.g. Alder and Pell.", "None replied."],
    ["The ministry of Trade, i.e. Ms. Dunn, agreed.", "So it passed."],
    # no mark at the end, other scripts
    ["'A more supportive position?'"],
    ["What the report says"],
    ["PORT ELLERY (CPA) - The harbour froze.", "Boats stayed in."],
    ["東京で地震があった。", "けが人はいない。"],
    ["市長は「辞めない。」", "と述べた。"],
    ["أعلن الوزير استقالته.", "هل يعود؟", "لا أحد يعلم."],
    ["Тариф вырос.", "Жители недовольны."],
    ["यह सच है।", "वह गया।"],
]
TEXT = st.text(st.sampled_from("aB1 .!?…\"'”’)\n\u3000。\u00a0\x1f") | st.characters(), max_size=80)


@pytest.mark.parametrize("sentences", PARAGRAPHS, ids=lambda sentences: sentences[0][:40])
def test_a_paragraph_of_news_is_split_where_its_sentences_end(sentences: list[str]) -> None:
    joiner = "" if sentences[0][-1] in "。」" else " "
    text = joiner.join(sentences)
    assert [text[start:end] for start, end in split_sentences(text)] == sentences


def test_a_sentence_never_crosses_a_blank_line() -> None:
    text = "What happened\n\nThe harbour froze\n \t\nand the boats stayed in. Nobody\nsailed."
    assert [text[start:end] for start, end in split_sentences(text)] == [
        "What happened",
        "The harbour froze",
        "and the boats stayed in.",
        "Nobody\nsailed.",
    ]


@given(TEXT)
def test_sentences_cover_every_character_that_is_not_a_space_once(text: str) -> None:
    spans = split_sentences(text)
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))


def test_an_offset_belongs_to_its_paragraph_and_a_blank_line_to_the_one_above() -> None:
    text = "What happened\n\nThe harbour froze. \n \t\nThe boats stayed in."
    first, second, third = "What happened", "The harbour froze. ", "The boats stayed in."

    def held(start: int, end: int | None = None) -> str:
        return text[slice(*paragraph_at(text, start, end))]

    assert [held(0), held(12), held(13), held(14)] == [first] * 4
    assert [held(15), held(text.index("froze")), held(text.index("The boats") - 1)] == [second] * 3
    assert [held(text.index("The boats")), held(len(text)), held(10_000)] == [third] * 3
    assert held(0, 3) == first
    assert held(text.index("harbour"), text.index("boats")) == "The harbour froze. \n \t\nThe boats stayed in."
    assert held(0, text.index("The harbour")) == first  # an end that is the start of the next one does not reach it
    assert paragraph_at("", 0) == Span(0, 0)


@given(TEXT)
def test_paragraphs_partition_the_text_and_none_holds_a_blank_line(text: str) -> None:
    spans = split_paragraphs(text)
    assert spans[0].start == 0
    assert spans[-1].end == len(text)
    assert all(not text[before.end : after.start].strip() for before, after in pairwise(spans))
    assert all("\n\n" not in text[start:end] for start, end in spans)
    for offset in range(len(text)):
        around = paragraph_at(text, offset)
        assert around in spans
        assert around.start <= offset
        assert offset < around.end or not text[around.end : offset + 1].strip()


@given(TEXT)
def test_a_sentence_lies_within_one_paragraph(text: str) -> None:
    for start, end in split_sentences(text):
        around = paragraph_at(text, start, end)
        assert around == paragraph_at(text, start)
        assert around.start <= start < end <= around.end


def test_a_text_too_long_for_the_cache_is_split_the_same() -> None:
    paragraph = "The harbour froze. The boats stayed in.\n\n"
    short, long = paragraph * 100, paragraph * (110_000 // len(paragraph))
    assert len(split_sentences(long)) == 2 * long.count("\n\n")
    assert split_sentences(long)[:200] == split_sentences(short)


@pytest.mark.parametrize("unit", [".", '."', "a.", "\n", " ", "A. ", '?" A ', "。"])
def test_the_time_grows_with_the_length_of_the_text_and_no_faster(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    started = time.process_time()
    split_sentences(text)
    assert time.process_time() - started < 5  # a tenth of a second; minutes were it quadratic
