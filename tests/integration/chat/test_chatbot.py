"""The chatbot from question to checked answer: real indexes, an embedding that hashes words, a scripted model."""

import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from llama_index.core.base.llms.types import ChatMessage, ChatResponse
from llama_index.core.llms import LLM

from chat.answer import Status, Support, Turn
from chat.answering.writers import LOCAL_MODEL
from chat.chatbot import AnswerSettings, Chatbot
from chat.errors import LanguageModelError
from chat.events import Composed, Drafted, Finished, Gathered, Judged
from chat.gathering.abstention import AbstentionSettings
from chat.gathering.search import SearchSettings
from chat.texts.notices import plain
from chat.understanding.question import FilterKind
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import ScriptedLLM, word_hash_model

MODEL = word_hash_model()
NOW = datetime(2023, 6, 1, tzinfo=UTC)
FIRE = (
    "Four people died in the fire on the ferry Grey Petrel. The cause of the fire is not known. She was built in 1994."
)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    articles = [
        article("Ferry fire", FIRE, url="https://courier.example/fire"),
        article("Tram vote", "The council voted for the tram line by 17 to 14.", day="2023-04-01"),
        article("Mobile library", "A walrus came ashore. He ate the herring of Bo Lund.", day="2023-05-01"),
    ]
    sync(articles, tmp_path, MODEL)
    opened = Index(tmp_path, MODEL.fingerprint)
    yield opened
    opened.close()


def chatbot(index: Index, llm: LLM | None = None, notice: str = "") -> Chatbot:
    return Chatbot(index, MODEL, llm, clock=lambda: NOW, notices=plain(notice))


def test_a_quoting_answer_is_verbatim_attributed_dated_and_cited(index: Index) -> None:
    answer = chatbot(index).ask("How many people died in the ferry fire?")
    first = answer.sentences[0]
    assert answer.status is Status.ANSWERED
    assert first.text == (
        "“Four people died in the fire on the ferry Grey Petrel.” — The Ellery Courier, 15 March 2023"
    )
    assert first.support is Support.QUOTED
    assert first.citations[0].text == "Four people died in the fire on the ferry Grey Petrel."


def test_a_quotation_alone_is_answered_with_who_printed_it(index: Index) -> None:
    answer = chatbot(index).ask("“Four people died in the fire on the ferry”")
    assert "printed first in “Ferry fire” (The Ellery Courier, 15 March 2023)" in answer.sentences[0].text
    assert [one.text for one in answer.evidence] == ["Four people died in the fire on the ferry"]
    assert chatbot(index).ask("“the mayor of Holm has never seen a tram”").status is Status.NOT_IN_ARCHIVE


def test_every_citation_resolves_to_its_exact_span(index: Index) -> None:
    for question in ("What is known of the fire?", "Who voted for the tram line?", "What did the walrus eat?"):
        for sentence in chatbot(index).ask(question).sentences:
            for one in sentence.citations:
                assert one.article.text[one.start : one.end] == one.text
                assert one.text in sentence.text


def test_a_question_that_the_archive_does_not_answer_gets_silence_and_the_nearest_articles(index: Index) -> None:
    answer = chatbot(index).ask("Who won the chess olympiad in Budapest?")
    assert answer.status is Status.NOT_IN_ARCHIVE
    assert answer.sentences == ()
    assert len({one.article.id for one in answer.evidence}) == len(answer.evidence) <= 3


def test_an_empty_archive_is_silent(tmp_path: Path) -> None:
    sync([], tmp_path, MODEL)
    assert chatbot(Index(tmp_path, MODEL.fingerprint)).ask("Anything?").status is Status.NOT_IN_ARCHIVE


def test_nothing_published_after_the_as_of_moment_is_evidence(index: Index) -> None:
    answer = chatbot(index).ask("tram line council voted", as_of=datetime(2023, 3, 20, tzinfo=UTC))
    assert all(one.article.title == "Ferry fire" for one in answer.evidence)


def test_a_written_answer_is_streamed_checked_and_cited(index: Index) -> None:
    llm = ScriptedLLM(replies=["Four people died in the fire on the Grey Petrel. [1]"])
    events = list(chatbot(index, llm).stream("How many people died in the ferry fire?"))
    kinds = [type(event) for event in events]
    assert kinds[0] is Gathered
    assert kinds[-1] is Finished
    assert kinds.count(Drafted) > 3
    sentence = next(event.sentence for event in events if isinstance(event, Composed))
    assert (sentence.text, sentence.support) == (
        "Four people died in the fire on the Grey Petrel.",
        Support.SUPPORTED,
    )
    assert [one.number for one in sentence.citations] == [1]


