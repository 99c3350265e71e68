"""bin/bench: how fast the chat is, compared with a usual TypeScript chat and the least that this runtime can do."""
