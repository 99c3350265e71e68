"""How long messages are kept: what the operator, the room's admins and a channel's own setting say together."""

from chat.directory import Channel, Directory


def room_days(directory: Directory) -> int:
    """How many days messages are kept in channels without a setting of their own; 0 keeps them."""
    return directory.default_days if directory.retention_days is None else directory.retention_days


def days_kept(channel: Channel, directory: Directory) -> int:
    """How many days a channel keeps messages; 0 keeps them."""
    return room_days(directory) if channel.retention_days is None else channel.retention_days
