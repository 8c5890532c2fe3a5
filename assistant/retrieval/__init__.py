"""From a question to the passages that could answer it."""
