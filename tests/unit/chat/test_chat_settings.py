"""Settings: the command line before the environment, before `.env`, before the defaults."""

from pathlib import Path

import pytest

from chat.answering.writers import LOCAL_MODEL, WriterSettings
from chat.opening import answer_settings
from chat.settings import ChatSettings
from indexer.settings import settings_of


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATELINE_DATA", "DATELINE_LLM", "DATELINE_EMBEDDING", "OPENAI_API_KEY", "OLLAMA_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_without_anything_the_defaults_hold() -> None:
    settings = settings_of(ChatSettings)
    assert (settings.data, settings.llm, settings.embedding) == (Path("data"), "local", "all-MiniLM-L6-v2")


def test_each_place_comes_before_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("DATELINE_LLM=from-file\nDATELINE_DATA=from-file\nDATELINE_EMBEDDING=from-file\n")
    monkeypatch.setenv("DATELINE_DATA", "from-environment")
    monkeypatch.setenv("DATELINE_EMBEDDING", "from-environment")
    settings = settings_of(ChatSettings, embedding="given", data=None)
    assert (settings.llm, settings.data, settings.embedding) == ("from-file", Path("from-environment"), "given")


def test_keys_go_by_their_usual_names_and_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:9999")
    settings = settings_of(ChatSettings)
    assert settings.openai_api_key
    assert settings.openai_api_key.get_secret_value() == "sk-secret"
    assert settings.ollama_host == "http://127.0.0.1:9999"
    assert "sk-secret" not in repr(settings)


@pytest.mark.parametrize(
    ("llm", "settings"),
    [
        ("local", LOCAL_MODEL),
        ("some.gguf", LOCAL_MODEL),
        ("ollama/llama3.1", WriterSettings()),
        ("quotes", WriterSettings()),
    ],
)
def test_a_model_is_asked_by_what_it_can_do(llm: str, settings: WriterSettings) -> None:
    assert answer_settings(llm).writer == settings


def test_how_much_evidence_a_model_is_given_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_EVIDENCE_TOKENS", "700")
    assert answer_settings("local", settings_of(ChatSettings).evidence_tokens).writer.evidence_tokens == 700
