"""The kind of a question: what order, number and framing of sentences would answer it."""

import re
from enum import StrEnum
from functools import lru_cache

from chat.parts import compares


class QuestionKind(StrEnum):
    """How a question wants to be answered; what it asks for is another matter (`chat.asked_for`)."""

    FACT = "fact"
    FIGURE = "figure"  # how many, how much: the newest one
    LIST = "list"
    YES_NO = "yes or no"
    COMPARISON = "comparison"  # sources, dates or things side by side
    CHANGE = "change"  # before and after
    TIMELINE = "timeline"  # events in their order
    STATEMENT = "statement"  # who said what


_POLITE = re.compile(
    r"^\W*(?:(?:please|so|and|but|also|ok|okay|well|now|then|hello|hi),? )*"
    r"(?:(?:can|could|would|will) you (?:please )?|(?:i(?:'d| would)? (?:want|like|need) (?:you )?to (?:know|find out) ?)"
    r"|(?:do|does) (?:you|we|anyone|anybody) know ?|is it known ?)?"
    r"(?:please )?(?:(?:tell|remind|inform|show) (?:me|us) )?(?:about |if |whether |that )?",
    re.IGNORECASE,
)
_HELPING = (
    r"(?:did|does|do|is|are|was|were|has|have|had|will|would|can|could|should|must|may|might)(?:n['’]t| not)?\b"
)
_MORE = (
    r"(?:bigger|larger|higher|lower|smaller|longer|shorter|older|younger|faster|slower|cheaper|dearer|stronger|weaker"
    r"|deadlier|heavier|lighter|hotter|colder|earlier|later|sooner|better|worse|greater|wider|richer|poorer|more|fewer|less)"
)
_NUMBER = r"(?:\d|an? (?:hundred|thousand|million|dozen|third|quarter)|one|two|three|four|five|six|seven|eight|nine|ten|half)"
_SAYS = (
    r"(?:say|says|said|tell|tells|told|argue[ds]?|claim(?:s|ed)?|promise[ds]?|warn(?:s|ed)?|announce[ds]?|think|thinks|thought"
    r"|predict(?:s|ed)?|reply|replied|respond(?:s|ed)?|answer(?:s|ed)?|comment(?:s|ed)?|admit(?:s|ted)?|describe[ds]?|call(?:s|ed)?"
    r"|insist(?:s|ed)?|suggest(?:s|ed)?|urge[ds]?|react(?:s|ed)?|explain(?:s|ed)?|justif(?:y|ies|ied)|beg(?:s|ged)?|complain(?:s|ed)?"
    r"|criticis(?:es?|ed)|criticiz(?:es?|ed)|reckon(?:s|ed)?|spoke|speak|vow(?:s|ed)?|wrote|tweeted|den(?:y|ied)|allege[ds]?)"
)
_PLURAL = r"(?!\w*(?:ss|us|is|news)\b)[a-z][\w-]*(?:s|people|men|women|children|media)\b"
_BETWEEN = r"(?:(?!(?:do|does|did|is|was|has|have|had|will|would|can|could)\b)[\w'’-]+ ){0,2}?"
_PEOPLE = r"(?:everyone|everybody|all (?:the|of|those)|each of|every (?!day|week|month|year)\w+)"

