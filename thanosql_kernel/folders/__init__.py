"""Folders of photos, films and sounds: which files count, what is passed over, and what their table is made of."""
