"""Rules about what people write: names, emoji, and look-alikes."""
