"""Keys, and texts that are sealed with them."""
