"""Runs other systems on the same articles and questions, each in its own environment."""
