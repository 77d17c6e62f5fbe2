"""Tables as they lie on disk, and what changes them."""
