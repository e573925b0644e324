"""News articles as they come in: reading them, dating them, telling which are one story."""