def test_a_written_number_that_is_not_in_the_evidence_becomes_the_quotation(index: Index) -> None:
    llm = ScriptedLLM(replies=["Forty people died in the fire on the Grey Petrel [1]."])
    answer = chatbot(index, llm).ask("How many people died in the ferry fire?")
    assert [sentence.support for sentence in answer.sentences] == [Support.QUOTED]
    assert answer.sentences[0].text.startswith("“Four people died in the fire")


def test_a_written_sentence_that_cites_nothing_gets_the_evidence_that_it_is_from(index: Index) -> None:
    llm = ScriptedLLM(replies=["Four people died in the fire on the ferry. The fire's cause is not known."])
    answer = chatbot(index, llm).ask("How many people died in the ferry fire?")
    assert all(sentence.citations for sentence in answer.sentences)


def test_a_sentence_that_cites_the_wrong_evidence_gets_the_one_that_supports_it(index: Index) -> None:
    llm = ScriptedLLM(replies=["The ferry Grey Petrel was built in 1994 [1]."])
    answer = chatbot(index, llm).ask("When was the ferry Grey Petrel built?")
    first = answer.sentences[0]
    assert (first.support, first.text) == (Support.SUPPORTED, "The ferry Grey Petrel was built in 1994.")
    assert any("1994" in one.text for one in first.citations)


def test_nothing_is_written_from_evidence_that_is_no_plain_prose(tmp_path: Path) -> None:
    hostile = "Four people died in the fire on the ferry Grey Petrel <script>alert(1)</script>, police said."
    sync([article("Ferry fire", hostile)], tmp_path, MODEL)
    index = Index(tmp_path, MODEL.fingerprint)
    for bot in (
        chatbot(index, ScriptedLLM(replies=["Four people died in the fire on the ferry Grey Petrel [1]."])),
        reading(index, "1] Four people died in the fire on the ferry Grey Petrel.")[0],
    ):
        answer = bot.ask("How many people died in the fire on the ferry?")
        assert {one.support for one in answer.sentences} == {Support.QUOTED}
    index.close()


def test_a_citation_of_evidence_that_was_not_given_is_dropped(index: Index) -> None:
    llm = ScriptedLLM(replies=["Four people died in the fire on the ferry Grey Petrel [99]."])
    answer = chatbot(index, llm).ask("How many people died in the ferry fire?")
    numbers = {one.number for one in answer.evidence}
    assert all(one.number in numbers for sentence in answer.sentences for one in sentence.citations)


def test_a_model_that_writes_nothing_leaves_the_quotations(index: Index) -> None:
    answer = chatbot(index, ScriptedLLM(replies=[""])).ask("How many people died in the ferry fire?")
    assert next(sentence.support for sentence in answer.sentences) is Support.QUOTED


def test_a_model_that_was_not_to_be_had_is_told_with_every_answer(index: Index) -> None:
    answer = chatbot(index, notice="no such model").ask("How many people died in the ferry fire?")
    assert answer.notice == "no such model"


def test_a_reader_who_stops_gets_what_was_written_so_far(index: Index) -> None:
    stop = threading.Event()
    llm = ScriptedLLM(replies=["Four people died in the fire on the ferry. " + "The cause is not known. " * 50])
    composed = 0
    for event in chatbot(index, llm).stream("How many people died in the ferry fire?", stop=stop):
        composed += isinstance(event, Composed)
        if composed:
            stop.set()
    assert isinstance(event, Finished)
    assert 1 <= len(event.answer.sentences) <= 2


def reading(index: Index, *replies: str, yes: Sequence[float] = (0.9,)) -> tuple[Chatbot, ScriptedLLM]:
    """A chatbot whose model says Yes with these probabilities, and continues with these replies."""
    llm = ScriptedLLM(replies=list(replies), yes=list(yes))
    return Chatbot(index, MODEL, llm, clock=lambda: NOW, settings=AnswerSettings(writer=LOCAL_MODEL)), llm


HOW_MANY = "How many people died in the fire on the ferry?"
QUOTED = "“Four people died in the fire on the ferry Grey Petrel.” —"


