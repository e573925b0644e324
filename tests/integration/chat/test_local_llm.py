"""The local model runs in this process, stops when its reader stops, and reports its faults."""

import subprocess
import sys
import threading
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from llama_index.core.llms import LLM, ChatMessage

from chat.errors import LanguageModelError
from chat.llms.llama_cpp_llm import LlamaCppLLM
from chat.llms.local_llm import LocalLLM
from chat.llms.opening import open_llm
from chat.llms.openvino_llm import OpenVinoLLM
from chat.llms.streaming import stream_within
from chat.llms.weights import find_weights

STORY = [ChatMessage(role="user", content="Write a very long story about a harbour.")]


def generating() -> bool:
    return any(thread.name.startswith("generation") for thread in threading.enumerate())


def wait_until_idle(seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while generating() and time.monotonic() < deadline:
        time.sleep(0.01)
    return not generating()


@pytest.fixture(scope="module", params=["local", "GGUF file"])
def llm(request: pytest.FixtureRequest, models_folder: Path) -> LocalLLM:
    """The same model on OpenVINO and on llama.cpp."""
    spec = "local" if request.param == "local" else str(find_weights(models_folder))
    opened = open_llm(spec, models_folder=models_folder)
    assert isinstance(opened, LocalLLM)
    return opened


def test_it_answers_and_the_stream_says_the_same(llm: LLM) -> None:
    asking = [ChatMessage(role="user", content="What is the capital of France? Answer with one word.")]
    whole = llm.chat(asking).message.content or ""
    assert "Paris" in whole
    assert "".join(reply.delta or "" for reply in llm.stream_chat(asking)) == whole
    assert llm.complete(asking[0].content or "").text == whole
    assert [reply.text for reply in llm.stream_complete(asking[0].content or "")][-1] == whole


def test_its_metadata_says_what_it_is(llm: LLM) -> None:
    assert llm.metadata.is_chat_model
    assert llm.metadata.context_window == 4096
    assert llm.metadata.model_name == "qwen2.5-coder-1.5b-instruct-q4_k_m"


def test_the_local_model_runs_on_openvino_and_files_on_llama_cpp(models_folder: Path) -> None:
    local = open_llm("local", models_folder=models_folder)
    file = open_llm(str(find_weights(models_folder)), models_folder=models_folder)
    assert (type(local), type(file)) == (OpenVinoLLM, LlamaCppLLM)


def test_without_openvino_the_local_model_runs_on_llama_cpp(
    models_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openvino_genai", None)
    local = open_llm("local", models_folder=models_folder)
    assert isinstance(local, LlamaCppLLM)


def test_a_character_of_several_tokens_arrives_whole(llm: LLM) -> None:
    asking = [ChatMessage(role="user", content="Repeat exactly: 東京 🚢 Düsseldorf")]
    deltas = [reply.delta or "" for reply in llm.stream_chat(asking)]
    assert "🚢" in deltas or " 🚢" in deltas
    assert not any("\N{REPLACEMENT CHARACTER}" in delta for delta in deltas)


def test_both_engines_read_the_same_answer(models_folder: Path) -> None:
    engines = [open_llm(spec, models_folder=models_folder) for spec in ("local", str(find_weights(models_folder)))]
    asking = "The ferry Grey Petrel caught fire on Sunday. Nine people died. How many people died on the ferry?"
    for engine in engines:
        assert engine is not None
        assert "nine" in engine.complete(asking).text.lower()


YES_OR_NO = "The ferry sank on Sunday. Did the ferry sink? Answer with one word, Yes or No."


def test_the_first_token_comes_with_its_probability(llm: LLM) -> None:
    reply = llm.chat([ChatMessage(role="user", content=YES_OR_NO)], max_tokens=1)
    assert reply.logprobs is not None
    [[first]] = reply.logprobs
    assert first.token == reply.message.content == "Yes"
    assert -0.7 < first.logprob <= 0.0  # more probable than not


def test_a_reply_that_was_begun_is_continued(llm: LLM) -> None:
    begun = ChatMessage(role="assistant", content="The capital of France is")
    asked = ChatMessage(role="user", content="What is the capital of France?")
    reply = "".join(one.delta or "" for one in llm.stream_chat([asked, begun], max_tokens=4))
    assert reply.startswith(" Paris")


def test_closing_a_stream_stops_the_generation(llm: LLM) -> None:
    stream = llm.stream_chat(STORY, max_tokens=3000)
    assert isinstance(stream, Generator)
    with closing(stream):
        assert next(reply for reply in stream if reply.delta)
    assert wait_until_idle()


def test_a_reader_can_leave_while_the_prompt_is_read(llm: LLM) -> None:
    long = [ChatMessage(role="user", content="The harbour was shut on Monday. " * 150)]
    stream = llm.stream_chat(long, max_tokens=3000)
    assert isinstance(stream, Generator)
    with closing(stream):
        assert next(stream).delta == ""
    assert wait_until_idle()


def test_it_is_streamed_within_deadlines_like_any_other(llm: LLM) -> None:
    limits = {"first_token_s": 120.0, "total_s": 120.0, "options": {"max_tokens": 5}}
    assert "".join(stream_within(llm, STORY, stop=threading.Event(), **limits))  # type: ignore[arg-type]


def test_readers_in_several_threads_get_their_own_answers(llm: LLM) -> None:
    countries = {"France": "Paris", "Italy": "Rome", "Japan": "Tokyo"}
    with ThreadPoolExecutor(3) as pool:
        asked = [f"What is the capital of {country}? Answer with one word." for country in countries]
        answers = list(pool.map(lambda question: llm.complete(question).text, asked))
    assert all(city in answer for city, answer in zip(countries.values(), answers, strict=True))


def test_a_prompt_beyond_its_window_is_refused_and_the_next_is_answered(llm: LLM) -> None:
    with pytest.raises(LanguageModelError, match=r"refused: .*exceed"):
        llm.complete("The harbour was shut on Monday. " * 1000)
    assert llm.complete("Say yes.").text


def test_a_file_that_is_no_model_is_named(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    (tmp_path / "bad.gguf").write_bytes(b"GGUF" + b"\0" * 1000)
    with pytest.raises(LanguageModelError, match=r"bad\.gguf cannot be loaded"):
        open_llm(str(tmp_path / "bad.gguf"), models_folder=tmp_path)


def test_a_model_can_be_released_as_soon_as_it_is_loaded(models_folder: Path) -> None:
    """In processes of their own, several at once: llama.cpp hung in one of five where the cores were busy."""
    program = "import sys; from chat.llms.opening import open_llm; open_llm(sys.argv[1], models_folder=None)"
    opening = [sys.executable, "-c", program, str(find_weights(models_folder))]
    processes = [subprocess.Popen(opening) for _ in range(4)]
    try:
        assert [process.wait(timeout=120) for process in processes] == [0] * 4
    finally:
        for process in processes:
            process.kill()


def test_a_process_that_ends_during_a_generation_ends_quietly(llm: LocalLLM, models_folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from chat.llms.opening import open_llm\n"
        "llm = open_llm(sys.argv[1], models_folder=Path(sys.argv[2]))\n"
        "stream = llm.stream_complete('Tell a story.')\n"
        "next(stream)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, "local" if isinstance(llm, OpenVinoLLM) else llm.path, models_folder],
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
