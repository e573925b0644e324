"""A second reading by a real cross-encoder: tiny, with random weights and a class that it prefers."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat.answer import Support
from chat.chatbot import Chatbot
from chat.checking.entailment import NliModel, Reading, open_nli
from chat.errors import LanguageModelError
from chat.opening import open_chatbot
from chat.receipting import receipt_of
from chat.settings import ChatSettings
from chat.texts.notices import text_of
from indexer.embedding.model import open_embedding
from indexer.search.index import Index
from indexer.settings import settings_of
from indexer.sync import sync
from tests.articles import article
from tests.fakes import ScriptedLLM, word_hash_model

QUESTION = "Was the port shut?"
WRITTEN = "The port was shut."
STORY = article("Storm", "The port of Ellery was shut by the storm. A ferry burned.")
NOW = datetime(2023, 6, 1, tzinfo=UTC)
MODEL = word_hash_model()
REMOTE = "openai-like/m@http://127.0.0.1:9/v1"  # never called
PAIR = ("the port of ellery was shut by the storm", "the port was shut")
ORDERS = [
    ("CONTRADICTION", "Neutral", "entailment"),
    ("entailment", "contradiction", "neutral"),
    ("neutral", "entailment", "contradiction"),
]
MakeModel = Callable[..., Path]


@pytest.fixture
def make_model(tmp_path: Path) -> MakeModel:
    """Makes a BERT of a few hundred random weights, with a bias for one class, that reads a handful of words."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    def make(labels: Sequence[str], preferred: int = 0, name: str = "tiny-nli") -> Path:
        folder = tmp_path / "models" / name
        folder.mkdir(parents=True)
        words = "[PAD] [UNK] [CLS] [SEP] [MASK] the port of ellery was shut by storm . a ferry burned".split()
        (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
        torch.manual_seed(5)
        config = BertConfig(
            id2label=dict(enumerate(labels)),
            label2id={label: number for number, label in enumerate(labels)},
            vocab_size=len(words),
            hidden_size=8,
            num_hidden_layers=1,
            num_attention_heads=1,
            intermediate_size=8,
            max_position_embeddings=64,
            initializer_range=0.5,
        )
        model = BertForSequenceClassification(config)
        with torch.no_grad():
            model.classifier.bias[preferred] = 9.0
        model.save_pretrained(folder)
        BertTokenizer(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
        return folder

    return make


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    sync([STORY], tmp_path / "data", MODEL)
    opened = Index(tmp_path / "data", MODEL.fingerprint)
    yield opened
    opened.close()


def chatbot(index: Index, nli: NliModel | None) -> Chatbot:
    return Chatbot(index, MODEL, ScriptedLLM(replies=[f"{WRITTEN} [1]"]), clock=lambda: NOW, nli=nli)


@pytest.mark.parametrize("labels", ORDERS)
def test_the_classes_are_read_by_their_names_whatever_their_order(make_model: MakeModel, labels: Sequence[str]) -> None:
    for preferred, label in enumerate(labels):
        [reading] = open_nli(str(make_model(labels, preferred, f"likes-{label}"))).read([PAIR])
        assert getattr(reading, label.lower()) > 0.5
        assert reading.entailment + reading.neutral + reading.contradiction == pytest.approx(1.0)


def test_a_model_reads_both_texts_in_their_order_however_long_they_are(make_model: MakeModel) -> None:
    model = open_nli(str(make_model(ORDERS[0])))
    pairs = [PAIR, PAIR[::-1], (PAIR[0], "a ferry burned"), ("the storm " * 500, PAIR[1])]
    readings = model.read(pairs)
    assert len(set(readings)) == len(pairs)
    assert all(isinstance(one, Reading) for one in readings)
    assert model.name == "tiny-nli"


@pytest.mark.parametrize("labels", [("LABEL_0",), ("entailment", "not_entailment"), ("entail", "neutral", "contra")])
def test_a_model_without_the_three_labels_is_refused_with_what_is_needed(
    make_model: MakeModel, labels: Sequence[str]
) -> None:
    with pytest.raises(LanguageModelError, match=r"has the labels .*DATELINE_NLI needs .*entailment, neutral"):
        open_nli(str(make_model(labels)))


def test_a_model_that_is_missing_or_damaged_is_named_with_the_fix(make_model: MakeModel, tmp_path: Path) -> None:
    damaged = make_model(ORDERS[0])
    (damaged / "model.safetensors").write_bytes(b"no weights")
    for folder in (tmp_path / "nowhere", tmp_path, damaged):
        with pytest.raises(LanguageModelError, match=rf"no NLI model .*{folder.name}.*unset DATELINE_NLI"):
            open_nli(str(folder))


@pytest.mark.parametrize(("preferred", "support"), [(0, Support.QUOTED), (1, Support.WEAK), (2, Support.SUPPORTED)])
def test_what_is_written_is_read_against_its_evidence(
    index: Index, make_model: MakeModel, preferred: int, support: Support
) -> None:
    answer = chatbot(index, open_nli(str(make_model(ORDERS[0], preferred)))).ask(QUESTION)
    assert answer.notice == ""
    [sentence] = answer.sentences
    assert sentence.support is support
    assert (sentence.text == WRITTEN) == (support is not Support.QUOTED)


def test_a_model_that_fails_while_it_reads_leaves_the_quotations(index: Index) -> None:
    def failing(pairs: Sequence[tuple[str, str]]) -> Sequence[Reading]:
        raise LanguageModelError("the NLI model 'm' failed (too long)")

    answer = chatbot(index, NliModel("m", failing)).ask(QUESTION)
    assert answer.notice == "the NLI model 'm' failed (too long). These are quotations instead."
    assert {one.support for one in answer.sentences} == {Support.QUOTED}


def test_a_receipt_names_the_model_that_read_what_was_written(index: Index, make_model: MakeModel) -> None:
    nli = open_nli(str(make_model(ORDERS[0])))
    named = []
    for bot in chatbot(index, nli), chatbot(index, None), Chatbot(index, MODEL, None, clock=lambda: NOW, nli=nli):
        kept = receipt_of(bot.turn(QUESTION), bot, settings_of(ChatSettings))
        named.append(kept["made_with"]["nli_model"])
    assert named == ["tiny-nli", None, None]


def test_the_settings_name_the_model_or_a_notice_says_why_the_rules_are_alone(
    make_model: MakeModel, tmp_path: Path
) -> None:
    sync([STORY], tmp_path, open_embedding())
    there, nowhere = str(make_model(ORDERS[0])), str(tmp_path / "nowhere")
    opened = []
    for llm, nli in (REMOTE, there), (REMOTE, nowhere), ("quotes", nowhere):
        bot = open_chatbot(settings_of(ChatSettings, data=tmp_path, llm=llm, nli=nli))
        bot.index.close()
        opened.append((bot.nli.name if bot.nli else None, text_of(bot.notices)))
    assert opened[1][0] is None
    assert re.search(r"no NLI model .*nowhere.*DATELINE_NLI.* checked by rules alone\.$", opened[1][1])
    assert (opened[0], opened[2]) == (("tiny-nli", ""), (None, ""))
