"""Standing questions: saved, asked again after each addition, and reported when their answers have changed."""
