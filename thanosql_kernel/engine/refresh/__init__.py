"""REFRESH: a table is brought up to date with the folders that it was copied from."""