# The first that is found decides.
_KINDS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            QuestionKind.TIMELINE,
            r"\btime ?lines?\b|\bchronolog|\bin (?:chronological |what |their |the right )?(?:order|sequence)\b(?! to)"
            r"|\b(?:step|minute|hour|day|week|month|year|report) by (?:step|minute|hour|day|week|month|year|report)\b"
            r"|\b(?:run|walk|take|talk) (?:me|us) through\b|\b(?:start|beginning|first) to (?:finish|end|last)\b"
            r"|\bsequence of\b|\b(?:with|give|and) (?:the )?dates\b|\bwhat (?:has |had )?happened\b(?! to \w+ on \d)"
            r"|\bhow (?:did|has|have) .+ (?:unfold|develop|play out|come about)(?:ed)?\b|\b(?:history|course) of\b"
            r"|\b(?:main|key|major) (?:events|moments|dates)\b|\bevents (?:that led|leading)\b|\bwhat .+ and when\b$",
        ),
        (
            QuestionKind.CHANGE,
            r"\bwhat(?:'s|’s| is| has| was| were| have)? ?(?:been )?(?:changed|different|new)\b(?= (?:in|about|with|from|since|between|to"
            rf"|after|compared|now|between)\b|\W*$)|\bhow (?:{_HELPING}) .+ (?:change|changed|evolve[ds]?|alter(?:ed)?|shift(?:ed)?)\b"
            r"|\bhow (?:was|were|has|have|did) .+ (?:cut|reduced?|revised?|amended|trimmed|scaled|watered|raised|increased?)\b"
            r".*\b(?:between|from|since|after)\b|\b(?:correct(?:ed|ions?)|put right|amended|retracted)\b"
            r"|\b(?:before and after|then and now|old .+ new)\b|\bwhat (?:changes?|became of|has become of)\b"
            r"|\bchanged? (?:(?:his|her|its|their) (?:mind|position|view)|between|from|since)\b|\bused to be\b",
        ),
        (
            QuestionKind.COMPARISON,
            rf"\b(?:compared? (?:with|to)|agree|disagree|relative to|side by side|the same (?:figure|number|story) )\b"
            rf"|\b{_MORE}\b(?=.*(?:[,:] .* or |\bor\b))(?!.* or (?:not|no|less|more)\b)"
            rf"|\b{_MORE}\b.* than\b(?! (?:about |some )?{_NUMBER}\b)",
        ),
        (
            QuestionKind.STATEMENT,
            rf"\b(?:what|how|whom?) (?:did|does|do|has|have|had|would) [^,]+ {_SAYS}\b"
            rf"|\b(?:who|whom|which (?:[\w-]+ ){{1,4}}?|what (?:[\w-]+ ){{1,3}}?)(?: has| had| have)? ?{_SAYS}\b"
            r"|['’]s? (?:\w+ )?(?:words|reaction|response|view|views|comment|comments|statement|opinion|argument|reply)\b"
            r"|\b(?:words|reaction|response|view|views|comments?|statement|opinion|quotes?|quotations?) (?:of|by|from)\b"
            r"|\baccording to (?:whom|who)\b|\bwhose words\b|\bin (?:his|her|their) (?:own )?words\b",
        ),
        (
            QuestionKind.FIGURE,
            r"\bhow (?:many|much)\b|\b(?:death |casualty )?toll\b|\bbody count\b|\bnumber of\b|\bhow high (?:is|was) the (?:count|number)"
            r"|\bwhat(?:'s|’s| is| was| are| were) the (?:[\w-]+ ){0,2}(?:count|tally|total|figure|figures|number)\b",
        ),
        (QuestionKind.YES_NO, rf"^(?:{_HELPING} (?!\w+ (?:know|tell))\S|any\b(?!one (?:who|that))|is it true\b)"),
        (
            QuestionKind.LIST,
            rf"\b(?:which|what) {_BETWEEN}(?!(?:is|was|has|does)\b){_PLURAL}(?! (?:is|was|has|does)\b)(?= )"
            rf"|\b(?:what|who) (?:are|were)(?: all)? the\b(?! (?:chances?|odds)\b)"
            rf"|^(?:name|list|enumerate)\b(?! of\b)|\ba list of\b|{_PEOPLE}|\bwhat (?:kinds?|sorts?|types) of\b",
        ),
    )
)
_ALTERNATIVES = re.compile(r"\bor\b(?! (?:not|no|any|more|less|so)\b)", re.IGNORECASE)


def bare_question(text: str) -> str:
    """The question without what is said to be polite: "Could you tell me whether"."""
    return _POLITE.sub("", text, count=1).strip()


@lru_cache(maxsize=1024)
def kind_of(text: str) -> QuestionKind:
    """The kind of a question, by rules; a fact where none fits."""
    asked = bare_question(text)
    kind = next((kind for kind, pattern in _KINDS if pattern.search(asked)), QuestionKind.FACT)
    if kind in (QuestionKind.FACT, QuestionKind.LIST) and compares(asked):
        return QuestionKind.COMPARISON
    # "Did A or B win?" asks for one of them: neither yes nor no.
    return QuestionKind.FACT if kind is QuestionKind.YES_NO and _ALTERNATIVES.search(asked) else kind
