"""The platform: JavaScript values to Python values and back."""
