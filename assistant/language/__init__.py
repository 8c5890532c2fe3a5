"""Pure functions over Japanese and English text: no files, clock, environment or models (dictionaries excepted)."""
