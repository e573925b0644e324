"""Which changes of an answer are reported, once each: after restarts, by two processes at once, with a damaged file."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from chat.errors import StandingError
from chat.standing.asking import MOST_OF_A_READER, StandingQuestions
from chat.standing.question import Change, ReasonKind
from chat.standing.store import FILE_NAME, StandingStore
from corpus.article import Article
from indexer.removing import Selection, purge
from indexer.sync import sync
from tests.archive_server import open_small_archive
from tests.articles import article
from tests.fakes import word_hash_model
from tests.scripted_chatbot import NOW

FIRE = "How many people died in the fire on the ferry Grey Petrel?"
ELEVEN = article(
    "Ferry fire toll",
    "Eleven people died in the fire on the ferry Grey Petrel, the fire service said.",
    day="2023-03-25",
)
KILLED = "How many were killed on the Grey Petrel?"
TOWER = "Who designed the Tern Point water tower?"
DESIGNED = article(
    "Water tower", "The Tern Point water tower was designed by Ada Brook, an engineer.", day="2023-07-01"
)


@dataclass
class Place:
    folder: Path
    standing: StandingQuestions

    def add(self, *articles: Article) -> list[Change]:
        """Add articles and ask again."""
        sync(articles, self.folder, word_hash_model())
        return self.standing.ask_again()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def opened(folder: Path, stack: ExitStack) -> Place:
    """A process over the small archive, as after a start."""
    chatbot = stack.enter_context(open_small_archive(folder))
    return Place(folder, StandingQuestions(chatbot, StandingStore(folder), lambda: NOW))


def kinds(changes: list[Change]) -> list[ReasonKind]:
    return [reason.kind for change in changes for reason in change.reasons]


def test_a_new_figure_is_reported_once_also_after_a_restart(tmp_path: Path, stack: ExitStack) -> None:
    place = opened(tmp_path, stack)
    place.standing.save(FIRE)
    assert kinds(place.add(ELEVEN)) == [ReasonKind.FIGURE]
    assert place.standing.ask_again() == []
    again = opened(tmp_path, stack)
    assert again.standing.ask_again() == []
    (noticed,) = again.standing.unreported("terminal")
    again.standing.mark_reported([noticed], "terminal")
    assert opened(tmp_path, stack).standing.unreported("terminal") == []


def test_what_was_added_while_nothing_ran_is_reported_at_the_next_start(tmp_path: Path, stack: ExitStack) -> None:
    opened(tmp_path, stack).standing.save(FIRE)
    sync([ELEVEN], tmp_path, word_hash_model())
    assert kinds(opened(tmp_path, stack).standing.ask_again()) == [ReasonKind.FIGURE]


def test_two_processes_notice_a_change_once(tmp_path: Path, stack: ExitStack) -> None:
    one, other = opened(tmp_path, stack), opened(tmp_path, stack)
    one.standing.save(FIRE)
    assert kinds(one.add(ELEVEN)) == [ReasonKind.FIGURE]
    assert other.standing.ask_again() == []
    assert len(other.standing.stored.changes) == 1


def test_an_article_that_says_the_same_and_one_about_something_else_change_nothing(
    tmp_path: Path, stack: ExitStack
) -> None:
    place = opened(tmp_path, stack)
    place.standing.save(FIRE)
    same = article(
        "Ferry", "Nine people died in the fire on the ferry Grey Petrel in March.", day="2023-04-02", source="Gazette"
    )
    assert place.add(same) == []
    assert place.add(article("Tram", "The tram line opened. Nine people rode it.", day="2023-08-01")) == []


def test_an_answer_where_there_was_none_is_reported(tmp_path: Path, stack: ExitStack) -> None:
    place = opened(tmp_path, stack)
    place.standing.save(TOWER)
    (change,) = place.add(DESIGNED)
    assert kinds([change]) == [ReasonKind.ANSWER]
    assert "Ada Brook" in change.reasons[0].text
    assert change.answer["evidence"][0]["title"] == "Water tower"


def test_a_correction_of_a_cited_article_is_reported_and_a_change_elsewhere_is_not(
    tmp_path: Path, stack: ExitStack
) -> None:
    place = opened(tmp_path, stack)
    place.add(DESIGNED)
    place.standing.save(TOWER)
    longer = replace(DESIGNED, text=f"{DESIGNED.text} It is tall.", updated_at=DESIGNED.published_at)
    assert place.add(longer) == []
    note = f"{longer.text}\n\nCorrection: An earlier version of this article misspelt the name of the tower."
    corrected = replace(longer, text=note, correction="An earlier version misspelt the name of the tower.")
    (change,) = place.add(corrected)
    assert kinds([change]) == [ReasonKind.CORRECTION]
    assert "misspelt" in change.reasons[0].text
    assert opened(tmp_path, stack).standing.ask_again() == []


def test_cited_words_that_an_article_no_longer_has_are_reported(tmp_path: Path, stack: ExitStack) -> None:
    place = opened(tmp_path, stack)
    place.add(DESIGNED)
    place.standing.save(TOWER)
    changed = replace(DESIGNED, text="The Tern Point water tower was designed by Bo Lund, an architect.")
    assert kinds(place.add(changed)) == [ReasonKind.CORRECTION]


def test_a_withdrawal_is_reported_and_a_later_answer_too(tmp_path: Path, stack: ExitStack) -> None:
    place = opened(tmp_path, stack)
    place.add(DESIGNED)
    place.standing.save(TOWER)
    assert kinds(place.add(replace(DESIGNED, is_withdrawn=True))) == [ReasonKind.WITHDRAWAL]
    assert place.standing.ask_again() == []
    later = article("Tower", "The Tern Point water tower was designed by Bo Lund, records show.", day="2023-09-01")
    assert kinds(place.add(later)) == [ReasonKind.ANSWER]


def test_a_newer_report_of_what_is_not_counted_is_reported(tmp_path: Path, stack: ExitStack) -> None:
    place = opened(tmp_path, stack)
    place.add(article("Mayor", "The mayor of Port Ellery is Isolde Farrant.", day="2023-05-05"))
    place.standing.save("Who is the mayor of Port Ellery?")
    changes = place.add(article("New mayor", "The mayor of Port Ellery is Ada Brook, who won.", day="2023-11-05"))
    assert kinds(changes) in ([], [ReasonKind.EVIDENCE])
    assert all("Ada Brook" in change.reasons[0].text for change in changes)


def test_a_line_that_a_kill_cut_short_loses_nothing_else(tmp_path: Path, stack: ExitStack) -> None:
    place = opened(tmp_path, stack)
    place.standing.save(FIRE)
    whole = (tmp_path / FILE_NAME).read_bytes()
    place.add(ELEVEN)
    line = (tmp_path / FILE_NAME).read_bytes()[len(whole) :]
    for end in range(len(line) - 1):  # without its line end it is whole
        (tmp_path / FILE_NAME).write_bytes(whole + line[:end])
        store = StandingStore(tmp_path)
        assert list(store.stored().changes.values()) == []
        if end % 400 == 0:
            again = opened(tmp_path, stack).standing
            assert kinds(again.ask_again()) == [ReasonKind.FIGURE]
            assert len(StandingStore(tmp_path).stored().changes) == 1


def test_a_purge_takes_the_words_of_an_article_out_of_the_changes_and_leaves_the_question(
    tmp_path: Path, stack: ExitStack
) -> None:
    place = opened(tmp_path, stack)
    place.standing.save(KILLED)
    place.add(ELEVEN)
    assert b"Eleven people" in (tmp_path / FILE_NAME).read_bytes()
    stack.close()
    purge(tmp_path, Selection(address=ELEVEN.url))
    assert b"Eleven people" not in (tmp_path / FILE_NAME).read_bytes()
    assert [one.text for one in StandingStore(tmp_path).stored().questions.values()] == [KILLED]


def test_a_reader_keeps_so_many_questions_and_the_same_one_once(tmp_path: Path, stack: ExitStack) -> None:
    standing = opened(tmp_path, stack).standing
    first = standing.save(FIRE, owner="reader")
    assert standing.save(FIRE, owner="reader") == first
    assert standing.save(FIRE, owner="another") != first
    for number in range(MOST_OF_A_READER - 1):
        standing.save(f"What happened to ferry number {number}?", owner="reader")
    with pytest.raises(StandingError, match="too many"):
        standing.save("What else?", owner="reader")


@pytest.mark.parametrize("text", ["", " ", "Hello!"])
def test_what_asks_for_no_news_cannot_be_saved(tmp_path: Path, stack: ExitStack, text: str) -> None:
    with pytest.raises(StandingError):
        opened(tmp_path, stack).standing.save(text)


def test_a_deleted_question_is_asked_no_more_and_leaves_no_change(tmp_path: Path, stack: ExitStack) -> None:
    place = opened(tmp_path, stack)
    saved = place.standing.save(FIRE)
    place.add(ELEVEN)
    place.standing.delete(saved.id)
    assert place.standing.stored.changes == {}
    with pytest.raises(StandingError, match="no such"):
        place.standing.delete(saved.id)


def test_a_follow_up_is_asked_with_the_questions_before_it(tmp_path: Path, stack: ExitStack) -> None:
    place = opened(tmp_path, stack)
    place.standing.save("When was she built?", earlier=["What burnt on the ferry Grey Petrel?"])
    (known,) = place.standing.stored.known.values()
    assert known.lead
    assert 1994.0 in known.lead.values
