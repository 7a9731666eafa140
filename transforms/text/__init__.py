"""Text: HTML to plain text, dates, addresses, language, and the clean article from an entry."""
