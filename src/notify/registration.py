"""Bodies of the HTTP requests about a device's notifications (docs/protocol.md, "HTTP")."""

from encoding import from_b64url, json_object
from notify.web_push import Device
from web.bodies import object_field, text_field


def parse_subscription(text: str) -> Device:
    """The body of `PUT …/push`: `{"subscription": …}`, where `PushSubscription.toJSON` in the browser made the value.

    Raises:
        Malformed: with a detail that names the field.
    """
    subscription = object_field(json_object(text, "The body"), "subscription")
    keys = object_field(subscription, "keys")
    return Device(
        text_field(subscription, "endpoint"),
        from_b64url(text_field(keys, "p256dh")),
        from_b64url(text_field(keys, "auth")),
    )


def parse_endpoint(text: str) -> str:
    """The body of `DELETE …/push`: `{"endpoint": …}`.

    Raises:
        Malformed: with a detail that names the field.
    """
    return text_field(json_object(text, "The body"), "endpoint")
