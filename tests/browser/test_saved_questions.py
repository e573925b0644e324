"""Standing questions in the page: saved from an answer, listed with what changed, deleted."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import pytest

from chat.errors import StandingError
from chat.standing.question import Change, Reason, ReasonKind, StandingQuestion
from chat.standing.store import Stored
from chat.understanding.question import FilterKey
from tests.browser.conftest import Visit
from tests.browser.stories import SHELVES
from tests.scripted_chatbot import NOW
from tests.served import serving
from web.conversations.open_conversations import OpenConversations
from web.conversations.routes import add_conversations
from web.page import build_page

Visiting = Callable[..., Visit]
DIED = "How many people died in the ferry fire?"
HOSTILE = "The figure is now <img src=x onerror=alert(1)> nine."


@dataclass
class ScriptedStanding:
    """Keeps standing questions in memory."""

    stored: Stored = field(default_factory=Stored)

    def questions(self, owner: str | None = None) -> list[StandingQuestion]:
        return [one for one in self.stored.questions.values() if owner in (None, one.owner)]

    def save(
        self, text: str, *, owner: str = "", earlier: Sequence[str] = (), without: Sequence[FilterKey] = ()
    ) -> StandingQuestion:
        if len(self.stored.questions) == 2:
            raise StandingError("there are too many standing questions")
        saved = StandingQuestion(id=f"id{len(self.stored.questions)}", text=text, since=NOW, owner=owner)
        self.stored.questions[saved.id] = saved
        return saved

    def delete(self, id: str, owner: str | None = None) -> None:
        if self.stored.questions[id].owner == owner:
            del self.stored.questions[id]


@pytest.fixture(scope="module")
def standing() -> ScriptedStanding:
    return ScriptedStanding()


@pytest.fixture(scope="module")
def address(standing: ScriptedStanding, conversations: OpenConversations) -> Iterator[str]:
    page = partial(build_page, conversations, SHELVES, lambda turns, thumb, reason, as_of: None, lambda: NOW, standing)
    with serving(page, partial(add_conversations, conversations=conversations, archive=SHELVES)) as address:
        yield address


def test_a_question_is_saved_from_its_answer_listed_with_its_changes_and_deleted(
    visit: Visiting, standing: ScriptedStanding
) -> None:
    reader = visit()
    reader.answered(DIED)
    reader.page.click('button:has-text("Tell me when this changes")')
    reader.page.wait_for_selector("details.standing")
    (saved,) = standing.questions()
    assert saved.text == DIED
    assert DIED in (reader.page.locator("details.standing").text_content() or "")
    change = Change(
        id="c", question_id=saved.id, question=DIED, noticed_at=NOW, reasons=(Reason(ReasonKind.FIGURE, HOSTILE),),
        answer={"sentences": [], "evidence": [], "notice": ""},
    )  # fmt: skip
    standing.stored.changes[change.id] = change
    reader.page.reload()
    reader.page.click("details.standing > summary")
    assert reader.page.locator("details.standing .changes p").inner_text() == HOSTILE
    assert reader.page.locator("details.standing a").get_attribute("href") == f"/api/standing/{saved.id}/feed"
    assert visit().page.locator("details.standing").count() == 0  # another reader
    reader.page.click('details.standing button[aria-label^="Delete"]')
    reader.page.wait_for_selector("details.standing", state="detached")
    assert standing.questions() == []
    assert reader.errors == []


def test_what_cannot_be_saved_is_said(visit: Visiting, standing: ScriptedStanding) -> None:
    reader = visit()
    standing.stored.questions |= {
        id: StandingQuestion(id=id, text=id, since=NOW, owner="another") for id in ("one", "two")
    }
    reader.answered(DIED)
    reader.page.click('button:has-text("Tell me when this changes")')
    reader.page.wait_for_selector(':text("too many standing questions")')
    standing.stored.questions.clear()
