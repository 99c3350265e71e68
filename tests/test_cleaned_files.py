"""What is left in pictures and films before they leave the browser, as Pillow sees it: client/core/files/clean.ts."""

import json
import subprocess
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageSequence

from tests.photos import FILM, MOVIES, PICTURES, SECRET, SOUND, Sample, profile
from tools import paths

HARMLESS = {
    *("jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "adobe", "adobe_transform"),
    *("progressive", "progression", "gamma", "srgb", "aspect", "interlace", "transparency", "background", "version"),
    *("loop", "duration", "timestamp", "disposal", "blend", "default_image", "bbox", "extension"),
}
ORIENTATION = 0x0112


@dataclass(frozen=True)
class Cleaned:
    """A file before, after, and what the page says of it."""

    before: bytes
    after: bytes
    known: dict[str, Any]


def clean(files: dict[str, bytes], folder: Path) -> dict[str, Cleaned]:
    """What the page makes of files, in one run of Node."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    done = subprocess.run(
        [paths.node(), paths.ROOT / "tests/cleaning.mjs", folder], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-4_000:]
    known = json.loads(done.stdout)
    return {name: Cleaned(files[name], (folder / f"{name}.clean").read_bytes(), known[name]) for name in files}


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Cleaned]:
    samples = (*PICTURES, *MOVIES)
    return clean({sample.name: sample.make() for sample in samples}, tmp_path_factory.mktemp("files"))


@pytest.mark.parametrize("sample", PICTURES, ids=[sample.name for sample in PICTURES])
def test_nothing_but_orientation_and_colours_is_left_of_a_photo(sample: Sample, cleaned: dict[str, Cleaned]) -> None:
    photo = cleaned[sample.name]
    assert SECRET in photo.before
    assert SECRET not in photo.after
    with Image.open(BytesIO(photo.after)) as image:
        image.load()
        exif = dict(image.getexif())
        assert exif == ({} if sample.orientation == 1 else {ORIENTATION: sample.orientation})
        assert not image.getexif().get_ifd(0x8825)
        assert set(image.info) - HARMLESS <= {"icc_profile", "exif", "xmp"}
        assert not image.info.get("xmp", b"").strip(b"\0")
        assert image.info.get("icc_profile") == (profile() if sample.profile else None)
        turned = sample.orientation >= 5
        size = (image.height, image.width) if turned else image.size
    assert photo.known["type"] == sample.type
    assert (photo.known["width"], photo.known["height"]) == size
    assert photo.known["isAnimated"] == ("moves" in sample.name)
    assert photo.known["mayHoldPersonalData"] is False


@pytest.mark.parametrize("sample", PICTURES, ids=[sample.name for sample in PICTURES])
def test_no_pixel_of_a_photo_changes(sample: Sample, cleaned: dict[str, Cleaned]) -> None:
    photo = cleaned[sample.name]
    assert _frames(photo.after) == _frames(photo.before)
    assert len(photo.after) < len(photo.before) or sample.type == "image/avif"


def _frames(content: bytes) -> list[tuple[str, int, bytes]]:
    with Image.open(BytesIO(content)) as image:
        return [
            (frame.mode, int(frame.info.get("duration", 0)), frame.tobytes()) for frame in ImageSequence.Iterator(image)
        ]


@pytest.mark.parametrize("sample", MOVIES, ids=[sample.name for sample in MOVIES])
def test_of_a_film_only_its_pictures_and_sound_are_left_and_nothing_moves(
    sample: Sample, cleaned: dict[str, Cleaned]
) -> None:
    film = cleaned[sample.name]
    assert SECRET in film.before
    assert SECRET not in film.after
    assert b"udta" not in film.after
    assert b"meta" not in film.after
    assert b"ISO6709" not in film.after
    assert bytes.fromhex("e0123456") not in film.after
    assert len(film.after) == len(film.before)
    assert film.after.index(FILM) == film.before.index(FILM)
    assert film.after.index(SOUND) == film.before.index(SOUND)
    assert film.after.count(b"trak") == 2
    assert film.known["type"] == sample.type
    assert film.known["mayHoldPersonalData"] is False


def test_what_is_cleaned_twice_stays_as_it_is(cleaned: dict[str, Cleaned], tmp_path: Path) -> None:
    again = clean({name: each.after for name, each in cleaned.items()}, tmp_path)
    assert [name for name, each in again.items() if each.after != each.before] == []


def test_a_picture_under_another_name_is_what_its_bytes_say(tmp_path: Path) -> None:
    photo = PICTURES[0].make()
    found = clean(
        {"notes.txt": photo, "page.html": b"<html><script>", "drawing.png": b"<svg onload=alert(1)>"}, tmp_path
    )
    assert found["notes.txt"].known["type"] == "image/jpeg"
    assert SECRET not in found["notes.txt"].after
    assert found["page.html"].known["type"] == found["drawing.png"].known["type"] == "application/octet-stream"


def test_torn_files_never_pass_notes_on_unseen(cleaned: dict[str, Cleaned], tmp_path: Path) -> None:
    torn = {
        f"{name} {fortieth}": each.before[: len(each.before) * fortieth // 40]
        for name, each in cleaned.items()
        for fortieth in range(40)
    }
    for name, each in clean(torn, tmp_path).items():
        assert each.known["mayHoldPersonalData"] or SECRET not in each.after, name
