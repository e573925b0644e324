"""One file a form of news: each reader turns a file into articles and says what it could not read."""
