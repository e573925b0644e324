"""A conversation about a news archive: understanding a question, gathering evidence, composing and checking an answer."""
