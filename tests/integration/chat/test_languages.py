"""Articles in other languages and scripts are found by keyword, by name and by questions in their own language."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from chat.chatbot import Chatbot
from chat.understanding.question import FilterKind
from indexer.search.index import Index
from indexer.sync import sync
from tests.articles import article
from tests.fakes import word_hash_model

MODEL = word_hash_model()
NOW = datetime(2024, 6, 1, tzinfo=UTC)


class Story(NamedTuple):
    """An article, words and a name that find it, and a question with words of the sentence that answers it."""

    language: str
    title: str
    text: str
    words: str
    name: str
    question: str
    answer: str


STORIES = (
    Story(
        "zh",
        "渡轮起火",
        "格雷号渡轮星期三晚上起火。四名船员死亡，海岸警卫队说。起火原因是电缆损坏。",
        "渡轮",
        "格雷号",
        "渡轮起火的原因是什么？",
        "电缆损坏",
    ),
    Story(
        "ja",
        "橋の工事が中断",
        "港大橋の工事が水曜日に中断された。市長の山田花子は、費用が不足していると述べた。",
        "工事",
        "山田花子",
        "港大橋の工事はなぜ中断されたのか？",
        "水曜日に中断",
    ),
    Story(
        "ko",
        "도서관 개관",
        "새 도서관이 월요일에 문을 열었다. 건설비는 사백만 크로네라고 김민수 시장이 말했다.",
        "도서관",
        "김민수",
        "도서관 건설비는 얼마인가?",
        "사백만",
    ),
    Story(
        "th",
        "สะพานปิด",
        "สะพานข้ามแม่น้ำปิดตั้งแต่วันจันทร์ วิศวกรสมชายกล่าวว่าการซ่อมใช้เวลาสามเดือน",
        "สะพาน",
        "สมชาย",
        "การซ่อมสะพานใช้เวลาเท่าไร",
        "สามเดือน",
    ),
    Story(
        "ar",
        "إضراب في الميناء",
        "بدأ العمال إضرابا في ميناء النور يوم الاثنين. وقال النقيب سالم حداد إن الإضراب يستمر عشرة أيام.",
        "الإضراب",
        "حداد",
        "كم يوما يستمر الإضراب في الميناء؟",
        "عشرة أيام",
    ),
    Story(
        "de",
        "Brand im Rathaus",
        "Im Rathaus von Elmstadt hat es am Dienstag gebrannt. "
        "Den Schaden schätzt Feuerwehrchef Jörg Weiß auf drei Millionen Kronen.",
        "Rathaus",
        "Weiß",
        "Wie hoch ist der Schaden im Rathaus?",
        "drei Millionen",
    ),
    Story(
        "ru",
        "Мост закрыт",
        "Мост через реку закрыт с понедельника. Инженер Пётр Орлов сказал, что ремонт продлится четыре месяца.",
        "мосты",
        "Орлов",
        "Сколько продлится ремонт моста?",
        "четыре месяца",
    ),
    Story(
        "el",
        "Απεργία στο λιμάνι",
        "Οι εργάτες απεργούν στο λιμάνι από τη Δευτέρα. Η απεργία διαρκεί δέκα ημέρες, είπε ο Νίκος Παππάς.",
        "απεργία",
        "Παππάς",
        "Πόσο διαρκεί η απεργία στο λιμάνι;",
        "δέκα ημέρες",
    ),
    Story(
        "en",
        "Ferry fire",
        "Four people died in a fire on the ferry Grey Petrel. A damaged cable caused it.",
        "ferry",
        "Petrel",
        "What caused the fire on the ferry?",
        "damaged cable",
    ),
)


@pytest.fixture(scope="module")
def chatbot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    folder: Path = tmp_path_factory.mktemp("languages")
    stories = [
        article(
            title,
            text,
            language=language,
            day="2023-03-15",
            source=f"Paper {language}",
            url=f"https://{language}.example/",
        )
        for language, title, text, *_ in STORIES
    ]
    sync(stories, folder, MODEL)
    index = Index(folder, MODEL.fingerprint)
    yield Chatbot(index, MODEL, None, clock=lambda: NOW)
    index.close()


def titles(chatbot: Chatbot, words: str) -> list[str]:
    hits = chatbot.index.by_words(words, 5)
    return [chatbot.index.archive.titles([passage_id])[passage_id] for passage_id, _ in hits]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.language)
def test_words_and_names_are_found_in_their_script(chatbot: Chatbot, story: Story) -> None:
    assert titles(chatbot, story.words)[0] == story.title
    assert titles(chatbot, story.name)[0] == story.title


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.language)
def test_a_question_in_the_language_of_the_article_finds_its_sentence(chatbot: Chatbot, story: Story) -> None:
    told = [one.text for one in chatbot.ask(story.question).sentences]
    assert any(story.answer in text for text in told), told


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.language)
def test_quoted_words_are_found_as_a_phrase(chatbot: Chatbot, story: Story) -> None:
    words = story.text.split()
    phrase = " ".join(words[1:4]) if len(words) > 3 else story.text[3:11]
    hits = chatbot.index.by_phrase(phrase, 3)
    assert [chatbot.index.archive.titles([passage_id])[passage_id] for passage_id, _ in hits] == [story.title]


@pytest.mark.parametrize(
    ("language", "month", "later"),
    [
        ("zh", "2023年3月", "2023年9月"),
        ("zh", "2023年3月15日", "2023年3月16日"),
        ("ja", "2023年3月に", "2023年9月に"),
        ("ja", "2023年3月以降", "2023年4月以降"),
        ("ko", "2023년 3월에", "2023년 9월에"),
        ("ko", "2023년 3월 15일", "2023년 3월 16일"),
    ],
)
def test_a_date_in_the_question_bounds_what_is_searched(
    chatbot: Chatbot, language: str, month: str, later: str
) -> None:
    story = next(one for one in STORIES if one.language == language)
    of_then, of_later = (chatbot.turn(f"{time} {story.question}") for time in (month, later))
    assert any(story.answer in one.text for one in of_then.answer.sentences)
    assert not of_later.answer.sentences
    (shown,) = (one for one in of_then.question.filters if one.kind is FilterKind.TIME)
    assert (shown.words, "March 2023" in shown.label) == (month, True)
