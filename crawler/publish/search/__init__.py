"""Searches: what was typed, what it finds in which order, and which words of a text are marked."""
