"""Writes src/text/confusables.py: which characters look alike, from Unicode's own table in the package unhomoglyph.

    .venv/bin/python -m tools.confusables

Only what text/names.py needs beyond Unicode's compatibility forms is kept. tests/text/test_names.py compares the result
with the whole table, so a new version of the package is: install it, run this, run the tests.
"""

import json
import unicodedata
from collections.abc import Mapping, Sequence

from tools.paths import ROOT

PACKAGE = ROOT / "node_modules" / "unhomoglyph"
TARGET = ROOT / "src" / "text/confusables.py"
UNICODE_VERSION = "13.0"  # of the table in unhomoglyph 1.0.6
_ON_A_LINE = 9
_HEAD = f'''"""Which characters look like which: Unicode {UNICODE_VERSION}, by way of the package unhomoglyph (MIT).

Written by tools/confusables.py; do not edit. Each pair is what characters are taken for, and the characters, escaped so
that none of them can disguise this file.
"""

GROUPS = (
'''


def table() -> dict[str, str]:
    """The whole table: a character, and the prototype that stands for all that look like it (UTS #39, section 4)."""
    found: dict[str, str] = json.loads((PACKAGE / "data.json").read_text(encoding="utf-8"))
    return found


def main() -> None:
    """Write the module."""
    TARGET.write_text(module(table()), encoding="utf-8")


def module(whole: Mapping[str, str]) -> str:
    """The text of src/text/confusables.py."""
    groups: dict[str, list[str]] = {}
    for source in sorted(whole):
        if not _follows(source, whole):
            groups.setdefault(whole[source], []).append(source)
    return _HEAD + "".join(line for target in sorted(groups) for line in _lines(target, groups[target])) + ")\n"


def _lines(target: str, sources: Sequence[str]) -> list[str]:
    chunks = ["".join(sources[start : start + _ON_A_LINE]) for start in range(0, len(sources), _ON_A_LINE)]
    return [f"    ({_literal(target)}, {_literal(chunk)}),\n" for chunk in chunks]


def _literal(text: str) -> str:
    escaped = ascii(text)[1:-1].replace("\\'", "'")
    return '"' + escaped.replace("'", r"\x27").replace('"', r"\x22") + '"'


def _follows(source: str, whole: Mapping[str, str]) -> bool:
    """Whether a character's compatibility form leads to the same prototype, so that it needs no entry."""
    decomposed = unicodedata.normalize("NFKD", source)
    return decomposed != source and _mapped(decomposed, whole) == _mapped(whole[source], whole)


def _mapped(text: str, whole: Mapping[str, str]) -> str:
    return unicodedata.normalize("NFD", "".join(whole.get(each, each) for each in unicodedata.normalize("NFKD", text)))


if __name__ == "__main__":
    main()
