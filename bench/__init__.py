"""How fast the chat is, beside the usual TypeScript chat and beside the least that this runtime can do: bin/bench."""
