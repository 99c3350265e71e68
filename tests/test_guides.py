"""What guides people is true: the tree, the words, the settings, the look, the version, the forms."""

import json
import re
import tomllib
from fnmatch import fnmatchcase

import pytest
import yaml

from limits import VERSION
from settings import SETTING_NAMES
from storage.schema import MIGRATIONS
from tests.test_links import committed, fault_of_address
from tools.paths import ROOT
from wire.writing import SUB_PROTOCOL


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


# --- the tree in CONTRIBUTING.md ---

TREE = re.search(r"```text\n(bin/.*?)```", read("CONTRIBUTING.md"), re.DOTALL)


def drawn() -> dict[str, list[str]]:
    """The names in the tree, by the folder below which they stand; "" is the top."""
    assert TREE
    found: dict[str, list[str]] = {"": []}
    folder = ""
    for line in TREE[1].splitlines():
        names = re.split(r" {2,}", line.strip())[0].split()
        if line.startswith(" "):
            found.setdefault(folder, []).extend(names)
        else:
            found[""] += names
            folder = names[0]
    return found


def real(folder: str) -> set[str]:
    """What a clone has in a folder; folders end with a slash."""
    below = [name.removeprefix(folder) for name in committed() if name.startswith(folder)]
    return {first + slash for first, slash, _ in (name.partition("/") for name in below)}


@pytest.mark.parametrize("folder", ["", "bin/", "src/", "client/", "tests/", "docs/"])
def test_the_tree_in_contributing_is_the_real_one(folder: str) -> None:
    patterns = drawn()[folder]
    assert [name for name in real(folder) if not any(fnmatchcase(name, pattern) for pattern in patterns)] == []
    assert [pattern for pattern in patterns if not any(fnmatchcase(name, pattern) for name in real(folder))] == []
    assert len(patterns) == len(set(patterns))


# --- settings ---


def test_the_configuration_page_lists_every_setting_with_its_default() -> None:
    page = read("docs/development/CONFIGURATION.md")
    listed = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", page, re.MULTILINE)
    assert {name for name, _ in listed} == set(SETTING_NAMES)
    defaults = tomllib.loads(read("wrangler.toml.example"))["vars"]
    told = {name: default for name, default in listed if name in defaults}
    assert told == {name: f"`{default}`" if default else "–" for name, default in defaults.items()}
    assert {default for name, default in listed if name not in defaults} == {"secret"}


# --- the glossary ---

WORDS = re.findall(r"^\| (?!word |---)(.+?) \| .+ \| (.+) \|$", read("docs/glossary.md"), re.MULTILINE)


@pytest.mark.parametrize(("word", "places"), WORDS, ids=[word for word, _ in WORDS])
def test_every_word_of_the_glossary_is_found_where_it_is_said_to_live(word: str, places: str) -> None:
    named = quoted(places)
    assert named
    # "data key" is data_key in SQL, data-key in texts, DataKey and dataKey in code; "seal" is found in "sealed".
    spelling = re.compile(rf"(?<![a-z])(?i:{re.sub('[ -]', '[ _-]?', word)})[a-z]{{0,3}}(?![a-z])")
    assert [name for name in named if not spelling.search(read(name))] == []


def test_every_table_of_the_database_has_its_word_in_the_glossary() -> None:
    words = {re.sub(r"[ -]", "_", word) for word, _ in WORDS}
    known_otherwise = {
        "notify_choices": "level",
        "push_subscriptions": "subscription",
        "used_challenges": "challenge",
        "banned_devices": "ban",
        "invite_uses": "invite",
    }
    tables_of_the_room = re.findall(r"CREATE TABLE (\w+)", read("src/storage/schema.py"))
    missing = set()
    for table in set(tables_of_the_room) - {"schema_version"}:
        if not words & {table, table.removesuffix("s"), known_otherwise.get(table, "")}:
            missing.add(table)
    assert missing == set()


def test_no_word_of_the_glossary_is_explained_twice() -> None:
    assert len({word.lower() for word, _ in WORDS}) == len(WORDS)
    sections = [
        re.findall(r"^\| (?!word |---)(.+?) \|", text, re.MULTILINE) for text in read("docs/glossary.md").split("\n## ")
    ]
    assert [words for words in sections if words != sorted(words, key=str.lower)] == []


# --- for those who take part ---


def test_one_version_is_told_everywhere() -> None:
    told = {
        "CHANGELOG.md": (re.findall(r"^## \[(\d[^\]]*)\]", read("CHANGELOG.md"), re.MULTILINE) or [""])[0],
        "docs/openapi.yaml": yaml.safe_load(read("docs/openapi.yaml"))["info"]["version"],
        "package.json": json.loads(read("package.json"))["version"],
        "pyproject.toml": tomllib.loads(read("pyproject.toml"))["project"]["version"],
    }
    assert told == dict.fromkeys(told, VERSION)


def test_the_changelog_tells_the_present_tables_and_contract() -> None:
    newest = read("CHANGELOG.md").split("\n## [")[1:3]
    assert any(f"stored tables are version {len(MIGRATIONS)}" in version for version in newest)
    assert any(f"`{SUB_PROTOCOL}`" in version for version in newest)


@pytest.mark.parametrize("form", ["bug", "idea"])
def test_an_issue_form_is_one_that_github_takes(form: str) -> None:
    content = yaml.safe_load(read(f".github/ISSUE_TEMPLATE/{form}.yml"))
    assert content.keys() == {"name", "description", "labels", "body"}
    fields = [part for part in content["body"] if part["type"] != "markdown"]
    assert {part["type"] for part in content["body"]} <= {"markdown", "textarea", "input", "dropdown", "checkboxes"}
    assert all(re.fullmatch(r"[a-z-]+", part["id"]) and part["attributes"]["label"] for part in fields)
    assert len({part["id"] for part in fields}) == len(fields)
    assert any(part.get("validations", {}).get("required") for part in fields)


def test_security_problems_are_led_away_from_public_issues() -> None:
    config = yaml.safe_load(read(".github/ISSUE_TEMPLATE/config.yml"))
    assert config["blank_issues_enabled"] is False
    (link,) = config["contact_links"]
    assert link.keys() == {"name", "url", "about"}
    assert "privately-reporting" in link["url"]
    assert fault_of_address(link["url"]) is None


# --- the design guide ---


def test_only_the_files_that_the_design_guide_names_hold_colours() -> None:
    colour = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b|\b(?:rgba?|hsla?|oklch|light-dark)\(")
    suffixes = (".css", ".tsx", ".html", ".webmanifest")
    looked_at = [name for name in committed() if name.startswith(("client/", "public/")) and name.endswith(suffixes)]
    found = {name for name in looked_at if colour.search(read(name))}
    guide = read("docs/design/DESIGN_GUIDE.md")
    assert "client/styles/colors.css" in found
    assert {name for name in found if f"`{name}`" not in guide} == set()


def test_the_design_guide_names_meanings_that_exist() -> None:
    guide = read("docs/design/DESIGN_GUIDE.md")
    styles = "".join((ROOT / "client/styles" / name).read_text(encoding="utf-8") for name in ("colors.css", "base.css"))
    known = set(re.findall(r"^ *(--[\w-]+):", styles, re.MULTILINE))
    named = re.findall(r"`(--[\w-]+)(…?)`", guide)
    assert len(named) > 20
    assert [
        name for name, more in named if not any(each == name or (more and each.startswith(name)) for each in known)
    ] == []
