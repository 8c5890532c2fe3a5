"""Questions in, measures out: runs question lists through the pipeline and says what got better and what got worse."""
