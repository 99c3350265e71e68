"""The conversation: what is said, who is there, and who sees what."""
