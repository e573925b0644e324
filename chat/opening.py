"""A chatbot put together from the settings."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from chat.answering.writers import LOCAL_MODEL, WriterSettings
from chat.chatbot import AnswerSettings, Chatbot
from chat.checking.entailment import NliModel, open_nli
from chat.errors import LanguageModelError
from chat.gathering.evidence import EvidenceSettings
from chat.gathering.reranking import open_reranker
from chat.gathering.search import EvidenceSearch, SearchSettings
from chat.llms.opening import ModelAccess, Report, open_llm
from chat.llms.spec import Provider, parse_llm_spec
from chat.settings import ChatSettings
from chat.texts.notices import Notice, NoticeKind
from indexer.embedding.canary import check_canary
from indexer.embedding.model import open_embedding
from indexer.search.index import Index
from indexer.settings import IndexSettings
from indexer.storage.archive import Archive
from indexer.storage.file import FILE_NAME

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

_READ_SENTENCES = 8  # of which a local model chooses; the first 8 hold the answer more often than the first 6


@contextmanager
def open_search(settings: IndexSettings) -> Iterator[EvidenceSearch]:
    """Open the archive and the embedding model for searching; no language model is needed.

    Raises IndexerError when one of them cannot be opened.
    """
    model = open_embedding(settings.embedding, settings.data)
    with closing(Index(settings.data, model.fingerprint, settings.chroma)) as index:
        check_canary(index.archive, model)
        yield EvidenceSearch(index, model.embedding, SearchSettings())


@contextmanager
def open_for_words(settings: IndexSettings) -> Iterator[Index]:
    """Open the archive for searching by words, which needs no model; raises IndexerError."""
    with closing(Archive(settings.data / FILE_NAME)) as archive:
        fingerprint = archive.state("model_fingerprint") or ""
    with closing(Index(settings.data, fingerprint, settings.chroma)) as index:
        yield index


def open_chatbot(settings: ChatSettings, tell: Report = lambda line: None) -> Chatbot:
    """Open the archive and the models; without a language or NLI model there is a notice, and the chat goes on.

    `tell` is called with a line about what takes long.
    Raises IndexerError when the archive or the embedding model cannot be opened.
    """
    if settings.llm != Provider.QUOTES:
        # Two threads that import modules which import each other can each find half of them.
        for shared in ("llama_index.core.llms", "llama_index.core.base.embeddings.base"):
            import_module(shared)
    with ThreadPoolExecutor(1) as pool:
        # Loading the weights is work for the disk and the engine; meanwhile Python imports the rest.
        opening = pool.submit(open_model_or_quote, settings, tell)
        model = open_embedding(settings.embedding, settings.data)
        index = Index(settings.data, model.fingerprint, settings.chroma)
        check_canary(index.archive, model)
        reranker = open_reranker(settings.reranker) if settings.reranker else None
        llm, notices = opening.result()
    nli, unread = open_nli_or_rules(settings.nli) if settings.nli and llm else (None, ())
    return Chatbot(
        index,
        model,
        llm,
        clock=lambda: datetime.now(UTC),
        notices=(*notices, *unread),
        reranker=reranker,
        nli=nli,
        settings=answer_settings(settings.llm if llm else "quotes", settings.evidence_tokens),
    )


def answer_settings(llm: str, evidence_tokens: int | None = None) -> AnswerSettings:
    """How the model of a spec is asked; one in this process gives probabilities. `evidence_tokens` overrides."""
    is_local = parse_llm_spec(llm).provider in (Provider.LOCAL, Provider.FILE)
    writer = LOCAL_MODEL if is_local else WriterSettings()
    search = SearchSettings(evidence=EvidenceSettings(sentences=_READ_SENTENCES)) if is_local else SearchSettings()
    return AnswerSettings(search, replace(writer, evidence_tokens=evidence_tokens or writer.evidence_tokens))


def open_model_or_quote(
    settings: ChatSettings, tell: Report = lambda line: None
) -> "tuple[LLM | None, tuple[Notice, ...]]":
    """The language model, or None with the reason why answers are quotations."""
    try:
        return open_llm(settings.llm, models_folder=models_folder(settings), access=_access(settings), report=tell), ()
    except LanguageModelError as error:
        return None, (Notice(NoticeKind.ANSWERS_ARE_QUOTATIONS, reason=error.notice),)


def open_nli_or_rules(spec: str) -> tuple[NliModel | None, tuple[Notice, ...]]:
    """The NLI model, or None with the reason why sentences are checked by rules alone."""
    try:
        return open_nli(spec), ()
    except LanguageModelError as error:
        return None, (Notice(NoticeKind.CHECKED_BY_RULES, reason=error.notice),)


def models_folder(settings: ChatSettings) -> Path:
    """Where downloaded and joined weights are kept."""
    return settings.data / "models"


def _access(settings: ChatSettings) -> ModelAccess:
    return ModelAccess(
        openai_api_key=_plain(settings.openai_api_key),
        anthropic_api_key=_plain(settings.anthropic_api_key),
        openai_like_api_key=_plain(settings.openai_api_key),
        ollama_host=settings.ollama_host,
    )


def _plain(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
