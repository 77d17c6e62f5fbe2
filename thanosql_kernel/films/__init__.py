"""Films: opened with care, frames of them, and clips."""
