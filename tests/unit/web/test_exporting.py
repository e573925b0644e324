"""The files of a conversation are in the language of their reader."""

import io
import zipfile
from datetime import UTC, datetime

import pytest

from chat.answer import Answer, Sentence, Status, Support
from chat.publishing.progress import Progress
from chat.texts.notices import Notice, NoticeKind
from chat.texts.table import LANGUAGES, texts_in
from tests.browser.stories import FERRY
from tests.scripted_chatbot import evidence
from web.conversations.conversation import STOPPED, Conversation, Exchange
from web.conversations.exporting import FORMATS

NOW = datetime(2024, 1, 10, 12, tzinfo=UTC)
WORDS = "Nine people are known to have died in the fire"
SOURCE = evidence(1, FERRY, WORDS)
NOTICE = Notice(NoticeKind.DAMAGED, count=2)
ANSWER = Answer((Sentence(f"{WORDS}.", (SOURCE,), Support.QUOTED),), (SOURCE,), Status.UNCERTAIN, NOW, (NOTICE,))
DAYS = {"en": ("10 January 2024", "16 March 2023"), "de": ("10. Januar 2024", "16. März 2023")}


def saved(form: str, language: str) -> str:
    asked = Progress("How many died?", (SOURCE,), ANSWER.sentences, answer=ANSWER)
    exchanges = Exchange(1, asked, NOW), Exchange(2, Progress("And then?", failure=STOPPED), NOW)
    content = FORMATS[form][0]("How many died?", NOW, Conversation(exchanges), texts_in(language))
    if form != "docx":
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as word:
        return "".join(word.read(f"word/{part}.xml").decode() for part in ("document", "footnotes"))


@pytest.mark.parametrize("form", ["md", "html", "docx"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_saved_conversation_is_in_the_language_of_its_reader(form: str, language: str) -> None:
    if form == "docx":
        pytest.importorskip("pypandoc")
    content, texts = saved(form, language), texts_in(language)
    own = {texts("turn.uncertain"), texts("turn.stopped"), NOTICE.text(texts), *DAYS[language]}
    assert {one for one in own if one not in content} == set()
    other = texts_in(next(one for one in LANGUAGES if one != language))
    assert other("turn.uncertain") not in content
    assert other("turn.stopped") not in content


def test_the_data_of_a_conversation_are_the_same_in_every_language() -> None:
    assert len({saved("json", language) for language in LANGUAGES}) == 1
