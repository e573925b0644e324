"""Whether the numbers and dates of a sentence are in its evidence."""

from collections.abc import Iterator, Sequence
from datetime import date

from chat.answer import Support
from chat.checking.plain_evidence import PlainEvidence
from chat.checking.problems import Problem, ProblemKind
from chat.english.days import Day, blank_days, days_of, is_named, read_days, too_old_for
from chat.english.figures import Figure, Match, counted_otherwise, match_figure, read_figures


def number_problems(text: str, cited: Sequence[PlainEvidence]) -> Iterator[Problem]:
    """Numbers that the evidence does not have, or has for something else."""
    known = [figure for each in cited for figure in read_figures(blank_days(each.text))]
    dates = [day for each in cited for day in read_days(each.text)]
    for figure in read_figures(blank_days(text)):
        if problem := _number_problem(figure, known, dates):
            yield problem


def _number_problem(figure: Figure, known: Sequence[Figure], dates: Sequence[Day]) -> Problem | None:
    match = match_figure(figure, known)
    other = counted_otherwise(figure, known)
    if other is not None:
        return Problem(ProblemKind.NUMBER, figure.words, f"the evidence counts {other.words}", Support.UNSUPPORTED)
    if match is Match.LOOSE:
        return Problem(ProblemKind.NUMBER, figure.words, "the evidence limits the number in another way", Support.WEAK)
    if match is Match.ABSENT and not any(figure.value in day[1:4] for day in dates):
        support = Support.WEAK if figure.unit == "order" else Support.UNSUPPORTED
        return Problem(ProblemKind.NUMBER, figure.words, "the evidence does not have the number", support)
    return None


def date_problems(text: str, cited: Sequence[PlainEvidence]) -> Iterator[Problem]:
    """Dates that the evidence does not have."""
    wanted = read_days(text)
    if not wanted:
        return
    known = [day for each in cited for day in days_of(each.text, each.published)]
    for day in wanted:
        if not is_named(day, known):
            around = [
                each_day for each in cited for each_day in days_of(f"{each.heading} {each.paragraph}", each.published)
            ]
            support = Support.WEAK if is_named(day, around) else Support.UNSUPPORTED
            yield Problem(ProblemKind.DATE, day.words, "the evidence does not have the date", support)


def now_problems(text: str, cited: Sequence[PlainEvidence], today: date | None) -> Iterator[Problem]:
    """Words such as "this week" that do not mean the days of the newest report."""
    published = [each.published for each in cited if each.published]
    if today and published and (words := too_old_for(text, max(published), today)):
        why = f"the newest report cited is of {max(published):%-d %B %Y}"
        yield Problem(ProblemKind.DATE, words, why, Support.WEAK)
