"""Other systems on the same articles and questions, each in an environment of its own."""
