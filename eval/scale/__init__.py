"""Measures how time, memory and disk grow with the archive."""
