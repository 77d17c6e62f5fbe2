"""The statements of the dialect, one module each. A new one is found by being in this folder."""
