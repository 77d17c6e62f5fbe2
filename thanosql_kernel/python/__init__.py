"""ThanoSQL from Python: connections, their results, and the magics of Python notebooks."""
