"""ThanoSQL in Jupyter: the kernel, how results look, progress, installation."""
