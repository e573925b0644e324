"""A second reading by a real cross-encoder: tiny, with random weights and a class that it prefers."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chat.__main__ import app
from chat.answer import Support
from chat.chatbot import Chatbot
from chat.entailment import NliModel, Reading, open_nli
from chat.errors import LanguageModelError
from chat.opening import open_chatbot
from chat.settings import ChatSettings
from indexer.embedding import open_embedding
from indexer.settings import settings_of
from indexer.sync import sync
from tests.articles import article
from tests.faulty_server import Failing, faulty_server

QUESTION = "Was the port shut?"
WRITTEN = "The port was shut."  # by the server
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
        config = BertConfig(  # type: ignore[call-arg]  # it takes what every configuration takes
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


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    sync([article("Storm", "The port of Ellery was shut by the storm. A ferry burned.")], folder, open_embedding())
    return folder


def opened(data: Path, address: str, nli: Path | str) -> Chatbot:
    return open_chatbot(settings_of(ChatSettings, data=data, llm=f"openai-like/m@{address}/v1", nli=str(nli)))


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
def test_what_is_written_is_read_by_the_model_that_the_settings_name(
    make_model: MakeModel, data: Path, preferred: int, support: Support
) -> None:
    with faulty_server(Failing.NOT) as server:
        chatbot = opened(data, server.address, make_model(ORDERS[0], preferred))
        answer = chatbot.ask(QUESTION)
        chatbot.index.close()
    assert answer.notice == ""
    [sentence] = answer.sentences
    assert sentence.support is support
    assert (sentence.text == WRITTEN) == (support is not Support.QUOTED)


def test_a_model_that_is_not_to_be_had_costs_a_notice_and_the_rules_go_on(data: Path, tmp_path: Path) -> None:
    with faulty_server(Failing.NOT) as server:
        chatbot = opened(data, server.address, tmp_path / "nowhere")
        answer = chatbot.ask(QUESTION)
        chatbot.index.close()
    assert "DATELINE_NLI" in answer.notice
    assert answer.notice.endswith("What is written is checked by rules alone.")
    assert [(one.text, one.support) for one in answer.sentences] == [(WRITTEN, Support.SUPPORTED)]


def test_a_model_that_fails_while_it_reads_leaves_the_quotations(data: Path, make_model: MakeModel) -> None:
    def failing(pairs: Sequence[tuple[str, str]]) -> Sequence[Reading]:
        raise LanguageModelError("the NLI model 'm' failed (too long)")

    with faulty_server(Failing.NOT) as server:
        chatbot = opened(data, server.address, "")
        chatbot.nli = NliModel("m", failing)
        answer = chatbot.ask(QUESTION)
        chatbot.index.close()
    assert answer.notice == "the NLI model 'm' failed (too long). These are quotations instead."
    assert {one.support for one in answer.sentences} == {Support.QUOTED}


def test_nothing_is_opened_to_read_what_nobody_writes(data: Path, tmp_path: Path) -> None:
    chatbot = open_chatbot(settings_of(ChatSettings, data=data, llm="quotes", nli=str(tmp_path / "nowhere")))
    chatbot.index.close()
    assert chatbot.nli is None
    assert chatbot.notice == ""


def test_a_receipt_names_the_model_without_its_path(
    make_model: MakeModel, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_NLI", str(make_model(ORDERS[0])))
    receipts = []
    with faulty_server(Failing.NOT) as server:
        for name, llm in ("written", f"openai-like/m@{server.address}/v1"), ("quoted", "quotes"):
            save = tmp_path / f"{name}.json"
            asked = ["ask", QUESTION, "--data", str(data), "--llm", llm, "--save", str(save)]
            assert CliRunner().invoke(app, asked).exit_code == 0
            receipts.append(json.loads(save.read_text(encoding="utf-8"))["made_with"]["nli_model"])
    assert receipts == ["tiny-nli", None]
