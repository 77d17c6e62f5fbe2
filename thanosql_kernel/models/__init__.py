"""Models: what they are (spec), where their weights lie (registry), and the loaders (mini, dual)."""
