"""What Dateline says to a reader, in the reader's language."""

from datetime import UTC, date, datetime

import pytest

from chat.answer import Answer, Status
from chat.errors import LanguageModelError, QuestionError
from chat.events import Finished, Gathered
from chat.publishing.answer_html import turn_html
from chat.publishing.answer_text import plain_text
from chat.publishing.markdown import markdown
from chat.publishing.progress import Progress
from chat.texts.notices import Notice, NoticeKind, plain, text_of
from chat.texts.table import ENGLISH, LANGUAGES, texts_in
from chat.understanding.as_of import as_of_moment
from chat.understanding.typed_text import typed_question
from chat.understanding.understand import understand

NOW = datetime(2023, 6, 1, tzinfo=UTC)
GERMAN = texts_in("de")
SAME_EVERYWHERE = {NoticeKind.PLAIN}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_notice_has_a_text_in_every_language(language: str) -> None:
    texts = texts_in(language)
    assert [one for one in NoticeKind if f"notice.{one}" not in texts.table] == []
    day = date(2023, 5, 1)
    for kind in NoticeKind:
        said = Notice(kind, "x", 2, 9, 1, ("w",), (day, day, day), Notice(NoticeKind.PLAIN, "why")).text(texts)
        assert said
        assert "{" not in said


@pytest.mark.parametrize("kind", sorted(set(NoticeKind) - SAME_EVERYWHERE))
def test_no_kind_of_notice_says_the_english_words_to_a_german_reader(kind: NoticeKind) -> None:
    assert GERMAN.table[f"notice.{kind}"] != ENGLISH.table[f"notice.{kind}"]


def test_a_notice_is_written_with_the_readers_marks_days_and_words() -> None:
    notice = Notice(NoticeKind.MENTIONED_ON, count=1, words=("Grey", "Petrel"), days=(date(2023, 3, 1),))
    assert notice.text() == "1 article in the archive mentions “Grey” and “Petrel”, published 1 March 2023."
    assert notice.text(GERMAN) == "1 Artikel im Archiv erwähnt „Grey“ und „Petrel“, erschienen am 1. März 2023."


def test_the_reason_of_a_failed_model_is_said_in_the_readers_language() -> None:
    error = LanguageModelError(Notice(NoticeKind.TOO_SLOW, "ollama/llama"))
    instead = Notice(NoticeKind.QUOTATIONS_INSTEAD, reason=error.notice)
    assert str(error) == "ollama/llama did not answer in time; try again or choose a faster one"
    assert instead.text(GERMAN).startswith("ollama/llama hat nicht rechtzeitig geantwortet;")
    assert "Stattdessen stehen hier Zitate." in instead.text(GERMAN)


def test_the_page_and_what_is_copied_have_the_notice_in_the_readers_language() -> None:
    question = understand("Who won?", as_of=NOW)
    answer = Answer((), (), Status.ANSWERED, NOW, (Notice(NoticeKind.DAMAGED, count=2),))
    progress = Progress("Who won?").after(Gathered(question, ())).after(Finished(answer))
    german = "2 beschädigte Artikel sind ausgelassen."
    assert german in turn_html(1, progress, latest=True, texts=GERMAN)
    assert german in plain_text("Who won?", answer, GERMAN)
    assert german in markdown("Who won?", answer, GERMAN)
    assert answer.notice == "2 damaged articles are left out."


def test_why_a_question_is_not_asked_is_said_in_the_readers_language() -> None:
    with pytest.raises(QuestionError) as refused:
        as_of_moment("next week", NOW)
    assert refused.value.notice.text(GERMAN).startswith("„next week“ ist kein Tag bis heute;")
    with pytest.raises(QuestionError) as too_long:
        typed_question("x" * 2_001)
    assert too_long.value.notice.text(GERMAN).startswith("die Frage hat 2.001 Zeichen;")


def test_a_text_without_a_translation_stays_as_it_is() -> None:
    assert text_of(plain("Only here."), GERMAN) == "Only here."
    assert plain("") == ()
