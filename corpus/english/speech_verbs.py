"""Verbs of speech: those that report what somebody said, and those that report what somebody thinks."""

from corpus.english.number_words import alternatives

_SAYING = frozenset(
    "say says said tell tells told add adds added claims claimed argue argues argued insist insists insisted notes "
    "noted states stated acknowledges acknowledged admits admitted predicts predicted explains explained warns warned "
    "testified concedes conceded contends contended reiterates reiterated writes wrote tweeted replies replied "
    "responded denies denied recalls recalled suggests suggested complains complained stressed emphasised emphasized "
    "concluded remarked commented shouted exclaimed joked cautioned reported cried wondered chanted alleges alleged "
    "maintains maintained describes described objects objected".split()
)
# They also tell what somebody does: "announced a plan" is the reporter's, "announced that" is not.
_SAYING_AND_DOING = frozenset(
    "announces announced declares declared asks asked confirms confirmed promised vowed pledged threatened continued "
    "began revealed posted".split()
)
_THINKING = frozenset(
    "believe believes believed estimates estimated think thinks thought hopes hoped fears feared expects expected "
    "reckons reckoned".split()
)

SPEECH = alternatives(_SAYING | _SAYING_AND_DOING)
SPEECH_ALONE = alternatives(_SAYING)
SPEECH_OR_ACTION = alternatives(_SAYING_AND_DOING)
THOUGHT = alternatives(_THINKING)
