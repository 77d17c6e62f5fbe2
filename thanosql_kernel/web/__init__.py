"""Files from the web: which machines may be asked, how, and what is kept of what they answered."""
