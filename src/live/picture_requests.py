"""Small pictures of members and the room, for members."""

from collections.abc import Mapping

from chat.profiles import owner_of
from errors import NotFound
from live.replies import Reply
from live.state import RoomState
from storage.headers import picture_header
from web.answers import API_HEADERS
from wire.pictures import type_of

_HEADERS: Mapping[str, str] = {
    **API_HEADERS,
    "Cache-Control": "private, max-age=31536000, immutable",  # another picture has another id
    "Content-Disposition": "attachment",  # for somebody who opens the address: pages show it all the same
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


async def answer(state: RoomState, picture: str) -> Reply:
    """The picture with this id, as an image.

    Raises:
        NotFound: nobody here has it, or its stored bytes are damaged.
    """
    owner = owner_of(picture, state.directory)
    stored = None if owner is None else state.store.pictures.get(owner)
    if owner is None or stored is None:
        raise NotFound("There is no such picture.")
    (opened,) = await state.keyring.open([(stored[1], picture_header(owner, stored[0]))])
    if opened is None:
        raise NotFound("This picture is damaged.")
    return Reply(200, {**_HEADERS, "Content-Type": type_of(opened)}, opened)
