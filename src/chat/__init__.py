"""The conversation: messages and channels, who is here, and who sees what."""
