"""HTTP addresses, and what every HTTP answer carries."""
