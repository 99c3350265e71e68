"""Pictures and films as devices make them, with what devices note in them: for tests of what is left of that.

Every note has SECRET in it, so that a search through the bytes finds what was forgotten.
"""

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO

import piexif
from PIL import Image, ImageCms, PngImagePlugin

SECRET = b"SECRET-47N122W"
_TEXT = SECRET.decode()
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:d="urn:d" d:GpsLatitude="' + SECRET + b'"/></rdf:RDF></x:xmpmeta>'
)


@dataclass(frozen=True)
class Device:
    """A device, and how its JPEGs differ from the others'."""

    name: str
    orientation: int = 1
    mode: str = "RGB"
    progressive: bool = False
    profile: bool = False
    restarts: bool = False
    segments: tuple[tuple[int, bytes], ...] = field(default=())
    trailer: bytes = b""
    exif: bool = True
    maker_note: bytes = SECRET


DEVICES = (
    Device(
        "Apple iPhone 17 Pro",
        6,
        profile=True,
        segments=((0xE2, b"urn:iso:std:iso:ts:21496:-1\0" + SECRET),),
        trailer=b"\xff\xd8" + SECRET,
    ),
    Device("Google Pixel 10", 1, trailer=b"\0\0\0\x18ftypmp42" + SECRET),
    Device("Samsung Galaxy S26", 8, trailer=SECRET + b"SEFHSEFT", segments=((0xE4, SECRET), (0xE5, SECRET))),
    Device("Huawei P90", 3, segments=((0xE7, SECRET), (0xE9, SECRET))),
    Device("Canon EOS R5", 8, profile=True, restarts=True),
    Device("Nikon Z9", 2, segments=((0xE2, b"FPXR\0" + SECRET),)),
    Device("Sony A7 V", 4, progressive=True),
    Device("Fujifilm X-T6", 5, segments=((0xED, b"Photoshop 3.0\x008BIM" + SECRET),)),
    Device("DJI Mavic 4", 7, segments=((0xE3, SECRET), (0xE8, SECRET), (0xEB, b"JP\0\0" + SECRET))),
    Device("GoPro Hero 14", 1, segments=((0xE6, b"GPRO" + SECRET), (0xFE, SECRET))),
    Device("Epson scanner", 1, mode="L", segments=((0xFE, SECRET), (0xFE, SECRET))),
    Device("Adobe Photoshop", 6, mode="CMYK", segments=((0xED, SECRET), (0xEF, SECRET), (0xEC, b"Ducky" + SECRET))),
)


def pixels(mode: str = "RGB", size: tuple[int, int] = (60, 44)) -> Image.Image:
    """A picture that looks different from every side."""
    gradient = Image.linear_gradient("L").resize(size)
    bands = [gradient.rotate(90 * turn).resize(size) for turn in range(len(mode))]
    image = bands[0] if mode == "L" else Image.merge(mode, bands)
    image.paste(0 if mode == "L" else (10,) * len(mode), (0, 0, 9, 15))
    return image


def exif(device: str, orientation: int, maker_note: bytes = SECRET) -> bytes:
    """What a camera notes: itself, the place, the time, its owner, a thumbnail."""
    thumbnail = BytesIO()
    pixels(size=(16, 12)).save(thumbnail, "JPEG", comment=SECRET)
    place = {
        piexif.GPSIFD.GPSLatitudeRef: b"N",
        piexif.GPSIFD.GPSLatitude: ((47, 1), (36, 1), (2234, 100)),
        piexif.GPSIFD.GPSLongitudeRef: b"W",
        piexif.GPSIFD.GPSLongitude: ((122, 1), (19, 1), (5555, 100)),
        piexif.GPSIFD.GPSProcessingMethod: SECRET,
    }
    notes = {
        "0th": {
            piexif.ImageIFD.Make: f"{device} {_TEXT}",
            piexif.ImageIFD.Model: _TEXT,
            piexif.ImageIFD.Orientation: orientation,
            piexif.ImageIFD.Artist: _TEXT,
            piexif.ImageIFD.XPComment: tuple(_TEXT.encode("utf-16-le")),
        },
        "Exif": {
            piexif.ExifIFD.DateTimeOriginal: "2026:11:29 12:00:00",
            piexif.ExifIFD.BodySerialNumber: _TEXT,
            piexif.ExifIFD.MakerNote: maker_note,
            piexif.ExifIFD.UserComment: SECRET,
        },
        "GPS": place,
        "1st": {piexif.ImageIFD.Make: _TEXT},
        "thumbnail": thumbnail.getvalue(),
    }
    return bytes(piexif.dump(notes))


