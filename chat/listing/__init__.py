"""Lists articles, where a reader wants these rather than an answer: by words, by subject, the newest."""
