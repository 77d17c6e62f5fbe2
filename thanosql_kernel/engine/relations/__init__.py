"""Rows that nobody has read yet."""
