"""Documents that people write or print: text, Markdown, PDF."""
