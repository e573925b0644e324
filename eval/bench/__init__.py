"""Runs the system over an evaluation set and measures what it finds and answers."""
