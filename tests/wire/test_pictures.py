"""wire/pictures.py: which bytes may be a picture of a member or the room."""

import pytest

from errors import Malformed, TooLarge
from tests import photos
from tests.faces import extended, lossless, lossy, moving_png, png
from wire.pictures import MAX_PICTURE_BYTES, MAX_SIDE, MIN_SIDE, checked_picture, type_of

KINDS = [png, lossy, lossless, extended]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("side", [MIN_SIDE, MIN_SIDE + 1, 256, MAX_SIDE - 1, MAX_SIDE])
def test_a_square_of_these_sizes_is_taken(kind: type, side: int) -> None:
    picture = kind(side)
    assert checked_picture(picture) == picture
    assert type_of(picture) == ("image/png" if kind is png else "image/webp")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("side", [1, MIN_SIDE - 1, MAX_SIDE + 1])
def test_smaller_and_larger_ones_are_not(kind: type, side: int) -> None:
    with pytest.raises(Malformed, match="square"):
        checked_picture(kind(side))


def test_the_limit_of_bytes_is_met_exactly() -> None:
    picture = png(32)
    assert len(checked_picture(picture + bytes(MAX_PICTURE_BYTES - len(picture)))) == MAX_PICTURE_BYTES
    with pytest.raises(TooLarge):
        checked_picture(picture + bytes(MAX_PICTURE_BYTES - len(picture) + 1))


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"\xff\xd8\xff\xe0" + bytes(100),
        b"GIF89a" + bytes(100),
        png(32)[:29],
        png(32)[:20] + bytes([0, 0, 0, 33]) + png(32)[24:],
        extended(32, flags=2),
        moving_png(32),
        photos.webp(frames=2),
        lossy(32).replace(b"\x9d\x01\x2a", b"\x9d\x01\x2b"),
        lossless(32).replace(b"\x2f", b"\x2e"),
        lossy(32).replace(b"WEBP", b"WAVE"),
    ],
)
def test_anything_else_is_refused(given: bytes) -> None:
    with pytest.raises((Malformed, TooLarge)):
        checked_picture(given)
