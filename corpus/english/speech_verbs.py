"""Verbs of speech: those that report what somebody said, and those that report what somebody thinks."""

from corpus.english.number_words import alternatives

_SAYING = (
    "say says said|tell tells told|add adds added|claim claims claimed|argue argues argued|insist insists insisted|"
    "note notes noted|state states stated|acknowledge acknowledges acknowledged|admit admits admitted|"
    "predict predicts predicted|announce announces announced|explain explains explained|warn warns warned|testified|"
    "concede concedes conceded|contend contends contended|reiterate reiterates reiterated|write writes wrote|tweeted|"
    "posted|reply replies replied|responded|declare declares declared|ask asks asked|confirm confirms confirmed|"
    "deny denies denied|recall recalls recalled|threatened|promised|vowed|suggest suggests suggested|"
    "complain complains complained|stressed|emphasised|emphasized|continued|concluded|remarked|commented|pledged|"
    "shouted|exclaimed|joked|cautioned|revealed|reported|began|cried|wondered|chanted|allege alleges alleged|"
    "maintain maintains maintained|describe describes described|object objects objected"
)
SPEECH_VERBS = tuple(form for verb in _SAYING.split("|") for form in verb.split())
THOUGHT_VERBS = tuple(
    "believe believes believed estimate estimates estimated think thinks thought hope hopes hoped fear fears feared "
    "expect expects expected reckon reckons reckoned".split()
)
SPEECH = alternatives(SPEECH_VERBS)
THOUGHT = alternatives(THOUGHT_VERBS)
