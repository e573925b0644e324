"""From evidence to the sentences of an answer, quoted or written."""
