"""What client/core/importing/ makes of the messages of strangers, held to the rules of the room that takes them."""

import json
import random
import re
import subprocess

import limits
from limits import MAX_CHANNEL_NAME_CHARACTERS, MAX_FILE_NAME_CHARACTERS, MAX_NAME_CHARACTERS, MAX_TOPIC_CHARACTERS
from text.emoji import is_emoji, normal_emoji
from text.names import clean_line, clean_name
from tools import paths

_SIGNS = (
    "aZ0 @#.-_/\\\"'\n\t\0\x1b\x7f\u0085\u00a0\u00ad\u0301\u0308\u0323\u034f\u0436\u0451\u05d0\u061c\u0627"
    "\u0640\u0e33\u115f\u200b\u200d\u200e\u2028\u202e\u2066\u20dd\u20e3\u2139\u263a\u2764\u2800\u3000\u4e2d"
    "\uac00\ufe0f\ufeff\uff20\ufffd\ue000\U0001f44d\U0001f3fd\U0001f1e9\U0001f3f4\U0001d159\U000e0067\U000e007f"
    "\U000e0001\U0010ffff"
)
_LIMITS = {
    "BODY": "MAX_BODY_CHARACTERS",
    "MENTIONS": "MAX_MENTIONS",
    "EMOJIS": "MAX_EMOJIS",
    "REACTIONS": "MAX_REACTIONS",
    "FILES": "MAX_FILES_PER_MESSAGE",
    "NAME": "MAX_NAME_CHARACTERS",
    "PLACE_NAME": "MAX_CHANNEL_NAME_CHARACTERS",
    "TOPIC": "MAX_TOPIC_CHARACTERS",
    "FILE_NAME": "MAX_FILE_NAME_CHARACTERS",
    "ALT": "MAX_ALT_CHARACTERS",
    "SIDE": "MAX_PICTURE_SIDE",
    "EMOJI": "MAX_EMOJI_CHARACTERS",
}
"""The names in limits.ts of what stands in limits.py."""
_NAMES = """
import { personName, placeName, topicOf, fileName } from "./client/core/importing/naming.ts"
import { emojiOf } from "./client/core/importing/emoji.ts"
const texts = JSON.parse(await new Response(process.stdin).text())
const names = (text) => [personName(text, "U1"), placeName(text, "C1"), topicOf(text), fileName(text), emojiOf(text)]
process.stdout.write(JSON.stringify(texts.map(names)))
"""


def _made_of(texts: list[str]) -> list[tuple[str, str, str, str, str | None]]:
    command = [str(paths.node()), "--input-type=module", "--eval", _NAMES]
    done = subprocess.run(command, input=json.dumps(texts).encode(), cwd=paths.ROOT, capture_output=True, check=True)
    return [tuple(names) for names in json.loads(done.stdout)]


def test_the_room_takes_every_name_as_it_is() -> None:
    chance = random.Random(7)
    texts = ["".join(chance.choices(_SIGNS, k=chance.randint(0, 12))) for _ in range(4_000)]
    texts += [sign * count for sign in _SIGNS for count in (1, 5, 100)]
    for text, (person, place, topic, file, _) in zip(texts, _made_of(texts), strict=True):
        assert clean_name(person, limit=MAX_NAME_CHARACTERS, what="name") == person, ascii(text)
        assert clean_name(place, limit=MAX_CHANNEL_NAME_CHARACTERS, what="name") == place, ascii(text)
        assert clean_line(topic, limit=MAX_TOPIC_CHARACTERS, what="topic") == topic, ascii(text)
        assert clean_line(file, limit=MAX_FILE_NAME_CHARACTERS, what="name") == file != "", ascii(text)


def test_the_room_takes_every_emoji_as_it_is() -> None:
    chance = random.Random(8)
    known = json.loads((paths.ROOT / "node_modules/emojibase-data/en/compact.json").read_text())
    emoji = [each["unicode"] for each in known]
    texts = emoji + ["".join(chance.choices(_SIGNS, k=chance.randint(1, 4))) for _ in range(4_000)]
    made = [each[-1] for each in _made_of(texts)]
    assert made[: len(emoji)] == [normal_emoji(each) for each in emoji]
    for text, shown in zip(texts, made, strict=True):
        assert shown is None or (is_emoji(shown) and normal_emoji(shown) == shown), ascii(text)


def test_a_message_may_have_as_much_as_the_room_takes() -> None:
    text = (paths.ROOT / "client/core/importing/limits.ts").read_text()
    here = {name: int(value) for name, value in re.findall(r"export const MOST_(\w+) = ([\d_]+)", text)}
    assert {name: here[name] for name in _LIMITS} == {name: getattr(limits, there) for name, there in _LIMITS.items()}
