"""The tabs beside the conversation: search, quotations, timelines, the archive, the evaluation."""
