"""Where the history stands, what moves in it, and who hears of it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, WebSocketRoute, expect

from tests.browser.conftest import OpenWindow
from tests.browser.views import settle
from tests.browser.visitor import Visitor, until
from tests.people import Line, Person

Enter = Callable[[str], Person]

# Where every row has stood since, measured after each picture that the browser has painted.
_WATCH_ROWS = """() => {
  window.places = []
  const {port1, port2} = new MessageChannel()
  const note = () => {
    const places = {}
    for (const row of document.querySelectorAll("[data-row]")) {
      const {top} = row.getBoundingClientRect()
      const {height} = row.parentElement.getBoundingClientRect()  // with the day above it
      places[row.dataset.row] = [Math.round(top * 100) / 100, Math.round(height * 100) / 100]
    }
    if (JSON.stringify(places) !== JSON.stringify(window.places.at(-1))) window.places.push(places)
    requestAnimationFrame(() => port2.postMessage("painted"))
  }
  port1.onmessage = note
  note()
}"""
_HEAR = """() => {
  window.said = []
  const region = document.querySelector(".for-listeners[role=log]")
  new MutationObserver((changes) => {
    for (const {addedNodes} of changes) for (const node of addedNodes) window.said.push(node.textContent)
  }).observe(region, {childList: true})
}"""


_TOP = "(row) => row.getBoundingClientRect().top"
_READ = """() => [...document.querySelectorAll("article.message")]
  .find((row) => row.getBoundingClientRect().top > 400).innerText.match(/said [0-9]+/)[0]"""
_FROM_END = """() => {
  const {scrollHeight, clientHeight, scrollTop} = document.querySelector(".timeline__frame")
  return scrollHeight - clientHeight - scrollTop
}"""
_HEIGHT = "document.querySelector('.timeline__frame').scrollHeight"


class HeldLine:
    """A line on which what the server says can be held back, and let go of in one burst."""

    def __init__(self) -> None:
        self.holds = False
        self.held: list[str | bytes] = []
        self._page: WebSocketRoute | None = None

    def connect(self, page: WebSocketRoute) -> None:
        self._page = page
        server = page.connect_to_server()
        server.on_message(lambda said: self.held.append(said) if self.holds else page.send(said))

    def let_go(self) -> None:
        """Pass on what is held, the page of history in the midst of the rest."""
        assert self._page is not None
        self.holds = False
        page = max(self.held, key=len)
        rest = [said for said in self.held if said is not page]
        for said in [*rest[: len(rest) // 2], page, *rest[len(rest) // 2 :]]:
            self._page.send(said)


def _places(visitor: Visitor) -> list[dict[str, list[float]]]:
    return list(visitor.page.evaluate("window.places"))


def _hears(visitor: Visitor, words: list[str], *, after: int = 0) -> None:
    until(visitor.page, lambda: visitor.page.evaluate("window.said")[after:] == words)


def _goes_to(visitor: Visitor, text: str) -> None:
    """The focus is in the row that says this."""
    focused = "document.activeElement.closest('[data-row]')?.innerText ?? ''"
    until(visitor.page, lambda: text in visitor.page.evaluate(focused))


def _fill(boris: Line, count: int) -> list[int]:
    """Say so many things; gives their `seq`."""
    return [int(boris.say(f"said {number:03}")["seq"]) for number in range(count)]


def _shows(visitor: Visitor, text: str) -> None:
    """The message is in sight, marked, and stays there."""
    expect(visitor.page.locator(".message--highlit")).to_contain_text(text)
    expect(visitor.message(text).first).to_be_in_viewport()
    expect(visitor.message("said 239")).to_have_count(0)


def test_the_address_of_an_old_message_shows_it_in_a_new_tab_and_after_a_reload(
    window: OpenWindow, person: Enter
) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    seqs = _fill(boris, 240)
    anna.sees("said 239")
    for number in (10, 60):
        tab = Visitor(anna.context, anna.context.new_page(), anna.address)
        tab.watch(tab.page)
        tab.context.new_cdp_session(tab.page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        tab.come(f"#general/{seqs[number]}")
        _shows(tab, f"said {number:03}")
        tab.reload()
        _shows(tab, f"said {number:03}")
        tab.page.close()


def test_what_is_read_stands_still_when_an_older_page_and_newer_messages_come_at_once(
    window: OpenWindow, person: Enter
) -> None:
    boris = person("Boris").come()
    _fill(boris, 400)
    line = HeldLine()
    anna = window("Anna")
    anna.page.route_web_socket(re.compile("/socket$"), line.connect)
    anna.reload()
    anna.sees("said 399")
    line.holds = True
    anna.page.locator(".timeline__frame").hover()
    for _ in range(100):  # until the end is far, and an older page is asked for
        anna.page.mouse.wheel(0, -100)
        anna.page.wait_for_timeout(50)
        if anna.page.evaluate(_FROM_END) > 300 and any('"messages"' in str(said) for said in line.held):
            break
    read = anna.message(anna.page.evaluate(_READ)).first

    def stands(row: Locator) -> bool:
        former = row.evaluate(_TOP)
        anna.page.wait_for_timeout(300)
        return bool(row.evaluate(_TOP) == former)

    until(anna.page, lambda: stands(read))
    top = read.evaluate(_TOP)
    for number in range(40):
        boris.say(f"meanwhile {number}")
    until(anna.page, lambda: "meanwhile 39" in str(line.held[-1]))
    anna.context.new_cdp_session(anna.page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    height = anna.page.evaluate(_HEIGHT)
    line.let_go()
    until(anna.page, lambda: anna.page.evaluate(_HEIGHT) > height + 40 * 24 + 400)  # the page, and what was said
    assert read.evaluate(_TOP) == pytest.approx(top, abs=1)


def test_a_quote_that_is_pressed_while_the_line_is_down_leads_to_its_message_and_back(
    window: OpenWindow, person: Enter
) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    first = boris.say("the question")
    seqs = _fill(boris, 240)
    assert len(seqs) == 240
    boris.say("the answer", reply_to=first["id"])
    anna.sees("the answer")
    anna.reload()  # so that it does not know the first messages
    expect(anna.message("the answer").locator(".quote")).to_contain_text("the question")
    place = anna.page.locator(".timeline").bounding_box()
    anna.context.set_offline(True)
    expect(anna.page.locator(".line-banner")).to_contain_text("Offline")
    settle(anna)
    assert anna.page.locator(".timeline").bounding_box() == place, "nothing makes room for it"
    anna.message("the answer").locator(".quote").click()
    anna.context.set_offline(False)
    anna.wait_until_live()
    _shows(anna, "the question")
    boris.say("meanwhile")
    anna.page.get_by_role("button", name="Back to where you were").click()
    expect(anna.message("meanwhile")).to_be_in_viewport()
    expect(anna.page.locator(".newest")).to_have_count(0)


def test_of_two_addresses_followed_at_once_the_later_one_counts(window: OpenWindow, person: Enter) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    for number in range(200):
        boris.say(f"line {number} of many")
    anna.sees("line 199 of many")
    for first, then in ((5, 120), (130, 8), (9, 60)):
        anna.page.evaluate(f"location.hash = '#general/{first}'")
        anna.page.evaluate(f"location.hash = '#general/{then}'")
        expect(anna.message(f"line {then - 1} of many")).to_be_in_viewport()
        assert anna.page.url.endswith(f"#general/{then}")


def test_an_address_that_leads_nowhere_says_so(window: OpenWindow, person: Enter) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    boris.say("something")
    anna.sees("something")
    anna.come("#nowhere")
    expect(anna.page.locator(".notice")).to_have_text("This channel does not exist, or you cannot see it.")
    until(anna.page, lambda: anna.page.url.endswith("#general"))
    anna.come("#general/987654")
    expect(anna.page.locator(".notice").last).to_have_text("This message no longer exists.")
    anna.sees("something")


def test_nothing_from_before_somebody_came_is_news_to_them(window: OpenWindow, person: Enter) -> None:
    boris = person("Boris").come()
    plans = boris.ask("channel.create", name="plans")["channel"]
    boris.say("an old plan", channel=plans)
    _fill(boris, 50)
    anna = window("Anna")
    expect(anna.message("said 049")).to_be_in_viewport()
    expect(anna.page.locator(".row__new, .badge, .newest")).to_have_count(0)
    boris.say("a new plan", channel=plans)
    expect(anna.page.locator(".badge > [aria-hidden]")).to_have_text("1")


def test_no_row_moves_when_a_message_is_stored(window: OpenWindow) -> None:
    anna = window("Anna")
    for text in ("the first of the day", "follows", "follows again"):
        anna.page.evaluate(_WATCH_ROWS)
        anna.say(text)
        anna.sees(text)
        expect(anna.page.locator(".message--outgoing")).to_have_count(0)
        anna.page.wait_for_timeout(200)
        key = anna.message(text).last.get_attribute("data-row")
        assert key is not None
        shown = [places[key] for places in _places(anna) if key in places]
        tops = [top for top, _ in shown]
        assert max(tops) - min(tops) < 1  # the browser rounds
        assert len({height for _, height in shown}) == 1
    anna.act("follows again", "Reply")
    anna.page.evaluate(_WATCH_ROWS)
    anna.say("an answer")
    anna.sees("an answer")
    anna.page.wait_for_timeout(200)
    key = anna.message("an answer").get_attribute("data-row")
    heights = {places[key][1] for places in _places(anna) if key in places}
    assert len(heights) == 1


def test_the_day_stands_over_a_message_that_waits_and_is_yesterday_after_midnight(window: OpenWindow) -> None:
    anna = window()
    anna.page.clock.install()
    anna.page.reload()
    anna.sign_in("Anna")
    anna.context.set_offline(True)
    expect(anna.page.locator(".line-banner")).to_contain_text("Offline")
    anna.say("later then")
    day = anna.page.locator(".row", has=anna.message("later then")).locator(".row__day")
    expect(day).to_have_text("Today")
    anna.context.set_offline(False)
    anna.sees("later then")
    expect(day).to_have_text("Today")
    anna.page.clock.fast_forward("24:00:00")
    expect(day).to_have_text("Yesterday")


def test_rows_of_one_run_are_equally_high(window: OpenWindow, person: Enter) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    for number in range(4):
        boris.say(f"line {number} of four")
    anna.sees("line 3 of four")
    anna.say("mine")
    anna.say("mine as well")
    anna.say("and this")
    anna.sees("and this")
    rows = anna.page.locator(".message:not(.message--leads)").all()
    heights = {round(box["height"], 2) for row in rows if (box := row.bounding_box())}
    # As high as the text, which stands alone while it is on its way.
    text = rows[0].locator(".message__body").bounding_box()
    assert text is not None
    assert heights == {round(text["height"], 2)}


def test_a_deleted_message_stays_in_its_place_and_can_be_had_back_there(window: OpenWindow, person: Enter) -> None:
    anna, boris = window("Anna"), person("Boris").come()
    for text in ("one", "two", "three", "four"):
        anna.say(text)
        anna.sees(text)
    anna.message("two").focus()
    anna.page.evaluate(_WATCH_ROWS)
    anna.act("two", "Delete message")
    expect(anna.message("Message deleted")).to_be_visible()
    anna.page.get_by_role("button", name="Undo").click()
    anna.sees("two")
    anna.act("two", "Delete message")
    assert boris.event("delete")["kind"] == "delete"
    expect(anna.page.get_by_role("button", name="Undo")).to_have_count(0)
    expect(anna.message("Message deleted")).to_have_count(1)
    assert len(_places(anna)) == 1, _places(anna)


def test_who_deletes_by_keyboard_goes_on_from_the_next_message(window: OpenWindow) -> None:
    anna = window("Anna")
    for text in ("one", "two", "three"):
        anna.say(text)
        anna.sees(text)
    for text, next_text in (("one", "two"), ("three", "Message deleted")):
        anna.message(text).focus()
        anna.message(text).get_by_role("button", name="Delete message").focus()
        anna.page.keyboard.press("Enter")
        _goes_to(anna, next_text)
    anna.page.get_by_role("button", name="Undo").last.focus()
    anna.page.keyboard.press("Enter")
    _goes_to(anna, "three")


def test_every_message_is_read_out_the_same_words_again_and_many_together(window: OpenWindow, person: Enter) -> None:
    anna, boris, clara = window("Anna"), person("Boris").come(), person("Clara").come()
    anna.page.evaluate(_HEAR)
    for count in range(1, 5):
        boris.say("ok")
        _hears(anna, ["Boris: ok"] * count)
    for text in ("a", "b", "c"):
        boris.say(text)
    _hears(anna, ["Boris: a", "Boris: b", "Boris: c"], after=4)
    for number in range(6):
        (boris, clara)[number % 2].say(f"quick {number}")
    _hears(anna, ["6 new messages: Boris, Clara"], after=7)
    anna.act("quick 5", "React")
    anna.page.keyboard.press("Escape")
    anna.say("mine")
    anna.act("mine", "Delete message")
    _hears(anna, ["Message deleted"], after=8)
