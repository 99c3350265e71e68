"""Keys, and sealing texts with them."""
