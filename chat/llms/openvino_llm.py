"""The local model on OpenVINO, which reads prompts several times faster than llama.cpp on a CPU."""

from collections.abc import Sequence
from typing import Any

from llama_index.core.base.llms.types import ChatMessage, LogProb, MessageRole
from pydantic import PrivateAttr

from chat.errors import LanguageModelError
from chat.llms.local_llm import LocalLLM, OnText
from chat.llms.model_faults import broken
from chat.llms.turns import Turns

_END_TOKENS = ("<|im_end|>", "<|endoftext|>")  # ChatML: end of a message, end of a text
_PARTIAL_LETTER = "\N{REPLACEMENT CHARACTER}"
_CACHED_BLOCKS = 256  # of 32 tokens; prompts with the same beginning share them


class OpenVinoLLM(LocalLLM):
    """A chat model in OpenVINO's form, from a folder made by `chat.llms.openvino_files`."""

    _pipeline: Any = PrivateAttr()
    _turns: Turns = PrivateAttr(default_factory=Turns)

    def model_post_init(self, context: Any, /) -> None:
        """Load the folder; raises LanguageModelError when OpenVINO cannot."""
        super().model_post_init(context)
        import openvino_genai as genai

        scheduler = genai.SchedulerConfig()
        scheduler.enable_prefix_caching = True
        scheduler.num_kv_blocks = _CACHED_BLOCKS
        scheduler.max_num_batched_tokens = self.context_window
        properties = {"scheduler_config": scheduler, "INFERENCE_NUM_THREADS": self.threads}
        try:
            self._pipeline = genai.LLMPipeline(str(self.path), "CPU", **properties)
        except Exception as error:
            reason = (str(error).strip().splitlines() or [type(error).__name__])[-1]
            raise LanguageModelError(
                f"{self.path} cannot be loaded by OpenVINO: {reason}; delete that folder, it will be made again"
            ) from error

    @classmethod
    def class_name(cls) -> str:
        """The name under which llama-index reports it."""
        return "OpenVinoLLM"

    def _generate(self, messages: Sequence[ChatMessage], max_tokens: int, on_text: OnText) -> None:
        with self._turns.one(self.path.name):
            if on_text(""):
                return
            try:
                prompt = self._prompt(messages, max_tokens)
                self._pipeline.generate(prompt, _greedy(max_tokens, self._ends()), self._streamer(on_text))
            except LanguageModelError:
                raise
            except Exception as error:
                raise LanguageModelError(broken(self.path.name, error)) from error

    def _first_token(self, messages: Sequence[ChatMessage]) -> LogProb:
        with self._turns.one(self.path.name):
            try:
                config = _greedy(1, set())
                config.logprobs = 1
                reply = self._pipeline.generate([self._prompt(messages, 1)], config)
            except LanguageModelError:
                raise
            except Exception as error:
                raise LanguageModelError(broken(self.path.name, error)) from error
        return LogProb(token=reply.texts[0], logprob=reply.scores[0])

    def _prompt(self, messages: Sequence[ChatMessage], max_tokens: int) -> str:
        begun = (messages[-1].content or "") if messages[-1].role is MessageRole.ASSISTANT else ""
        asked = messages[:-1] if begun else messages
        chat = [{"role": message.role.value, "content": message.content or ""} for message in asked]
        tokenizer = self._pipeline.get_tokenizer()
        prompt: str = tokenizer.apply_chat_template(chat, add_generation_prompt=True) + begun
        tokens = tokenizer.encode(prompt).input_ids.shape[1]
        if tokens + max_tokens > self.context_window:
            raise LanguageModelError(
                f"{self.path.name} refused: a prompt of {tokens} tokens and a reply of {max_tokens} "
                f"exceed its window of {self.context_window}"
            )
        return prompt

    def _streamer(self, on_text: OnText) -> Any:
        """Passes each token on at once; OpenVINO's own streamer holds back the last three."""
        import openvino_genai as genai

        class Streamer(genai.StreamerBase):  # type: ignore[misc]
            def __init__(self) -> None:
                super().__init__()
                self.ids: list[int] = []
                self.passed_on = 0

            def write(self, token: int | list[int]) -> Any:
                self.ids += [token] if isinstance(token, int) else token
                text = tokenizer.decode(self.ids)
                if text.endswith(_PARTIAL_LETTER):
                    return genai.StreamingStatus.RUNNING
                new, self.passed_on = text[self.passed_on :], len(text)
                return genai.StreamingStatus.CANCEL if on_text(new) else genai.StreamingStatus.RUNNING

            def end(self) -> None:
                pass

        tokenizer = self._pipeline.get_tokenizer()
        return Streamer()

    def _ends(self) -> set[int]:
        tokenizer = self._pipeline.get_tokenizer()
        ids = [tokenizer.encode(end).input_ids.data[0] for end in _END_TOKENS]
        return {int(some[0]) for some in ids if len(some) == 1}


def _greedy(max_tokens: int, ends: set[int]) -> Any:
    import openvino_genai as genai

    config = genai.GenerationConfig()
    config.max_new_tokens = max_tokens
    config.do_sample = False
    config.apply_chat_template = False
    config.stop_token_ids = ends
    return config
