"""SEARCH's work."""
