"""What admins are shown of a hook or bot."""

from storage.bots import Bot
from wire.bots import HOOK


def shown(bot: Bot, name: str) -> dict[str, object]:
    """A hook or bot as docs/protocol.md shows it, without its webhook."""
    return {
        "id": bot.id,
        "name": name,
        **({"channel": bot.channels[0]} if bot.kind == HOOK else {"channels": list(bot.channels)}),
        "rights": list(bot.rights),
        "created_by": bot.created_by,
        "created_at": bot.created_at,
        "used_at": bot.used_at,
        "failed_at": bot.failed_at,
        "failure": bot.failure,
    }
