"""The embedded backend: a folder with a SQLite file, and a tantivy index derived from it."""
