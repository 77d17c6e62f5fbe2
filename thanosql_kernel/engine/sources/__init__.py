"""COPY's work."""
