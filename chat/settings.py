"""What a user may set for a conversation, read from the command line, the environment or `.env` by an entry point."""

from pydantic import AliasChoices, Field, SecretStr

from indexer.settings import IndexSettings


class ChatSettings(IndexSettings):
    """The settings of an archive and, beside them, the models and their keys under the usual names."""

    llm: str = "local"
    reranker: str | None = None
    nli: str | None = None
    evidence_tokens: int | None = Field(None, ge=30, le=100_000)  # what a model is given; by default by its size
    openai_api_key: SecretStr | None = Field(None, validation_alias=AliasChoices("openai_api_key", "OPENAI_API_KEY"))
    anthropic_api_key: SecretStr | None = Field(
        None, validation_alias=AliasChoices("anthropic_api_key", "ANTHROPIC_API_KEY")
    )
    ollama_host: str = Field("http://127.0.0.1:11434", validation_alias=AliasChoices("ollama_host", "OLLAMA_HOST"))
