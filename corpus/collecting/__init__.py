"""Collects articles from feeds, sitemaps and addresses: what is new there, and what was withdrawn."""
