"""Measuring retrieval and answers, and comparing runs."""
