"""Regular work on a room: clean-up and statistics."""
