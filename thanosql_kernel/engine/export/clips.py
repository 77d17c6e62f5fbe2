"""Films cut into clips."""
