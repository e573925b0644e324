"""Fits and tests the weights that decide when an answer is an abstention."""
