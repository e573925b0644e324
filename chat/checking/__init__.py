"""How well evidence supports a sentence."""
