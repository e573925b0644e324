"""What programs ask over HTTP: questions, searches, articles and timelines, in JSON and as streams of events."""
