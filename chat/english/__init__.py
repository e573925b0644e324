"""What is known of English: words, names, figures, dates, quotation marks, attribution."""
