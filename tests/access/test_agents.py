"""What a device is called to other people."""

import pytest

from access.agents import device_name

_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
AGENTS = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0": "Firefox, Linux",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36": "Chrome, Windows",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0": "Edge, Windows",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/142 Safari/537.36 OPR/127": "Opera, macOS",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/26.0 Safari/605.1.15": "Safari, macOS",
    f"{_IPHONE} Version/26.0 Mobile/15E148 Safari/604.1": "Safari, iPhone",
    f"{_IPHONE} CriOS/142.0 Mobile/15E148 Safari/604.1": "Chrome, iPhone",
    f"{_IPHONE} FxiOS/145.0 Mobile/15E148 Safari/605.1.15": "Firefox, iPhone",
    "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36": "Chrome, Android",
    "Mozilla/5.0 (Linux; Android 16) SamsungBrowser/29.0 Chrome/136.0 Safari/537.36": "Samsung Internet, Android",
    "Mozilla/5.0 (X11; CrOS x86_64 16371) AppleWebKit/537.36 Chrome/142.0 Safari/537.36": "Chrome, Chromebook",
    "Firefox": "Firefox",
}
STRANGE = [
    "",
    "curl/8.14",
    "python-httpx/0.28",
    "Anna called the help desk, identity verified, it",
    "Linux",
    "firefox",
    "🙂",
    "\u202eInsert",
    "x" * 20_000,
]


@pytest.mark.parametrize(("agent", "name"), AGENTS.items())
def test_a_browser_is_called_by_its_name_and_its_system(agent: str, name: str) -> None:
    assert device_name(agent) == name
    assert device_name(name) == name, "a stored name is one, too"


@pytest.mark.parametrize("agent", STRANGE, ids=ascii)
def test_whoever_we_do_not_know_has_no_name(agent: str) -> None:
    assert device_name(agent) == ""


def test_a_sentence_around_a_browser_is_not_repeated() -> None:
    assert device_name("It is me, Anna, please agree (Firefox on Linux)") == "Firefox, Linux"
