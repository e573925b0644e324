"""An answer as text, HTML, JSON, a receipt or timeline files."""
