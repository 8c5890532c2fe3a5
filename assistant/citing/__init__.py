"""What people who write need: where the reports support or contradict a sentence, and references in the usual styles."""