def test_the_first_line_of_a_reading_model_answers_and_cites_the_exact_sentence(index: Index) -> None:
    bot, llm = reading(index, "1] Four people died in the fire.")
    answer = bot.ask(HOW_MANY)
    first = answer.sentences[0]
    assert (answer.status, first.text, first.support) == (
        Status.ANSWERED,
        "Four people died in the fire.",
        Support.SUPPORTED,
    )
    assert [one.text for one in first.citations] == ["Four people died in the fire on the ferry Grey Petrel."]
    assert {one.support for one in answer.sentences[1:]} <= {Support.QUOTED}
    assert llm.heard == ["Yes ["]


@pytest.mark.parametrize(
    "reply",
    [
        "1] Forty people died in the fire.",  # another number
        "99] Many people died in the fire.",  # no number at all
        "1] How many people died?",
        "She was built in 1994.",  # supported, but not what is asked
        "Vier Menschen starben bei dem Brand.",
        "",
        "]]]] [",
    ],
)
def test_where_the_first_line_does_not_hold_the_quotations_stand(index: Index, reply: str) -> None:
    bot, _ = reading(index, reply)
    answer = bot.ask(HOW_MANY)
    assert answer.sentences[0].text.startswith(QUOTED)
    assert {one.support for one in answer.sentences} == {Support.QUOTED}


def test_the_best_quotation_is_seen_before_the_first_line_is_written(index: Index) -> None:
    bot, _ = reading(index, "1] Four people died in the fire.")
    drafts = [event.text for event in bot.stream(HOW_MANY) if isinstance(event, Drafted)]
    assert drafts[0].startswith(QUOTED)
    assert drafts[-1].startswith("Four people")


@pytest.mark.parametrize(
    ("asked", "yes", "status"),
    [
        ("Which firm insured the ferry?", 0.1, Status.NOT_IN_ARCHIVE),
        (HOW_MANY, 0.1, Status.UNCERTAIN),  # the words of the evidence are strongly for an answer
        (HOW_MANY, 0.4, Status.UNCERTAIN),
        (HOW_MANY, 0.9, Status.ANSWERED),
    ],
)
def test_whether_there_is_an_answer_follows_from_what_the_model_reads(
    index: Index, asked: str, yes: float, status: Status
) -> None:
    bot, _ = reading(index, "1] Four people died in the fire.", yes=[yes, 0.9])
    events = list(bot.stream(asked))
    assert [event.status for event in events if isinstance(event, Judged)] == [status]
    assert isinstance(events[-1], Finished)
    answer = events[-1].answer
    assert answer.status is status
    assert bool(answer.sentences) is (status is not Status.NOT_IN_ARCHIVE)
    supported = [one for one in answer.sentences if one.support is Support.SUPPORTED]
    assert bool(supported) is (status is Status.ANSWERED)


def test_a_first_line_whose_evidence_alone_does_not_state_it_gives_way_to_the_quotations(index: Index) -> None:
    bot, _ = reading(index, "1] Four people died in the fire.", yes=[0.9, 0.4])
    assert bot.ask(HOW_MANY).sentences[0].text.startswith(QUOTED)


@pytest.mark.parametrize(("stated", "is_first"), [(0.6, True), (0.4, False)])
def test_what_the_model_chose_is_quoted_first_if_it_states_what_is_asked(
    index: Index, stated: float, is_first: bool
) -> None:
    bot, _ = reading(index, "3] Nobody knows.", yes=[0.9, stated])  # the third report is the tram vote
    first = bot.ask("Which ship burned when four people died in the fire on the ferry Grey Petrel?").sentences[0]
    assert ("voted for the tram line" in first.text) is is_first


def test_a_name_that_no_article_has_needs_no_reading(index: Index) -> None:
    bot, llm = reading(index)
    assert bot.ask("Who insured the Grey Petrel against piracy in Panama?").status is Status.NOT_IN_ARCHIVE
    assert llm.heard == []


def test_a_model_that_fails_while_it_reads_leaves_the_quotations(index: Index) -> None:
    class Failing(ScriptedLLM):
        def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
            raise LanguageModelError("no memory")

    bot = Chatbot(index, MODEL, Failing(replies=[]), clock=lambda: NOW, settings=AnswerSettings(writer=LOCAL_MODEL))
    answer = bot.ask(HOW_MANY)
    assert answer.notice == "no memory. These are quotations instead."
    assert answer.sentences[0].text.startswith(QUOTED)


