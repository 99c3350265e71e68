"""Real Chromium against a real Worker."""
