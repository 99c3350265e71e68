"""What the page says while a secret of the operator's is missing: how to set it, and for a key a fresh one to copy.

The key is made in the browser (public/set-up.js) and shown there only. The Worker never makes one up: with a key that
nobody has kept, stored messages could never be read elsewhere, nor the key be changed.
"""

from collections.abc import Mapping
from html import escape

MADE_IN_THE_BROWSER = frozenset({"MASTER_KEY"})
"""Secrets that are random bytes, so that the page can make them."""

_ENGLISH: Mapping[str, str] = {
    "language": "en",
    "add": "In Cloudflare’s dashboard open this Worker, then “Settings” and “Variables and Secrets”. Add a secret of"
    " this name:",
    "take": "As its value take this key. It was made in your browser just now, and nobody else has seen it:",
    "copy": "Copy",
    "copied": "Copied",
    "keep": "Keep a copy in a password manager: Cloudflare never shows a secret again, and without it the stored"
    " messages can never be read elsewhere.",
    "run": "From a checkout of the chat these commands do the same:",
    "then": "Then load this page again.",
}
_RUSSIAN: Mapping[str, str] = {
    "language": "ru",
    "add": "В панели Cloudflare откройте этот Worker, затем «Settings» и «Variables and Secrets». Добавьте секрет с"
    " таким именем:",
    "take": "Значением возьмите этот ключ. Он только что создан в вашем браузере, и больше его никто не видел:",
    "copy": "Скопировать",
    "copied": "Скопировано",
    "keep": "Сохраните копию в менеджере паролей: Cloudflare больше не покажет секрет, а без него сохранённые сообщения"
    " нельзя будет прочитать в другом месте.",
    "run": "Из копии репозитория то же самое делают эти команды:",
    "then": "Затем откройте эту страницу снова.",
}


def guide(name: str) -> str:
    """HTML that says how to set the secret `name`, in both languages: nobody has chosen one yet."""
    return "".join(_guide(escape(name), words) for words in (_ENGLISH, _RUSSIAN))


def _guide(name: str, words: Mapping[str, str]) -> str:
    is_made = name in MADE_IN_THE_BROWSER
    commands = [f"bin/keys {name}"] * is_made + [f"bin/wrangler secret put {name}"]
    shell = "\n".join(commands)
    return (
        f'<section lang="{words["language"]}"><p>{words["add"]}</p><p><code>{name}</code></p>'
        f"{_key(words) if is_made else ''}<p>{words['run']}</p><pre>{shell}</pre><p>{words['then']}</p></section>"
    )


def _key(words: Mapping[str, str]) -> str:
    """The place for a key. It stays hidden unless the script makes one."""
    button = f'<button type="button" data-copied="{words["copied"]}">{words["copy"]}</button>'
    made = f"<div data-key hidden><p>{words['take']}</p><p><output></output></p><p>{button}</p></div>"
    return f"{made}<p>{words['keep']}</p>"
