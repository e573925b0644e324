"""Conversations: asked in a browser, answered on the server, kept in SQLite, listed, exported and shared."""