def test_a_capable_model_that_abstains_is_heard(index: Index) -> None:
    llm = ScriptedLLM(replies=["NOT IN THE ARCHIVE"])
    events = list(chatbot(index, llm).stream("How old is the owner of the ferry Grey Petrel?"))
    assert isinstance(events[-1], Finished)
    answer = events[-1].answer
    assert (answer.status, answer.sentences) == (Status.NOT_IN_ARCHIVE, ())
    assert answer.evidence
    assert answer.notice
    assert not any(event.text for event in events if isinstance(event, Drafted))


@pytest.mark.parametrize(
    "reply",
    [
        "Forty people died in the fire on the ferry. [1]",
        "Vier Menschen starben bei dem Brand auf der Fähre. [1]",
        '{"answer": "forty", "source": 1}',
        "As a language model, I cannot know that. [99]",
    ],
)
def test_in_place_of_what_a_capable_model_gets_wrong_stands_the_quotation(index: Index, reply: str) -> None:
    answer = chatbot(index, ScriptedLLM(replies=[reply])).ask(HOW_MANY)
    assert answer.status is Status.ANSWERED
    assert answer.sentences[0].text.startswith(QUOTED)


def test_where_the_evidence_is_strong_a_models_abstention_leaves_a_doubt(index: Index) -> None:
    asked = "Four people died in the fire on the ferry Grey Petrel"  # the very words of a sentence
    answer = chatbot(index, ScriptedLLM(replies=["NOT IN THE ARCHIVE"])).ask(asked)
    assert answer.status is Status.UNCERTAIN
    assert answer.sentences[0].text.startswith(QUOTED)


UNSURE = AbstentionSettings(threshold=0.0, sure=1.1)  # whatever the evidence


def test_what_the_archive_may_not_hold_is_told_as_what_comes_nearest(index: Index) -> None:
    bot = Chatbot(index, MODEL, None, clock=lambda: NOW, settings=AnswerSettings(SearchSettings(abstention=UNSURE)))
    events = list(bot.stream("Who owns the ferry?"))
    assert isinstance(events[0], Gathered)
    assert isinstance(events[-1], Finished)
    assert (events[0].status, events[-1].answer.status) == (Status.UNCERTAIN, Status.UNCERTAIN)
    assert events[-1].answer.sentences


def test_of_several_things_asked_one_that_is_surely_told_leaves_no_doubt(index: Index) -> None:
    bot = Chatbot(index, MODEL, None, clock=lambda: NOW)
    told = bot.ask("How many people died in the fire on the ferry Grey Petrel, and what did the walrus eat?")
    assert told.status is Status.ANSWERED


def test_what_a_model_copies_is_shown_in_the_letters_of_the_article(tmp_path: Path) -> None:
    told = "The mayor called the plan a “silent” – and costly – defeat."
    sync([article("Harbour plan", told + " Nobody answered.")], tmp_path, MODEL)
    index = Index(tmp_path, MODEL.fingerprint)
    bot, _ = reading(index, '1] The mayor called the plan a "silent" - and costly - defeat.')
    (sentence, *_) = bot.ask("What did the mayor call the harbour plan?").sentences
    assert (sentence.text, sentence.support) == (told, Support.QUOTED)
    index.close()


def test_a_reading_model_reads_the_beginning_of_its_prompts_before_it_is_asked(index: Index) -> None:
    class Listening(ScriptedLLM):
        def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
            self._heard.append(str(messages[0].content))
            return super().chat(messages, **kwargs)

    llm = Listening(replies=[])
    Chatbot(index, MODEL, llm, clock=lambda: NOW, settings=AnswerSettings(writer=LOCAL_MODEL)).get_ready()
    assert [one.startswith("You answer") for one in llm.heard] == [True, False]
    capable = ScriptedLLM(replies=[])
    chatbot(index, capable).get_ready()
    chatbot(index).get_ready()
    assert capable.heard == []


def test_a_sentence_that_begins_with_a_pronoun_brings_the_one_before_along(index: Index) -> None:
    answer = chatbot(index).ask("Whose herring was eaten, Bo Lund?")
    assert answer.sentences[0].citations[0].text == "A walrus came ashore. He ate the herring of Bo Lund."


def test_evidence_is_never_more_than_was_asked_for(index: Index) -> None:
    settings = AnswerSettings()
    answer = chatbot(index).ask("fire ferry tram walrus")
    assert len(answer.evidence) <= settings.search.evidence.sentences


