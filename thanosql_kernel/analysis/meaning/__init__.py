"""What the words of a text mean at each place, before anything has run."""
