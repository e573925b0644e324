"""Measures retrieval and answers, and compares runs."""
