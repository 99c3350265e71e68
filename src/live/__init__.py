"""A room that is awake."""
