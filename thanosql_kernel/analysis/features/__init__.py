"""What an editor offers, one module a feature."""
