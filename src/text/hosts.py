"""Host names: which of them can be anybody's on the internet."""

_PRIVATE = frozenset(
    (
        "arpa",
        "corp",
        "home",
        "internal",
        "intranet",
        "invalid",
        "lan",
        "local",
        "localdomain",
        "localhost",
        "onion",
        "test",
    )
)


def is_public_host(host: str) -> bool:
    """Whether a host in small letters is a public name: not an IP address in any spelling, and not a local name.

    What the name resolves to is another question, which only whoever makes the connection can answer.
    """
    labels = host.split(".")
    return len(labels) > 1 and all(labels) and labels[-1][0].isalpha() and labels[-1] not in _PRIVATE
