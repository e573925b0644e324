"""Writes the sections of README.md and docs/ that are generated from the code and the figures."""
