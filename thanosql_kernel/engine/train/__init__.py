"""Training: heads on the frozen vectors of rows, what they say of rows, and how good that is."""
