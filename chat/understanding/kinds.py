"""The kind of a question: the order, number and framing of the sentences that would answer it."""

import re
from enum import StrEnum
from functools import lru_cache

from chat.understanding.parts import compares
from corpus.english.number_words import UP_TO_TWELVE, alternatives


class QuestionKind(StrEnum):
    """How a question is to be answered; what sort of thing it asks for is in `chat.understanding.answer_types`."""

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
    r"(?:(?:can|could|would|will) you (?:please )?"
    r"|(?:i(?:'d| would)? (?:want|like|need) (?:you )?to (?:know|find out) ?)"
    r"|(?:do|does) (?:you|we|anyone|anybody) know ?|is it known ?)?"
    r"(?:please )?(?:(?:tell|remind|inform|show) (?:me|us) )?(?:about |if |whether |that )?",
    re.IGNORECASE,
)
_HELPING = r"(?:did|does|do|is|are|was|were|has|have|had|will|would|can|could|should|must|may|might)(?:n['’]t| not)?\b"
_MORE = (
    r"(?:bigger|larger|higher|lower|smaller|longer|shorter|older|younger|faster|slower|cheaper|dearer|stronger|weaker"
    r"|deadlier|heavier|lighter|hotter|colder|earlier|later|sooner|better|worse|greater|wider|richer|poorer|more|fewer"
    r"|less)"
)
_NUMBER = (
    r"(?:\d[\d,.]*|an? (?:hundred|thousand|million|dozen|third|quarter)|half"
    rf"|{alternatives(UP_TO_TWELVE)})"
)
_SAYS = (
    r"(?:say|says|said|tell|tells|told|argue[ds]?|claim(?:s|ed)?|promise[ds]?|warn(?:s|ed)?|announce[ds]?|think|thinks"
    r"|thought|predict(?:s|ed)?|reply|replied|respond(?:s|ed)?|answer(?:s|ed)?|comment(?:s|ed)?|admit(?:s|ted)?"
    r"|describe[ds]?|call(?:s|ed)?|insist(?:s|ed)?|suggest(?:s|ed)?|urge[ds]?|react(?:s|ed)?|explain(?:s|ed)?"
    r"|justif(?:y|ies|ied)|beg(?:s|ged)?|complain(?:s|ed)?|critici[sz](?:es?|ed)|reckon(?:s|ed)?|spoke|speak"
    r"|vow(?:s|ed)?|wrote|tweeted|den(?:y|ied)|allege[ds]?)"
)
_PLURAL = r"(?!\w*(?:ss|us|is|news)\b)[a-z][\w-]*(?:s|people|men|women|children|media)\b"
_BETWEEN = r"(?:(?!(?:do|does|did|is|was|has|have|had|will|would|can|could)\b)[\w'’-]+ ){0,2}?"
_EVERYONE = r"(?:everyone|everybody|all (?:the|of|those)|each of|every (?!day|week|month|year)\w+)"
_SINCE = r"(?:in|about|with|from|since|between|to|after|compared|now)"
_ALTERED = r"(?:cut|reduced?|revised?|amended|trimmed|scaled|watered|raised|increased?)"
_BY_PIECES = r"(?:step|minute|hour|day|week|month|year|report)"

