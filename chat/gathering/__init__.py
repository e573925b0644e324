"""From a question to the evidence for it, or to the finding that the archive holds none."""
