"""What text tables look like: encodings, separators, headers; the same answer for the editor and for the run."""
