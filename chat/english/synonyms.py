"""Words that tell the same thing of news: who asks how many died means those that were killed."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cache
from types import MappingProxyType

from indexer.search.stemming import terms

_WORTH = 0.8  # of a word in place of the word itself
_GROUPS = """
die died death dead killed fatal fatalities perished toll
injured hurt wounded
missing unaccounted
arrested detained custody
jailed imprisoned prison sentenced
accused charged indicted
resigned resignation quit stepped
sacked fired dismissed ousted
won win winner victory beat defeated triumphed champion
fire blaze burned burnt flames ablaze alight
earthquake quake tremor
flood flooded inundated water
storm hurricane typhoon cyclone
caused cause triggered sparked traced blamed
bought buy purchase purchased acquired acquisition takeover
sold sell sale
cost price worth paid
married wedding wed wife husband spouse
born birth birthplace
attack attacked assault attacker assailant
shot shooting gunman gunfire shooter
stabbed stabbing knife
crash crashed collision collided
explosion exploded blast bomb
elected election vote voted poll ballot
banned ban prohibited outlawed
launched launch liftoff
fell fall dropped declined decreased
rose rise increased climbed grew
strike walkout
approved approve passed backed
rejected refused turned
company firm business
film movie
doctor physician
plane aircraft jet airliner
ship vessel boat ferry
lorry truck
car vehicle
began begin started start
ended end finished
built build construction constructed
school pupils
disease illness virus infection
vaccine jab vaccination
""".strip().splitlines()


@cache
def synonyms() -> Mapping[str, frozenset[str]]:
    """The other stems that tell the same thing, by stem (`indexer.search.stemming.terms`)."""
    found: dict[str, set[str]] = defaultdict(set)
    for group in map(terms, _GROUPS):
        for stem in group:
            found[stem] |= {*group} - {stem}
    return MappingProxyType({stem: frozenset(others) for stem, others in found.items()})


def in_other_words(stem: str, stems: Collection[str]) -> float:
    """How far some stems hold one: 1 for itself, less for one that tells the same thing, 0 for neither."""
    return 1.0 if stem in stems else _WORTH * (not synonyms().get(stem, frozenset()).isdisjoint(stems))
