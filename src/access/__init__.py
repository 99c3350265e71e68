"""Who may come in, as whom, and how that ends."""
