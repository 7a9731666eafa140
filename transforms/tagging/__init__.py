"""Tagging: the people, organisations, places and regions that a text speaks of."""
