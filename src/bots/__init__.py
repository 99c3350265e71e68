"""Programs that post: hooks, what other tools send to them, and the Markdown that comes of it."""