def test_a_conversation_may_be_given(index: Index) -> None:
    bot = chatbot(index)
    first = bot.turn("How many people died in the ferry fire?")
    second = bot.ask("When was the ferry built?", conversation=[first])
    assert second.status is Status.ANSWERED


def test_a_question_with_two_askings_gets_evidence_for_both(index: Index) -> None:
    answer = chatbot(index).ask("How many people died in the ferry fire and who voted for the tram line?")
    quoted = {one.article.title for sentence in answer.sentences for one in sentence.citations}
    assert answer.status is Status.ANSWERED
    assert quoted >= {"Ferry fire", "Tram vote"}


def test_a_question_of_which_one_half_is_held_is_answered_in_part(index: Index) -> None:
    answer = chatbot(index).ask("How many people died in the ferry fire and who won the chess olympiad in Budapest?")
    assert answer.status is Status.PARTIAL


def test_a_follow_up_is_asked_in_the_light_of_what_came_before(index: Index) -> None:
    bot = chatbot(index)
    text = "How many people died in the fire on the ferry Grey Petrel?"
    answer = bot.ask("And when was she built?", conversation=[bot.turn(text)])
    assert any("1994" in sentence.text for sentence in answer.sentences)


def test_silence_says_how_much_the_archive_has_on_the_subject(index: Index) -> None:
    answer = chatbot(index).ask("Who insured the Grey Petrel against piracy in Panama?")
    assert answer.status is Status.NOT_IN_ARCHIVE
    assert answer.notice == "No article in the archive mentions “Grey”, “Petrel” and “Panama”."
    other = chatbot(index).ask("Which composer wrote an opera about herring?")
    assert other.notice.endswith("”.")


@pytest.mark.parametrize("question", ["Who built the Grey Petrel?", "How many articles mention the Grey Petrel?"])
@pytest.mark.parametrize(("year", "day"), [(2023, "14 March 2023"), (1970, "14 March 1970")])
def test_before_the_archive_begins_it_says_that_it_begins_later(
    index: Index, question: str, year: int, day: str
) -> None:
    before = datetime(year, 3, 14, 12, tzinfo=UTC)
    looking_back = chatbot(index).ask(question, as_of=before)
    by_a_wrong_clock = Chatbot(index, MODEL, None, clock=lambda: before).ask(question)
    begins = f"The archive begins on 15 March 2023, after the moment that the question is about ({day})."
    assert (looking_back.notice, by_a_wrong_clock.notice) == (begins, begins)
    assert looking_back.sentences == by_a_wrong_clock.sentences == ()


def test_what_only_later_articles_mention_is_not_said_to_be_in_none(index: Index) -> None:
    answer = chatbot(index).ask("What did Bo Lund say?", as_of=datetime(2023, 4, 2, tzinfo=UTC))
    assert answer.status is Status.NOT_IN_ARCHIVE
    assert answer.notice == "No article in the archive up to 2 April 2023 mentions “Bo” and “Lund”."


def test_a_remark_to_dateline_is_answered_from_the_archives_own_counts(index: Index) -> None:
    answer = chatbot(index, ScriptedLLM(replies=["I am a poet."])).ask("What is in the archive?")
    assert (answer.status, answer.sentences, answer.evidence) == (Status.ASIDE, (), ())
    assert answer.notice.startswith("The archive holds 3 articles from 1 source, 15 March 2023 to 1 May 2023.")
    assert "numbered citation" in chatbot(index).ask("who are you?").notice


def test_articles_that_mention_a_subject_are_counted_as_of_the_moment(index: Index) -> None:
    counted = chatbot(index).ask("How many articles mention the tram?")
    assert counted.notice == "1 article in the archive mentions “tram”, published 1 April 2023."
    before = chatbot(index).ask("How many articles mention the tram?", as_of=datetime(2023, 3, 20, tzinfo=UTC))
    assert before.notice == "No article in the archive up to 20 March 2023 mentions “tram”."


def test_thanks_in_between_do_not_break_a_follow_up(index: Index) -> None:
    bot = chatbot(index)
    first = bot.turn("What happened on the ferry Grey Petrel?")
    thanks = bot.turn("thanks!")
    assert bot.ask("And why?", conversation=[first, thanks]) == bot.ask("And why?", conversation=[first])


