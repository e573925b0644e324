"""What a user may set for the server, read from the command line, the environment or `.env` by an entry point."""

from pydantic import SecretStr

from chat.settings import ChatSettings


class ServerSettings(ChatSettings):
    """The settings of a conversation and, beside them, who may use the server and what is logged of them."""

    token: SecretStr = SecretStr("")  # what programs send
    auth: SecretStr = SecretStr("")  # accounts of readers, NAME:PASSWORD, separated by blanks
    log_questions: bool = False
