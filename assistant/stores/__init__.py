"""What is kept on disk: the catalog (SQLite, the truth) and the two indexes derived from it (FAISS, tantivy)."""
