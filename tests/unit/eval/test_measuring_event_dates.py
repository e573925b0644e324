"""The measure of event dates on TimeML, with a report of our own."""

from datetime import date
from pathlib import Path

import pytest

from eval.event_dates import compared, days_of_value, read_reports, summary

REPORT = """<?xml version="1.0"?>
<TimeML><DOCID>1</DOCID>
<DCT><TIMEX3 tid="t0" type="DATE" value="2023-06-16" functionInDocument="CREATION_TIME">16 June 2023</TIMEX3></DCT>
<TEXT>
The bridge <EVENT eid="e1">fell</EVENT> on <TIMEX3 tid="t1" type="DATE" value="2023-06-15">Thursday</TIMEX3>. It was
built in <TIMEX3 tid="t2" type="DATE" value="1971">1971</TIMEX3>, and works took
<TIMEX3 tid="t3" type="DURATION" value="P3Y">three years</TIMEX3>. The port was closed on
<TIMEX3 tid="t4" type="DATE" value="2023-06-13">Wednesday</TIMEX3>. It has been open since
<TIMEX3 tid="t5" type="DATE" value="2020">2020</TIMEX3>.
</TEXT></TimeML>
"""


def test_precision_counts_what_is_given_and_recall_what_is_annotated(tmp_path: Path) -> None:
    (tmp_path / "one.tml").write_text(REPORT)
    (tmp_path / "._one.tml").write_bytes(b"\x00")
    (report,) = read_reports(tmp_path)
    findings = list(compared(report))
    assert [one.is_right for one in findings if one.ours] == [True, True, False]
    assert "4 annotated dates, 3 given: precision 0.667, recall 0.500" in summary(1, findings)


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("1998-08-07", (date(1998, 8, 7), date(1998, 8, 7))),
        ("1998-08-07TNI", (date(1998, 8, 7), date(1998, 8, 7))),
        ("1998-W32", (date(1998, 8, 3), date(1998, 8, 9))),
        ("1998-W32-WE", (date(1998, 8, 8), date(1998, 8, 9))),
        ("1998-02", (date(1998, 2, 1), date(1998, 2, 28))),
        ("1998-WI", (date(1998, 12, 1), date(1999, 2, 28))),
        ("1998", (date(1998, 1, 1), date(1998, 12, 31))),
        ("PRESENT_REF", None),
        ("199", None),
        ("1998-Q3", None),
        ("XXXX-03", None),
        ("1998-13", None),
    ],
)
def test_a_value_is_read_as_days(value: str, days: tuple[date, date] | None) -> None:
    assert days_of_value(value) == days
