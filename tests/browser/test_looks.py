"""How people look in a page: a picture made small, a status with an end, and where others see them."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from encoding import b64url
from tests import photos
from tests.browser.conftest import OpenWindow
from tests.browser.test_lanes import choose, closed, listed, press, secure
from tests.browser.visitor import Visitor
from tests.faces import png
from tests.people import Person
from tests.server import ADMIN_PASSWORD

PROFILE = {
    "en-GB": ("Your profile", "Edit profile", "Choose a picture"),
    "ru-RU": ("Ваш профиль", "Изменить профиль", "Выбрать картинку"),
}
DRAWN = "(picture) => picture.complete && picture.naturalWidth > 0"
MOST_BYTES = 32_768


def _photo() -> bytes:
    """A photo that is wider than high, with more in it than a small picture may have."""
    out = BytesIO()
    photos.pixels(size=(1600, 900)).save(out, "JPEG", quality=95)
    return out.getvalue()


def _profile(visitor: Visitor, language: str = "en-GB") -> Locator:
    """Open one's own profile by the keys: the corner, the card, the button in it."""
    title, edit, _ = PROFILE[language]
    visitor.page.get_by_role("button", name=title, exact=True).press("Enter")
    visitor.page.get_by_role("button", name=edit, exact=True).press("Enter")
    dialog = visitor.page.get_by_role("dialog", name=title)
    expect(dialog.locator(".picture-field")).to_be_visible()
    return dialog


def _choose(visitor: Visitor, dialog: Locator, button: str, content: bytes, name: str = "me.jpg") -> None:
    with visitor.page.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name=button, exact=True).click()
    chooser.value.set_files({"name": name, "mimeType": "image/jpeg", "buffer": content})


def _is_drawn(picture: Locator) -> None:
    expect(picture).to_have_count(1)
    element = picture.element_handle()
    picture.page.wait_for_function(DRAWN, arg=element)


@pytest.mark.parametrize(
    ("language", "look"),
    [
        ("en-GB", {}),
        ("en-GB", {"theme": "dark", "width": 390, "height": 844}),
        ("ru-RU", {}),
        ("ru-RU", {"width": 390, "height": 844}),
    ],
    ids=["en", "en-phone-dark", "ru", "ru-phone"],
)
def test_a_picture_is_made_small_and_everybody_sees_it(
    window: OpenWindow, request: pytest.FixtureRequest, language: str, look: dict[str, object]
) -> None:
    name = request.node.callspec.id
    boris = window("Boris")
    anna = window("Anna", language=language, **look)
    anna.say("good morning")
    message = boris.sees("good morning")
    expect(message.locator(".avatar")).to_have_text("A")
    before = message.bounding_box()
    if "width" in look:
        anna.page.locator(".channel-header button").first.click()
    dialog = _profile(anna, language)
    _choose(anna, dialog, PROFILE[language][2], _photo())
    _is_drawn(dialog.locator(".avatar__picture"))
    anna.picture(f"profile-{name}")
    assert anna.flaws() == []
    anna.page.keyboard.press("Escape")
    closed(anna)
    seen = message.locator(".avatar__picture")
    _is_drawn(seen)
    assert message.bounding_box() == before, "nothing moves"
    stored = anna.context.request.get(f"{boris.page.evaluate('location.origin')}{seen.get_attribute('src')}")
    assert len(stored.body()) <= MOST_BYTES
    small = Image.open(BytesIO(stored.body()))
    assert (small.format, small.width) == ("WEBP", small.height)


