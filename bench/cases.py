"""The loads at which chats are compared: so many sockets with so many messages on their way, or so many a second."""

SOCKETS = (2, 10, 100, 500)
IN_FLIGHT = (1, 5, 20, 50, 100)
"""Messages on their way at a time, each sent when the one before it has come back."""
RATES = {2: (20, 200, 1_000), 10: (20, 200, 1_000), 100: (10, 50, 150, 300), 500: (10, 50)}
"""Messages a second by the number of sockets, the same for every chat: rates that each can keep up with."""
LOADED = 5
"""From so many on their way on, a room is one in which people write at the same time."""
PRIVATE, OWN_ROOM = "a private channel", "a room of its own"


def closed(sockets: int, in_flight: int) -> str:
    """The name of a case in which each message is sent when another one has come back."""
    return f"{sockets} sockets, {in_flight} in flight"


def steady(sockets: int, rate: int) -> str:
    """The name of a case in which messages are sent at a rate."""
    return f"{sockets} sockets, {rate} a second"


def sizes(case: str) -> tuple[int, int]:
    """The number of sockets in the name of a case, and how many are in flight or are sent a second."""
    sockets, load = case.split(", ")
    return int(sockets.split()[0]), int(load.split()[0])