@cache
def profile() -> bytes:
    """A colour profile; it says when it was made, so it is made once."""
    return bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())


def jpeg(device: Device) -> bytes:
    """A photo as the device writes it."""
    out = BytesIO()
    options = {"icc_profile": profile()} if device.profile else {}
    if device.restarts:
        options["restart_marker_blocks"] = 2  # type: ignore[assignment]
    if device.exif:
        options["exif"] = exif(device.name, device.orientation, device.maker_note)
    pixels(device.mode).save(out, "JPEG", quality=90, progressive=device.progressive, **options)
    made = out.getvalue()
    xmp = _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP)
    extra = b"".join(_segment(marker, content) for marker, content in device.segments)
    at = 4 + int.from_bytes(made[4:6], "big")
    return made[:at] + xmp + extra + made[at:] + device.trailer


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def png(*, mode: str = "RGBA", orientation: int = 1, frames: int = 1) -> bytes:
    """A screenshot or drawing with everything that programs write into PNG."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", _TEXT)
    info.add_text("Author", _TEXT * 9, zip=True)
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    info.add(b"tIME", struct.pack(">HBBBBB", 2026, 11, 29, 12, 0, 0))
    info.add(b"caBX", SECRET)
    out = BytesIO()
    more = [pixels(mode).rotate(180 * turn) for turn in range(1, frames)]
    options = {"save_all": True, "append_images": more} if more else {}
    pixels(mode).save(
        out, "PNG", pnginfo=info, exif=exif("PNG", orientation), icc_profile=profile(), dpi=(144, 144), **options
    )
    # What a cropper of pictures has left behind the end.
    return out.getvalue() + b"\0\0\0\x05IDAT" + SECRET


def webp(*, lossless: bool = False, orientation: int = 1, frames: int = 1) -> bytes:
    """A picture or film as WebP."""
    out = BytesIO()
    more = [pixels("RGBA").rotate(180 * turn) for turn in range(1, frames)]
    options = {"save_all": True, "append_images": more} if more else {}
    pixels("RGBA").save(
        out, "WEBP", lossless=lossless, exif=exif("WebP", orientation), xmp=XMP, icc_profile=profile(), **options
    )
    made = out.getvalue() + _riff(b"SECR", SECRET)
    return made[:4] + struct.pack("<I", len(made) - 8) + made[8:]


def _riff(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def gif(*, frames: int = 1) -> bytes:
    """A drawing or film as GIF, with a comment, XMP, and something behind its end."""
    out = BytesIO()
    more = [pixels().rotate(180 * turn) for turn in range(1, frames)]
    options = {"save_all": True, "append_images": more, "loop": 0} if more else {}
    pixels().save(out, "GIF", comment=SECRET, **options)
    made = out.getvalue()
    xmp = b"!\xff\x0bXMP DataXMP" + bytes([len(SECRET)]) + SECRET + b"\0"
    text = b"!\x01" + bytes([len(SECRET)]) + SECRET + b"\0"
    at = made.index(b"!\xfe")
    return made[:at] + xmp + text + made[at:] + SECRET


def avif(*, frames: int = 1) -> bytes:
    """A picture or film as AVIF."""
    out = BytesIO()
    more = [pixels().rotate(180 * turn) for turn in range(1, frames)]
    options = {"save_all": True, "append_images": more} if more else {}
    pixels().save(out, "AVIF", exif=exif("AVIF", 1), xmp=XMP, icc_profile=profile(), speed=10, **options)
    return out.getvalue() + _box(b"uuid", SECRET)


def _box(kind: bytes, *content: bytes) -> bytes:
    whole = b"".join(content)
    return struct.pack(">I", 8 + len(whole)) + kind + whole


def _full(kind: bytes, *content: bytes) -> bytes:
    return _box(kind, bytes(4), *content)


def _track(handler: bytes, sizes: Iterable[int], chunk: int) -> bytes:
    lengths = list(sizes)
    table = _box(
        b"stbl",
        _full(b"stsd", struct.pack(">I", 0)),
        _full(b"stts", struct.pack(">III", 1, len(lengths), 1)),
        _full(b"stsc", struct.pack(">IIII", 1, 1, len(lengths), 1)),
        _full(b"stsz", struct.pack(">II", 0, len(lengths)), b"".join(struct.pack(">I", size) for size in lengths)),
        _full(b"stco", struct.pack(">II", 1, chunk)),
    )
    return _box(
        b"trak",
        _full(b"tkhd", struct.pack(">II", 0xE0123456, 0xE0654321), bytes(72)),
        _box(
            b"mdia",
            _full(b"mdhd", struct.pack(">II", 0xE0123456, 0xE0654321), bytes(12)),
            _full(b"hdlr", bytes(4), handler, bytes(12), b"\0"),
            _box(b"minf", _full(b"vmhd", bytes(8)), _box(b"dinf"), table),
        ),
        _box(b"udta", _box(b"name", SECRET)),
        _box(b"meta", SECRET),
    )


FILM, SOUND = b"FRAME-ONE-FRAME-TWO", b"SOUND"


def movie(*, brand: bytes = b"mp42", moov_first: bool = False, old: bool = False) -> bytes:
    """A film as phones write it: with its place in `udta` and `meta`, and a track that notes each moment's."""
    start = _box(b"wide") if old else _box(b"ftyp", brand, bytes(4), brand)
    samples = [FILM[:9], FILM[9:], SECRET, SECRET + b"!", SOUND]

    def description(first: int) -> bytes:
        return _box(
            b"moov",
            _full(b"mvhd", struct.pack(">II", 0xE0123456, 0xE0654321), bytes(88)),
            _track(b"vide", [9, len(FILM) - 9], first),
            _track(b"meta", [len(SECRET), len(SECRET) + 1], first + len(FILM)),
            _track(b"soun", [len(SOUND)], first + len(FILM) + 2 * len(SECRET) + 1),
            _box(b"udta", _box(b"\xa9xyz", SECRET), _box(b"loci", SECRET)),
            _box(b"meta", _box(b"keys", b"com.apple.quicktime.location.ISO6709"), _box(b"ilst", SECRET)),
            _box(b"free", SECRET),
        )

    size = len(description(0))
    pictures = _box(b"mdat", *samples)
    strange = (
        _box(b"uuid", SECRET) + _box(b"free", SECRET) + struct.pack(">I4sQ", 1, b"skip", 16 + len(SECRET)) + SECRET
    )
    if moov_first:
        return start + description(len(start) + size + 8) + pictures + strange
    return start + strange + pictures + description(len(start) + len(strange) + 8)


