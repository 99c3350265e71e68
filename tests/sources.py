"""What the sources of the Worker say: the values that they give fields of JSON objects, and their refusals."""

import ast
import re
from collections.abc import Iterator

from errors import ChatError
from tools.paths import ROOT

SOURCES = {
    str(path.relative_to(ROOT / "src").with_suffix("")): path.read_text(encoding="utf-8")
    for path in (ROOT / "src").rglob("*.py")
    if path.stem != "__init__"
}


def written(field: str, *modules: str) -> set[str]:
    """The constant values that the code, or some modules of it, give a field of a JSON object."""
    found = set()
    for source in [SOURCES[module] for module in modules or SOURCES]:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == field and isinstance(value, ast.Constant):
                        found.add(str(value.value))
        found |= set(re.findall(rf'"{field}":"([a-z.]+)"', source))
    return found


def sent_types() -> set[str]:
    """The `type` of every frame that the Worker sends. Notifications and webhooks have types of their own."""
    return written("type", *SOURCES.keys() - {"notify/payload", "bots/webhooks", "bots/calls"})


def refusals(base: type[ChatError] = ChatError) -> Iterator[type[ChatError]]:
    """Every refusal that the code has."""
    for refusal in base.__subclasses__():
        if not refusal.__name__.startswith("_"):
            yield refusal
        yield from refusals(refusal)
