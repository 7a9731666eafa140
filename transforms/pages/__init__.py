"""Article pages: their text, and what they say of themselves."""
