"""Runs: what was measured, kept on disk, compared and shown."""
