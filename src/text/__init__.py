"""Names, emoji and what looks alike: rules about what people write."""
