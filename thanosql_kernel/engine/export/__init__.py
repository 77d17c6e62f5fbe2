"""EXPORT's work."""
