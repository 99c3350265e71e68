"""Everything the chat refuses, as one tree.

    ChatError                code, and the HTTP status of its problem+json answer
    ├── Malformed            400  the request or frame is not what docs/protocol.md describes
    ├── UnknownType          400  a frame type that does not exist (sockets only)
    ├── WrongPassword        401
    ├── WrongRecovery        401
    ├── WrongPasskey         401
    ├── InviteInvalid        403
    ├── Unauthenticated      401
    ├── ChallengeFailed      403
    ├── WrongOrigin          403
    ├── Forbidden            403  not this member's to do
    ├── Banned               403  an admin keeps this name or device out
    ├── NotFound             404
    ├── MethodNotAllowed     405
    ├── NameTaken            409
    ├── Archived             409
    ├── WrongTime            409  a message cannot be sent then (sockets only)
    ├── SubscriptionRefused  409  a push service takes nothing of ours for this address
    ├── LengthRequired       411
    ├── TooLarge             413
    ├── UnsupportedMediaType 415
    ├── RangeNotSatisfiable  416
    ├── RateLimited          429  a frame that comes too fast (sockets only)
    ├── TooManyAttempts      429
    ├── LimitReached         429
    ├── Misconfigured        500  the operator has to set something
    ├── Internal             500
    ├── NoHistory            501  the platform keeps no history of the room's storage
    ├── Undelivered          502  the webhook of a bot did not take what was sent to it (sockets only)
    ├── ChallengeUnavailable 503
    └── Restarting           503  the room begins anew and is back within seconds

The shell turns a refusal into a problem+json answer or an `error` frame; a client gets nothing else. Details hold no
plaintext, key, token or proof, because they are shown and logged. `Unopenable` is not a refusal: it says that stored
bytes did not authenticate, and each caller decides what that means.
"""

from typing import Any


class ChatError(Exception):
    """A refusal that a client may see."""

    code = "internal"
    status = 500

    def __init__(self, detail: str, *, retry_after: float | None = None, **extra: Any) -> None:
        """`detail` is shown to people; `retry_after` in seconds; `extra` fields join a problem+json answer."""
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after
        self.extra = extra


class Malformed(ChatError):
    """The request is not what docs/protocol.md describes; the detail says what is wrong."""

    code, status = "malformed", 400


class UnknownType(ChatError):
    """This frame type does not exist."""

    code, status = "unknown_type", 400


class WrongProof(Exception):
    """Marks the refusals of a login that proved nothing: they count as failed logins, for the address and the room."""


class WrongPassword(WrongProof, ChatError):
    """The proof is neither that of the room's password nor that of the admins' password."""

    code, status = "wrong_password", 401


class WrongRecovery(WrongProof, ChatError):
    """The recovery code is not that of a member with this name."""

    code, status = "wrong_recovery", 401


class WrongPasskey(WrongProof, ChatError):
    """The passkey is none of this room's, or what was done with it proves nothing."""

    code, status = "wrong_passkey", 401


class InviteInvalid(WrongProof, ChatError):
    """There is no such invite, or it is over, revoked or used up; nobody is told which."""

    code, status = "invite_invalid", 403


class Unauthenticated(ChatError):
    """There is no session, or it has ended."""

    code, status = "unauthenticated", 401


class ChallengeFailed(ChatError):
    """The proof of work or the Turnstile answer is missing, wrong, stale or used."""

    code, status = "challenge_failed", 403


class WrongOrigin(ChatError):
    """Another site's page made this request."""

    code, status = "wrong_origin", 403


class Forbidden(ChatError):
    """This member may not do that."""

    code, status = "forbidden", 403


class NotFound(ChatError):
    """There is no such room, route, device, channel, message or member."""

    code, status = "not_found", 404


class MethodNotAllowed(ChatError):
    """The route exists but not with this method; `allow` lists the methods that it takes."""

    code, status = "method_not_allowed", 405

    def __init__(self, allow: tuple[str, ...]) -> None:
        super().__init__(f"This address takes {', '.join(allow)}.")
        self.allow = allow


class Banned(ChatError):
    """An admin keeps this name or this device out of the room."""

    code, status = "banned", 403

    def __init__(self) -> None:
        super().__init__("An admin keeps this name or this device out of the room.")


class NameTaken(ChatError):
    """A member who is here, or another channel, has this name."""

    code, status = "name_taken", 409


class Archived(ChatError):
    """The channel takes no more changes."""

    code, status = "archived", 409


class WrongTime(ChatError):
    """A message cannot be sent at that time: it is over, too near or too far ahead."""

    code, status = "wrong_time", 409


class SubscriptionRefused(ChatError):
    """The push service has refused everything that we sent to this address: the browser has to make a new one."""

    code, status = "subscription_refused", 409


class LengthRequired(ChatError):
    """The request does not say how long its body is."""

    code, status = "length_required", 411


class TooLarge(ChatError):
    """A text, frame or request is over its limit."""

    code, status = "too_large", 413

    def __init__(self, what: str, *, limit: int) -> None:
        super().__init__(f"{what} is over its limit of {limit}.")
        self.limit = limit


class UnsupportedMediaType(ChatError):
    """The request body is not application/json."""

    code, status = "unsupported_media_type", 415


class RangeNotSatisfiable(ChatError):
    """The part ends before the range that was asked for; `size` is what it has."""

    code, status = "range_not_satisfiable", 416

    def __init__(self, size: int) -> None:
        super().__init__(f"There are {size} bytes.")
        self.size = size


class RateLimited(ChatError):
    """Frames come faster than the room allows."""

    code, status = "rate_limited", 429


class TooManyAttempts(ChatError):
    """Too many failed logins or too many requests from one address."""

    code, status = "too_many_attempts", 429


class LimitReached(ChatError):
    """The room, member or message already has as many of these as it may have."""

    code, status = "limit_reached", 429


class Misconfigured(ChatError):
    """A setting is missing or malformed; the detail names it but never its value."""

    code, status = "misconfigured", 500

    def __init__(self, detail: str, *, secret: str | None = None) -> None:
        """`secret` is the name of one that is not set at all."""
        super().__init__(detail)
        self.secret = secret


class Internal(ChatError):
    """Our mistake. The log has the details; the client gets none."""

    code, status = "internal", 500

    def __init__(self, *, retry_after: float | None = None) -> None:
        super().__init__("Something went wrong here. Nothing was changed; please try again.", retry_after=retry_after)


class Undelivered(ChatError):
    """The webhook of a bot did not take what was sent to it; the detail says what it did."""

    code, status = "undelivered", 502

    def __init__(self, detail: str, *, failure: str) -> None:
        """`failure` is the word for it that admins see beside the bot."""
        super().__init__(detail)
        self.failure = failure


class NoHistory(ChatError):
    """The platform keeps no history of the room's storage, so the room cannot go back."""

    code, status = "no_history", 501

    def __init__(self) -> None:
        super().__init__("The platform keeps no history of this room, as in local runs: it cannot go back.")


class ChallengeUnavailable(ChatError):
    """The bot check could not be made, and nobody is let in without it."""

    code, status = "challenge_unavailable", 503


class Restarting(ChatError):
    """The room begins anew; nothing is taken until then, because it would be lost."""

    code, status = "restarting", 503

    def __init__(self) -> None:
        super().__init__("The room begins anew. Please try again in a moment.", retry_after=2)


class Unopenable(Exception):
    """Stored bytes do not open: damaged, moved elsewhere, or sealed under a key that is gone."""
