"""Addresses, and what every HTTP answer carries."""