def test_a_picture_goes_again_and_what_is_no_picture_is_said_to_be_none(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.say("hello")
    dialog = _profile(anna)
    _choose(anna, dialog, "Choose a picture", b"no picture at all", "notes.jpg")
    expect(dialog.get_by_role("alert")).to_contain_text("cannot read that file")
    anna.picture("profile-unreadable")
    assert anna.flaws() == []
    expect(dialog.get_by_role("button", name="Make a recovery code")).to_be_visible()
    _choose(anna, dialog, "Choose a picture", _photo())
    _is_drawn(dialog.locator(".avatar__picture"))
    expect(dialog.get_by_role("alert")).to_have_count(0)
    dialog.get_by_role("button", name="Remove").click()
    expect(anna.page.locator(".avatar__picture")).to_have_count(0)
    expect(dialog.get_by_role("button", name="Choose a picture")).to_be_enabled()


def test_without_a_network_the_picture_is_not_stored_and_the_dialog_says_so(window: OpenWindow) -> None:
    anna = window("Anna")
    dialog = _profile(anna)
    anna.context.set_offline(True)
    expect(anna.page.locator(".connection--offline").first).to_be_attached()
    _choose(anna, dialog, "Choose a picture", _photo())
    expect(dialog.get_by_role("alert")).to_contain_text("No connection right now")
    anna.context.set_offline(False)
    expect(anna.page.locator(".member-corner .connection--live")).to_be_attached()
    _choose(anna, dialog, "Choose a picture", _photo())
    _is_drawn(dialog.locator(".avatar__picture"))


def test_a_status_and_another_name_are_seen_in_the_list_of_people_the_conversation_and_the_card(
    window: OpenWindow, person: Callable[..., Person]
) -> None:
    olga = person("Olga", password=ADMIN_PASSWORD).come()
    assert olga.ask("profile.update", picture=b64url(png(64)))["type"] == "ack"
    anna, boris = window("Anna"), window("Boris")
    secure(anna)
    secure(boris)
    press(anna, "New direct message")
    choose(anna, "Boris")
    press(anna, "Start")
    closed(anna)
    dialog = _profile(boris)
    dialog.get_by_role("button", name="At lunch").click()
    expect(dialog.get_by_label("Status", exact=True)).to_have_value("At lunch")
    boris.picture("status")
    dialog.get_by_label("Status", exact=True).press("Enter")
    closed(boris)
    sign = listed(anna, "Boris").locator(".status-sign")
    expect(sign).to_have_attribute("aria-label", "🍽️ At lunch")
    anna.page.get_by_role("button", name="People: 2 online").click()
    person_row = anna.page.locator(".person", has_text="Boris")
    expect(person_row.locator(".status-sign")).to_have_text("🍽️")
    anna.picture("status-list")
    assert anna.flaws() == []
    person_row.get_by_role("button", name="Boris").click()
    card = anna.page.get_by_role("dialog", name="Boris")
    expect(card.locator(".card__status")).to_contain_text("At lunch")
    expect(card.locator(".card__until")).to_contain_text("until")
    anna.picture("status-card")
    assert anna.flaws() == []
    card.get_by_role("button", name="Mention").click()
    expect(anna.composer).to_have_value("@Boris ")
    dialog = _profile(boris)
    dialog.get_by_role("button", name="Clear status").click()
    closed(boris)
    expect(sign).to_have_count(0)
    dialog = _profile(boris)
    name = dialog.get_by_label("Name", exact=True)
    name.fill("Anna")
    name.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("Someone here has this name")
    boris.picture("name-taken")
    assert boris.flaws() == []
    name.fill("Bob")
    name.press("Enter")
    expect(dialog.get_by_role("alert")).to_have_count(0)
    expect(dialog.get_by_role("button", name="Save name")).to_be_disabled()
    expect(name).to_have_value("Bob")
    expect(listed(anna, "Bob")).to_be_visible()
    boris.picture("name-saved")

    listed(anna, "general").click()
    anna.page.locator(".person", has_text="Olga").get_by_role("button", name="Olga").click()
    card = anna.page.get_by_role("dialog", name="Olga")
    expect(card.locator(".card__facts")).to_contain_text("Admin")
    _is_drawn(card.locator(".avatar__picture"))


def test_a_status_ends_by_itself(window: OpenWindow, person: Callable[..., Person]) -> None:
    boris = person("Boris").come()
    anna = window("Anna")
    anna.page.clock.install()
    anna.reload()
    now = anna.page.evaluate("Date.now()")
    boris.ask("profile.update", status={"emoji": "🌴", "text": "away", "until": now + 3_600_000})
    anna.page.get_by_role("button", name="People: 2 online").click()
    sign = anna.page.locator(".person", has_text="Boris").locator(".status-sign")
    expect(sign).to_have_text("🌴")
    anna.page.clock.fast_forward(3_601_000)
    expect(sign).to_have_count(0)


def test_an_emoji_is_chosen_by_the_keys_and_escape_closes_the_choice_alone(window: OpenWindow) -> None:
    anna = window("Anna")
    dialog = _profile(anna)
    button = dialog.get_by_role("button", name="Emoji of the status")
    button.press("Enter")
    search = dialog.get_by_role("searchbox")
    expect(search).to_be_focused()
    search.press("Escape")
    expect(search).to_have_count(0)
    expect(dialog).to_be_visible()
    button.press("Enter")
    search.fill("anchor")
    search.press("Enter")
    expect(search).to_have_count(0)
    expect(button).to_have_text("⚓")
    dialog.get_by_label("Status", exact=True).fill("at sea")
    anna.picture("status-emoji")
    dialog.get_by_label("Status", exact=True).press("Enter")
    closed(anna)
    anna.page.get_by_role("button", name="Your profile", exact=True).click()
    expect(anna.page.locator(".card__status")).to_contain_text("at sea")


ROOM = {
    "en-GB": ("Give the room a name and a colour", "Name of the room", "Plum", "Save", "Choose a picture"),
    "ru-RU": ("Дайте комнате название и цвет", "Название комнаты", "Слива", "Сохранить", "Выбрать картинку"),
}


@pytest.mark.parametrize(
    ("language", "look"),
    [("en-GB", {}), ("en-GB", {"theme": "dark"}), ("ru-RU", {"width": 390, "height": 844})],
    ids=["en", "en-dark", "ru-phone"],
)
def test_the_first_admin_gives_the_room_a_face_and_everybody_sees_it(
    window: OpenWindow, request: pytest.FixtureRequest, language: str, look: dict[str, object]
) -> None:
    step, name, colour, save, choose_picture = ROOM[language]
    variant = request.node.callspec.id
    root = window(language=language, **look)
    root.sign_in("Root", ADMIN_PASSWORD)
    steps = root.page.locator(".welcome__step")
    expect(steps.filter(has_text=step)).to_be_visible()
    steps.filter(has_text=step).press("Enter")
    dialog = root.page.get_by_role("dialog")
    _choose(root, dialog, choose_picture, _photo())
    _is_drawn(dialog.locator(".avatar__picture"))
    dialog.get_by_label(name, exact=True).fill("North Quay")
    dialog.get_by_role("radio", name=colour).check()
    root.picture(f"room-{variant}")
    assert root.flaws() == []
    dialog.get_by_role("button", name=save, exact=True).press("Enter")
    closed(root)
    expect(root.page.locator(".welcome__step--done").filter(has_text=step)).to_be_visible()
    expect(root.page.locator(".sidebar__title")).to_have_text("North Quay")
    expect(root.page).to_have_title("general · North Quay")
    _is_drawn(root.page.locator(".sidebar__header .avatar__picture"))
    root.picture(f"room-welcome-{variant}")
    assert root.flaws() == []

    stranger = window(language=language, **look)
    expect(stranger.page.locator(".login__title")).to_have_text("North Quay")
    expect(stranger.page.locator(".login__header .room-sign")).to_have_class("avatar avatar--plum room-sign")
    expect(stranger.page.locator(".login__header .avatar__picture")).to_have_count(0)
    stranger.picture(f"room-door-{variant}")
    assert stranger.flaws() == []
    stranger.sign_in("Anna")
    expect(stranger.page.locator(".sidebar__title")).to_have_text("North Quay")
    _is_drawn(stranger.page.locator(".sidebar__header .avatar__picture"))


def test_a_room_without_a_name_is_called_as_the_operator_says_again(window: OpenWindow) -> None:
    root, anna = window(), window("Anna")
    root.sign_in("Root", ADMIN_PASSWORD)
    for name, title in (("Pier 9", "Pier 9"), ("", "Harbour")):
        root.page.get_by_role("button", name="Settings").click()
        root.page.get_by_role("button", name="Name, colour and picture").click()
        dialog = root.page.get_by_role("dialog", name="Look of the room")
        dialog.get_by_label("Name of the room").fill(name)
        dialog.get_by_label("Name of the room").press("Enter")
        closed(root)
        for visitor in (root, anna):
            expect(visitor.page.locator(".sidebar__title")).to_have_text(title)
            expect(visitor.page).to_have_title(f"general · {title}")


def test_how_long_messages_are_kept_is_ticked_off_once_an_admin_has_said_so(window: OpenWindow) -> None:
    root = window()
    root.sign_in("Root", ADMIN_PASSWORD)
    step = root.page.locator(".welcome__step", has_text="Choose how long messages are kept")
    step.click()
    days = root.page.get_by_label("Delete messages after … days")
    days.fill("90")
    days.press("Enter")
    root.page.keyboard.press("Escape")
    expect(root.page.locator(".welcome__step--done", has_text="Choose how long messages are kept")).to_be_visible()
