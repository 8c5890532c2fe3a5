"""From reports to passages, and from the corpus folder to the stores."""
