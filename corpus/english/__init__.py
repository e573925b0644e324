"""Tables of English words that every package shares: numbers, calendar, function words, verbs of speech."""
