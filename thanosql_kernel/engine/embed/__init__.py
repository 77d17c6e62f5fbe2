"""CONVERT's work."""
