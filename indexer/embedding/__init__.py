"""From an article to vectors: cutting it into passages and embedding them."""
