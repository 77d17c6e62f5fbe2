"""What a list of completions is made of: what fits at a place, in what order, and what taking one changes."""
