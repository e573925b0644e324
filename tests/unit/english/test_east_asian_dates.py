"""Dates in Chinese, Japanese and Korean questions, asked on Monday 24 June 2024 at noon."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.english.event_dates import event_date
from chat.english.intervals import Interval
from chat.english.time_expressions import find_times, together

AS_OF = datetime(2024, 6, 24, 12, tzinfo=UTC)


def shown(interval: Interval | None) -> str:
    def day(moment: datetime | None) -> str:
        return moment.strftime("%Y-%m-%d") if moment else ""

    return f"{day(interval.start)}..{day(interval.end)}" if interval else "-"


@pytest.mark.parametrize(
    ("text", "named", "published"),
    [
        ("2024年3月发生了什么？", "2024-03-01..2024-04-01", "2024-03-01.."),
        ("2024年3月份发生了什么？", "2024-03-01..2024-04-01", "2024-03-01.."),
        ("2024年3月に何が起きた？", "2024-03-01..2024-04-01", "2024-03-01.."),
        ("2024년 3월에 무슨 일이 있었나?", "2024-03-01..2024-04-01", "2024-03-01.."),
        ("港口2024年3月5日发生了什么？", "2024-03-05..2024-03-06", "2024-03-05.."),
        ("2024年3月5號有什麼新聞？", "2024-03-05..2024-03-06", "2024-03-05.."),
        ("2024년3월5일 화재", "2024-03-05..2024-03-06", "2024-03-05.."),
        ("二〇二三年十二月二十一日的会议", "2023-12-21..2023-12-22", "2023-12-21.."),
        ("２０２４年３月５日の火事", "2024-03-05..2024-03-06", "2024-03-05.."),
        ("在2023年发生了什么？", "2023-01-01..2024-01-01", "2023-01-01.."),
        ("2023年に何が起きた？", "2023-01-01..2024-01-01", "2023-01-01.."),
        ("2023년에 무슨 일이 있었나?", "2023-01-01..2024-01-01", "2023-01-01.."),
        ("3月5日の火事", "2024-03-05..2024-03-06", "-"),
        ("9月の火事", "2023-09-01..2023-10-01", "-"),
        ("五月三日的火灾", "2024-05-03..2024-05-04", "-"),
        ("三月份的火灾", "2024-03-01..2024-04-01", "-"),
        ("去年3月的火灾", "2023-03-01..2023-04-01", "-"),
        ("昨年3月の火事", "2023-03-01..2023-04-01", "-"),
        ("작년 3월 5일 화재", "2023-03-05..2023-03-06", "-"),
        ("올해 화재", "2024-01-01..2024-06-24", "-"),
        ("2024年大选", "2024-01-01..2024-06-24", "-"),
    ],
)
def test_a_date_is_read_in_its_language(text: str, named: str, published: str) -> None:
    found, hard, _ = together(find_times(text, AS_OF))
    assert (shown(found), shown(hard)) == (named, published)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("2024年3月5日至7日", "2024-03-05..2024-03-08"),
        ("3月5日到4月2日", "2024-03-05..2024-04-03"),
        ("2024年1月から3月まで", "2024-01-01..2024-04-01"),
        ("2023年12月~2024年2月", "2023-12-01..2024-03-01"),
        ("2022년부터 2023년까지", "2022-01-01..2024-01-01"),
        ("2023年以来", "2023-01-01..2024-06-24"),
        ("2023年3月以降", "2023-03-01..2024-06-24"),
        ("2023년 3월부터", "2023-03-01..2024-06-24"),
        ("2023年3月之前", "..2023-03-01"),
        ("2023年3月より前", "..2023-03-01"),
        ("2023年3月まで", "..2023-04-01"),
        ("2023년 3월까지", "..2023-04-01"),
    ],
)
def test_a_range_or_a_limit_is_read_whole(text: str, named: str) -> None:
    (found,) = find_times(text, AS_OF)
    assert (found.words, shown(found.named)) == (text, named)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2024年3月に何が起きた？", "1-31 March 2024, nothing published before"),
        ("3月5日の火事", "preferably published 5 March 2024"),
        ("2023年3月之前", "published before 1 March 2023"),
    ],
)
def test_the_range_that_was_understood_is_shown_with_its_year(text: str, label: str) -> None:
    (found,) = find_times(text, AS_OF)
    assert found.notice.text() == label


@pytest.mark.parametrize(
    "text",
    [
        "2024年13月", "2024年2月30日", "2024年0月", "1789年7月14日", "2030年3月", "3个月", "3ヶ月", "3개월", "5日",
        "三月", "十月革命", "2024年度予算", "12024年", "2024", "3月5日至2月1日",
    ],
)  # fmt: skip
def test_what_is_no_past_date_is_left_alone(text: str) -> None:
    assert find_times(text, AS_OF) == ()


@given(st.text("0123456789〇零一二三四五六七九十年月日号년월일份在至から以前今去作 -~", max_size=30))
def test_any_mixture_of_the_signs_is_a_time_or_none(text: str) -> None:
    for one in find_times(text, AS_OF):
        assert text[one.start : one.end] == one.words
        assert one.named.start is None or one.named.end is None or one.named.start < one.named.end


@pytest.mark.parametrize(
    "text", ["2024年3月5日、橋が閉鎖された。", "大桥于2024年3月5日关闭。", "다리는 2024년 3월 5일 폐쇄됐다."]
)
def test_a_sentence_whose_tense_is_not_read_has_no_event_date(text: str) -> None:
    assert event_date(text, AS_OF) is None
