"""What a reader sees before asking, and is offered after an answer: stories, subjects, questions."""