@dataclass(frozen=True)
class Sample:
    """A picture to be cleaned, and what has to be left of it."""

    name: str
    make: Callable[[], bytes]
    type: str
    orientation: int = 1
    profile: bool = True


PICTURES = (
    *(
        Sample(device.name, lambda device=device: jpeg(device), "image/jpeg", device.orientation, device.profile)  # type: ignore[misc]
        for device in DEVICES
    ),
    Sample("PNG", png, "image/png"),
    Sample("PNG that was turned", lambda: png(mode="RGB", orientation=6), "image/png", 6),
    Sample("PNG that moves", lambda: png(frames=3), "image/png"),
    Sample("WebP", webp, "image/webp"),
    Sample("WebP without loss, turned", lambda: webp(lossless=True, orientation=3), "image/webp", 3),
    Sample("WebP that moves", lambda: webp(frames=3), "image/webp"),
    Sample("GIF", gif, "image/gif", profile=False),
    Sample("GIF that moves", lambda: gif(frames=3), "image/gif", profile=False),
    Sample("AVIF", avif, "image/avif"),
    Sample("AVIF that moves", lambda: avif(frames=2), "image/avif"),
)
MOVIES = (
    Sample("MP4", movie, "video/mp4"),
    Sample("MP4 to be played while it comes", lambda: movie(moov_first=True), "video/mp4"),
    Sample("QuickTime", lambda: movie(brand=b"qt  "), "video/quicktime"),
    Sample("QuickTime of old", lambda: movie(old=True), "video/quicktime"),
    Sample("M4A", lambda: movie(brand=b"M4A "), "audio/mp4"),
)
