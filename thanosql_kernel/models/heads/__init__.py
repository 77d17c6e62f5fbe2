"""Heads: what is trained here on the frozen vectors of another model, and how it is saved, loaded and applied."""
