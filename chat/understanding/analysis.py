"""What the words of a question ask for, worked out once."""

from dataclasses import dataclass
from functools import lru_cache

from chat.english.days import blank_days
from chat.english.plain_text import plain
from chat.understanding.answer_types import AnswerType, answer_type_of
from chat.understanding.counts import CountedThing, counted_thing
from chat.understanding.follow_ups import names_no_subject
from chat.understanding.kinds import QuestionKind, kind_of
from chat.understanding.speaker import Speaker, speaker_asked_about


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a question asks for."""

    kind: QuestionKind  # how it is to be answered
    answer_type: AnswerType  # what sort of thing answers it
    counted: CountedThing | None  # what reports keep count of, such as the dead
    speaker: Speaker | None  # whose words it asks for
    has_subject: bool  # beside a time: "What happened in March?" has none


@lru_cache(maxsize=1024)
def analyse(text: str) -> Analysis:
    """Analyse the words of a question, by rules."""
    return Analysis(
        kind_of(text),
        answer_type_of(text),
        counted_thing(blank_days(text)),  # "in March" counts no marchers
        speaker_asked_about(text),
        not names_no_subject(blank_days(plain(text))),
    )
