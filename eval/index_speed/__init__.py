"""Measures how fast an archive is built and searched."""
