"""Workers that fill a database's cache beside each other: what job arrays run."""
