"""A conversation about a news archive: from a question to a checked answer."""
