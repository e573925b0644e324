"""Measures of rankings and texts, and how far a figure can be trusted."""
