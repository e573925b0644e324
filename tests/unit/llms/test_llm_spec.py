"""Which specs name a language model, and which errors the others get."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.errors import LanguageModelError
from chat.llms.opening import ModelAccess, free_memory_bytes, open_llm
from chat.llms.spec import FORMS, LanguageModelSpec, Provider, parse_llm_spec


@pytest.mark.parametrize(
    ("spec", "understood"),
    [
        ("quotes", LanguageModelSpec(Provider.QUOTES)),
        (" local\n", LanguageModelSpec(Provider.LOCAL)),
        ("models/My Model.GGUF", LanguageModelSpec(Provider.FILE, "models/My Model.GGUF")),
        ("ollama/llama3.2:1b", LanguageModelSpec(Provider.OLLAMA, "llama3.2:1b")),
        ("openai/gpt-4o-mini", LanguageModelSpec(Provider.OPENAI, "gpt-4o-mini")),
        ("anthropic/claude-sonnet-4-5", LanguageModelSpec(Provider.ANTHROPIC, "claude-sonnet-4-5")),
        (
            "openai-like/org/model@v1@http://[::1]:8000/v1",
            LanguageModelSpec(Provider.OPENAI_LIKE, "org/model@v1", "http://[::1]:8000/v1"),
        ),
    ],
)
def test_every_form_is_parsed(spec: str, understood: LanguageModelSpec) -> None:
    assert parse_llm_spec(spec) == understood
    assert parse_llm_spec(str(understood)) == understood


@pytest.mark.parametrize(
    "spec", ["", "gpt-4", "Local", "ollama/", "ollama", "openai/a b", "mistral/x", "openai/\u202ex"]
)
def test_the_error_for_an_unknown_spec_lists_the_forms(spec: str) -> None:
    with pytest.raises(LanguageModelError) as raised:
        parse_llm_spec(spec)
    assert FORMS in str(raised.value)


@pytest.mark.parametrize(
    "address", ["", "localhost:8000", "ftp://host/v1", "http://", "http://[", "http://host:99999", "http://u:p@host/v1"]
)
def test_the_error_for_an_unusable_address_shows_the_form(address: str) -> None:
    with pytest.raises(LanguageModelError, match="http://HOST/v1"):
        parse_llm_spec(f"openai-like/m@{address}")


@given(st.text())
def test_any_text_is_a_spec_or_our_own_error(spec: str) -> None:
    try:
        understood = parse_llm_spec(spec)
    except LanguageModelError:
        return
    assert parse_llm_spec(str(understood)) == understood


def test_quotes_open_no_model(tmp_path: Path) -> None:
    assert open_llm("quotes", models_folder=tmp_path) is None


@pytest.mark.parametrize(
    ("spec", "setting"),
    [("openai/gpt-4o-mini", "OPENAI_API_KEY"), ("anthropic/claude-sonnet-4-5", "ANTHROPIC_API_KEY")],
)
def test_a_missing_key_is_named_even_where_the_environment_has_one(
    spec: str, setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(setting, "from the environment")
    with pytest.raises(LanguageModelError, match=setting):
        open_llm(spec, models_folder=tmp_path)


@pytest.mark.parametrize("spec", ["openai/no-such-model", "anthropic/no-such-model"])
def test_a_model_that_the_integration_does_not_know_is_named(spec: str, tmp_path: Path) -> None:
    access = ModelAccess(openai_api_key="k", anthropic_api_key="k")
    with pytest.raises(LanguageModelError, match=f"{spec} is not a model"):
        open_llm(spec, models_folder=tmp_path, access=access)


def test_a_missing_model_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LanguageModelError, match=r"no model file at .*absent\.gguf"):
        open_llm(str(tmp_path / "absent.gguf"), models_folder=tmp_path)


@pytest.mark.parametrize("provider", ["ollama", "openai", "anthropic", "openai-like"])
def test_a_missing_integration_names_the_extra_to_install(
    provider: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, f"llama_index.llms.{provider.replace('-', '_')}", None)
    spec = f"{provider}/m@http://127.0.0.1:9/v1" if provider == "openai-like" else f"{provider}/m"
    access = ModelAccess(openai_api_key="k", anthropic_api_key="k")
    with pytest.raises(LanguageModelError, match=rf"pip install -e '\.\[{provider}\]'"):
        open_llm(spec, models_folder=tmp_path, access=access)


def test_free_memory_is_what_the_system_says_or_unknown(tmp_path: Path) -> None:
    record = tmp_path / "meminfo"
    record.write_text("MemTotal: 8000000 kB\nMemAvailable:  3000 kB\n")
    assert free_memory_bytes(record) == 3000 * 1024
    record.write_text("MemTotal: 8000000 kB\n")
    assert free_memory_bytes(record) is None
    assert free_memory_bytes(tmp_path / "absent") is None
