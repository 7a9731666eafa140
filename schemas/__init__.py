"""Pydantic models of everything that crosses a seam: configuration, feeds, entries, articles."""
