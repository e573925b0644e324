"""Dateline for assistants that speak the Model Context Protocol: over HTTP at /mcp, and over stdio."""
