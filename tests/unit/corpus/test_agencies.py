import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.agencies import Byline, agency_of, dateline_end, split_byline, without_agency


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("PORT ELLERY (CPA) - The harbour froze on Monday.", "CPA"),
        ("WASHINGTON (AP) — The Senate met.", "AP"),
        ("(AP) — The Senate met.", "AP"),
        ("MOSCOW, June 24 (Reuters) - The rouble rose.", "Reuters"),
        ("LONDON, Feb. 2 (Thomson Reuters) -- The pound fell.", "Reuters"),
        ("Reuters - The pound fell.", "Reuters"),
        ("PARIS, AFP – The museum closed.", "AFP"),
        ("Nur-Sultan (AFP) – The president spoke.", "AFP"),
        ("NEW YORK (The Associated Press) - Stocks fell.", "AP"),
        ("By Jane Doe, Associated Press\n\nThe Senate met.", "AP"),
        ("By Christopher Rickleton for AFP\n\nKazakhstan has balanced.", "AFP"),
        ("The Senate met.\n\nReuters", "Reuters"),
        ("The Senate met.\n\n(AP)", "AP"),
        ("The Senate met.\n\n— AFP", "AFP"),
        ("The Senate met.\n\nSource: Xinhua", "Xinhua"),
        ("The Senate met, the president told AFP.", None),
        ("The Associated Press moved its office on Monday.", None),
        ("Reuters reported that the pound fell - again.", None),
        ("The North Atlantic Treaty Organization (NATO) met.", None),
        ("By the time the Senate met, AP had called the race.", None),
        ("Reuters", None),
        ("", None),
    ],
)
def test_a_text_tells_the_agency_that_wrote_it(text: str, agency: str | None) -> None:
    assert agency_of(text) == agency


@pytest.mark.parametrize(
    ("byline", "authors", "agency"),
    [
        ("By [Christopher Rickleton for AFP]", ["Christopher Rickleton"], "AFP"),
        ("By [Christopher Rickleton for AFP](#)", ["Christopher Rickleton"], "AFP"),
        ("By Jane Doe, Associated Press", ["Jane Doe"], "AP"),
        ("By JANE DOE and JOHN ROE, Associated Press", ["JANE DOE", "JOHN ROE"], "AP"),
        ("Jane Doe", ["Jane Doe"], None),
        ("by Jane Doe & John Roe", ["Jane Doe", "John Roe"], None),
        ("Jane Doe, John Roe and Ana van der Berg", ["Jane Doe", "John Roe", "Ana van der Berg"], None),
        ("By Jane Doe, with additional reporting by John Roe", ["Jane Doe", "John Roe"], None),
        ("By Jane Doe; additional reporting by John Roe and Ana Pell", ["Jane Doe", "John Roe", "Ana Pell"], None),
        ("Reporting by Jane Doe in Moscow", ["Jane Doe"], None),
        ("By Reuters Staff", [], "Reuters"),
        ("Reuters", [], "Reuters"),
        ("AFP", [], "AFP"),
        ("Jane Doe (AFP)", ["Jane Doe"], "AFP"),
        ("Jane Doe | AFP", ["Jane Doe"], "AFP"),
        ("Jane Doe AFP", ["Jane Doe"], "AFP"),
        ("By Jane Doe of The Associated Press", ["Jane Doe"], "AP"),
        ("By Jane Doe, AP Business Writer", ["Jane Doe"], "AP"),
        ("By Jane Doe, Political Correspondent", ["Jane Doe"], None),
        ("By Jane Doe, Staff Writer", ["Jane Doe"], None),
        ("By Jane Doe for The Moscow Times", ["Jane Doe"], None),
        ("By Jane Doe | June 24, 2022", ["Jane Doe"], None),
        ("By Jane Doe - jane@dateline.example", ["Jane Doe"], None),
        ("By staff and agencies", [], None),
        ("BBC News", [], None),
        ("Jane Doe\nJohn Roe, AFP", ["Jane Doe", "John Roe"], "AFP"),
        ("Jane Doe and Jane Doe", ["Jane Doe"], None),
        ("Jean-Luc O'Neill McDonald Jr.", ["Jean-Luc O'Neill McDonald Jr"], None),
        ("Łukasz Żak", ["Łukasz Żak"], None),
        ("村上春樹", ["村上春樹"], None),
        ("Brandon Anderson, Sandy Ortiz", ["Brandon Anderson", "Sandy Ortiz"], None),
        ("<script>alert(1)</script>", [], None),
        ("", [], None),
    ],
)
def test_a_byline_names_people_apart_from_their_agency(byline: str, authors: list[str], agency: str | None) -> None:
    assert split_byline(byline) == Byline(tuple(authors), agency)


def test_clients_of_an_agency_print_the_same_words() -> None:
    one = without_agency("MOSCOW (AFP) - The minister told AFP that he would go.")
    other = without_agency("MOSCOW, June 24 (Reuters) — The minister told Reuters that he would go.")
    local = without_agency("PORT ELLERY (CPA) - The minister told CPA that he would go.")
    assert one.split() == other.split() == local.split()


@given(st.text() | st.text(st.sampled_from("By AFP,()[]-—and.\n|;")))
def test_no_text_is_too_odd(text: str) -> None:
    agency_of(text)
    without_agency(text)
    assert all(author == author.strip() != "" for author in split_byline(text).authors)


@pytest.mark.parametrize("unit", ["A", "A ", "AP", "(", "[", " ", "By ", "and ", "A, ", "-"])
def test_the_time_does_not_explode_with_the_length_of_the_text(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    started = time.process_time()
    agency_of(text)
    without_agency(text)
    split_byline(text)
    assert time.process_time() - started < 2


def test_an_initial_belongs_to_a_name() -> None:
    assert split_byline("By Mary A. Quill and A. Weir").authors == ("Mary A. Quill", "A. Weir")


@pytest.mark.parametrize(
    ("text", "story"),
    [
        ("PORT ELLERY (CPA) - The ferry sank.", "The ferry sank."),
        ("\nMOSCOW, June 24 (Reuters) — The ferry sank.", "The ferry sank."),
        ("PARIS, AFP – The ferry sank.", "The ferry sank."),
        ("The ferry sank (again) - and rose.", "The ferry sank (again) - and rose."),
        ("PORT ELLERY (CPA) - ", "PORT ELLERY (CPA) - "),
    ],
)
def test_a_story_begins_after_its_dateline(text: str, story: str) -> None:
    assert text[dateline_end(text) :] == story


@given(st.text())
def test_a_dateline_never_reaches_beyond_its_text(text: str) -> None:
    assert 0 <= dateline_end(text) <= len(text)
    assert bool(text[dateline_end(text) :].strip()) == bool(text.strip())