# The first of which a pattern is found decides.
_KINDS = (
    (
        QuestionKind.TIMELINE,
        r"\btime ?lines?\b|\bchronolog|\bsequence of\b|\b(?:history|course) of\b",
        r"\bin (?:chronological |what |their |the right )?(?:order|sequence)\b(?! to)",
        rf"\b{_BY_PIECES} by {_BY_PIECES}\b|\b(?:run|walk|take|talk) (?:me|us) through\b",
        r"\b(?:start|beginning|first) to (?:finish|end|last)\b|\b(?:with|give|and) (?:the )?dates\b",
        r"\bwhat (?:has |had )?happened\b(?! to \w+ on \d)|\bevents (?:that led|leading)\b|\bwhat .+ and when$",
        r"\bhow (?:did|has|have) .+ (?:unfold|develop|play out|come about)(?:ed)?\b",
        r"\b(?:main|key|major) (?:events|moments|dates)\b",
    ),
    (
        QuestionKind.CHANGE,
        rf"\bwhat(?:['’]s| is| has| was| were| have)? ?(?:been )?(?:changed|different|new)\b(?= {_SINCE}\b|\W*$)",
        rf"\bhow {_HELPING} .+ (?:changed?|evolve[ds]?|alter(?:ed)?|shift(?:ed)?)\b",
        rf"\bhow (?:was|were|has|have|did) .+ {_ALTERED}\b.*\b(?:between|from|since|after)\b",
        r"\b(?:correct(?:ed|ions?)|put right|amended|retracted)\b|\bused to be\b",
        r"\b(?:before and after|then and now|old .+ new)\b|\bwhat (?:changes?|became of|has become of)\b",
        r"\bchanged? (?:(?:his|her|its|their) (?:mind|position|view)|between|from|since)\b",
    ),
    (
        QuestionKind.COMPARISON,
        r"\b(?:compared? (?:with|to)|agree|disagree|relative to|side by side|the same (?:figure|number|story))\b",
        rf"\b{_MORE}\b(?=.*(?:[,:] .* or |\bor\b))(?!.* or (?:not|no|less|more)\b)",
        rf"\b{_MORE}\b.* than\b(?! (?:about |some )?{_NUMBER}\b)",
    ),
    (
        QuestionKind.STATEMENT,
        rf"\b(?:what|how|whom?) (?:did|does|do|has|have|had|would) [^,]+ {_SAYS}\b",
        rf"\b(?:who|whom|which (?:[\w-]+ ){{1,4}}?|what (?:[\w-]+ ){{1,3}}?)(?: has| had| have)? ?{_SAYS}\b",
        r"['’]s? (?:\w+ )?(?:words|reaction|response|views?|comments?|statement|opinion|argument|reply)\b",
        r"\b(?:words|reaction|response|views?|comments?|statement|opinion|quotes?|quotations?) (?:of|by|from)\b",
        r"\baccording to (?:whom|who)\b|\bwhose words\b|\bin (?:his|her|their) (?:own )?words\b",
    ),
    (
        QuestionKind.FIGURE,
        r"\bhow (?:many|much)\b|\b(?:death |casualty )?toll\b|\bbody count\b|\bnumber of\b",
        r"\bhow high (?:is|was) the (?:count|number)",
        r"\bwhat(?:['’]s| is| was| are| were) the (?:[\w-]+ ){0,2}(?:count|tally|total|figures?|number)\b",
    ),
    (QuestionKind.YES_NO, rf"^(?:{_HELPING} (?!\w+ (?:know|tell))\S|any\b(?!one (?:who|that))|is it true\b)"),
    (
        QuestionKind.LIST,
        rf"\b(?:which|what) {_BETWEEN}(?!(?:is|was|has|does)\b){_PLURAL}(?! (?:is|was|has|does)\b)(?= )",
        r"\b(?:what|who) (?:are|were)(?: all)? the\b(?! (?:chances?|odds)\b)|\bwhat (?:kinds?|sorts?|types) of\b",
        rf"^(?:name|list|enumerate)\b(?! of\b)|\ba list of\b|{_EVERYONE}",
    ),
)
_PATTERNS = tuple((kind, re.compile("|".join(patterns), re.IGNORECASE)) for kind, *patterns in _KINDS)
_NOW = (
    r"currently|at present|at the moment|at (?:this|the present) (?:moment|time|point)|right now|these days|nowadays"
    r"|as of now|(?<!until )(?<!till )(?<!by )(?<!the )(?<!a )now(?! that| famous)|(?<!a )(?<!the )still|yet|any ?more"
    r"|any longer|(?:(?<=the )|(?<=its )|(?<=his )|(?<=her )|(?<=their )|(?<=['’]s ))"
    r"current(?= (?!affairs|account|events|in |of |and |is )\w)"
)
_PRESENT = r"(?:(?:is|are|has|have|does|do)(?:n['’]t)?|['’]s|did(?=.* yet))"
_NOW_OF_THE_PRESENT = re.compile(
    rf"^(?:(?:who|whom|whose|what|which|where|why|how)\b[^.?!]{{0,60}}?)?(?:\b|(?=['’])){_PRESENT}\b.*?"
    rf"\b(?P<now>{_NOW})\b",
    re.IGNORECASE,
)
_STATE_OF = re.compile(
    r"^(?:(?:what(?:['’]s| is| are)|how(?:['’]s| is)|describe|summari[sz]e|give (?:me|us)) )?"
    r"(?P<state>(?:the )?(?:(?:current|present|latest|exact) )?"
    r"(?:status of|state of(?: (?:play|affairs) (?:of|in|with|at))?)) (?-i:(?=[a-z]))",  # not "the state of Texas"
    re.IGNORECASE,
)
_STANDS = re.compile(
    r"^(?:where|how) (?:do|does) .+ stand\b|^how(?:['’]s| is| are) .+ (?:going|progressing|coming along)\W*$"
    r"|^what(?:['’]s| is) (?:the )?(?:current |present )?(?:situation|progress)\b",
    re.IGNORECASE,
)
_READ_CHARACTERS = 300  # of a longer text the end, where the question is
_ALTERNATIVES = re.compile(r"\bor\b(?! (?:not|no|any|more|less|so)\b)", re.IGNORECASE)


def bare_question(text: str) -> str:
    """The question without polite phrases such as "Could you tell me whether"."""
    return _POLITE.sub("", text, count=1).strip()


def words_of_now(text: str) -> tuple[tuple[int, int], ...] | None:
    """The spans of the words by which a question asks how things stand now; None where it does not.

    They are not looked for: no report says "the status of". The spans are empty for "Where does the project stand?".
    """
    asked = bare_question(text[-_READ_CHARACTERS:])
    offset = len(text.rstrip()) - len(asked)
    if state := _STATE_OF.search(asked):
        first, last = state.span("state")
        return ((first + offset, last + offset),)
    if now := _NOW_OF_THE_PRESENT.search(asked):
        first, last = now.span("now")
        return ((first + offset, last + offset),)
    return () if _STANDS.search(asked) else None


@lru_cache(maxsize=1024)
def kind_of(text: str) -> QuestionKind:
    """The kind of a question, by rules; a fact where none fits."""
    asked = bare_question(text[-_READ_CHARACTERS:])
    kind = next((kind for kind, pattern in _PATTERNS if pattern.search(asked)), QuestionKind.FACT)
    if kind in (QuestionKind.FACT, QuestionKind.LIST) and compares(asked):
        return QuestionKind.COMPARISON
    # "Did A or B win?" asks for one of them: neither yes nor no.
    return QuestionKind.FACT if kind is QuestionKind.YES_NO and _ALTERNATIVES.search(asked) else kind
