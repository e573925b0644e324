"""What a user may set for the server, read from the command line, the environment or `.env` by an entry point."""

from pydantic import SecretStr

from chat.settings import ChatSettings


class ServerSettings(ChatSettings):
    """The settings of a conversation and, beside them, the token that programs send."""

    token: SecretStr = SecretStr("")