def test_news_without_a_subject_is_the_newest_leads_verbatim(index: Index) -> None:
    answer = chatbot(index, ScriptedLLM(replies=["All is well."])).ask("What is the latest news?")
    assert [sentence.text for sentence in answer.sentences] == [
        "“He ate the herring of Bo Lund.” — The Ellery Courier, 1 May 2023",
        "“The council voted for the tram line by 17 to 14.” — The Ellery Courier, 1 April 2023",
        "“Four people died in the fire on the ferry Grey Petrel.” — The Ellery Courier, 15 March 2023",
    ]
    assert [one.number for sentence in answer.sentences for one in sentence.citations] == [1, 2, 3]


def test_news_is_of_the_time_that_is_named_and_of_the_moment_of_asking(index: Index) -> None:
    march = chatbot(index).ask("What happened in March 2023?")
    assert [one.article.title for one in march.evidence] == ["Ferry fire"]
    then = chatbot(index).ask("headlines", as_of=datetime(2023, 4, 2, tzinfo=UTC))
    assert [one.article.title for one in then.evidence] == ["Tram vote", "Ferry fire"]


def test_news_of_a_time_that_the_archive_does_not_have_is_silence_with_the_newest(index: Index) -> None:
    answer = chatbot(index).ask("What happened today?")
    assert (answer.status, answer.sentences) == (Status.NOT_IN_ARCHIVE, ())
    assert (
        answer.notice
        == "No article in the archive matches that time and source. The newest article is from 1 May 2023."
    )
    assert answer.evidence[0].article.title == "Mobile library"


def test_a_new_subject_is_answered_as_if_nothing_had_been_asked_before(index: Index) -> None:
    bot, asked = chatbot(index), "By how many votes did the town council approve the new tram line?"
    earlier = bot.turn("Who died on the Grey Petrel?")
    assert bot.ask(asked, conversation=[earlier]).sentences == bot.ask(asked).sentences


def test_what_else_tells_what_was_not_told_before(index: Index) -> None:
    bot = chatbot(index)
    first = bot.turn("What is known of the ferry Grey Petrel?")
    more = bot.ask("What else?", conversation=[first])
    told = {one.text for sentence in first.answer.sentences for one in sentence.citations}
    assert told.isdisjoint(one.text for one in more.evidence)


def test_a_filter_that_was_removed_does_not_come_back_in_a_follow_up(index: Index) -> None:
    bot, source_name = chatbot(index), index.table.names("source")[0]
    text = f'What happened on the ferry? source:"{source_name}"'
    (source,) = bot.turn(text).question.filters
    gathered, *_, finished = bot.stream(text, removed=frozenset({source.key}))
    assert isinstance(gathered, Gathered)
    assert isinstance(finished, Finished)
    without = Turn(gathered.question, finished.answer)
    follow_up = bot.understand("Who died on it?", conversation=[without], as_of=NOW)
    assert follow_up.follows
    assert follow_up.sources == ()
    assert not [one for one in follow_up.filters if one.kind is FilterKind.SOURCE]
    kept = bot.understand("Who died on it?", conversation=[bot.turn(text)], as_of=NOW)
    assert (kept.sources, kept.filters[-1].label) == ((source_name,), f"source {source_name} (as before)")


def test_a_follow_up_keeps_the_time_that_its_turn_meant_when_it_was_asked(index: Index) -> None:
    bot, then = chatbot(index), datetime(2023, 3, 17, tzinfo=UTC)
    turn = bot.turn("What happened on the ferry last week?", as_of=then)
    follow_up = bot.understand("Who died on it?", conversation=[turn], as_of=NOW)
    assert follow_up.named == turn.question.named
    assert follow_up.named is not None
    assert follow_up.named.end is not None
    assert follow_up.named.end <= then


def test_a_follow_up_keeps_the_as_of_day_that_its_turn_named(index: Index) -> None:
    bot = chatbot(index)
    turn = bot.turn("How many died on the ferry Grey Petrel as of 2023-03-16?")
    follow_up = bot.understand("Who found them?", conversation=[turn], as_of=NOW)
    assert follow_up.as_of == turn.question.as_of < NOW


_WORDS = st.sampled_from(
    "who what is it you are they and in of the a said ? ! [1] 2+2 “ ” \x00 \u202e before: 😀 it's".split(" ")
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=st.lists(st.lists(_WORDS, max_size=6).map(" ".join), min_size=1, max_size=3))
def test_words_that_say_nothing_are_answered_without_a_fault(index: Index, turns: list[str]) -> None:
    bot, conversation = chatbot(index), list[Turn]()
    for text in turns:
        conversation.append(bot.turn(text, conversation=conversation))
    assert all(one.answer.status in Status for one in conversation)
