"""live/requests.py: what each request to a room is answered, and why it is refused."""

import json
from typing import Any

import pytest

from access.cookies import session_cookie
from access.handover import Handover
from bots.delivery import Delivery
from chat.directory import GENERAL
from encoding import b64url, compact_json
from errors import (
    ChatError,
    Forbidden,
    LimitReached,
    Malformed,
    NotFound,
    TooManyAttempts,
    Unauthenticated,
)
from files.layout import sealed_bytes
from limits import (
    MAX_SOCKETS_PER_MEMBER,
    OPENING_BURST,
    REQUEST_BURST,
    WRITE_QUESTIONS,
)
from live.alarm import Alarm
from live.effects import CloseSessions, Effect
from live.replies import Asked, Reply, Upgrade
from live.requests import Requests
from live.tending import Tending, Woken
from live.watch import Watch
from tests.fakes import private_key, public_bytes
from tests.files.uploading import attached, file_id, store_parts
from tests.live.past import KeptPast
from tests.live.test_alarm import StandingBell
from tests.live.test_watch import FakeSockets
from tests.rooms import ChatRoom, Person, make_room
from web.answers import API_HEADERS
from web.routes import RULES, find_route
from wire.writing import SUB_PROTOCOL

VAPID_KEY = b64url(bytes(range(100, 132)))
ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/abc"
KEYS = {"p256dh": b64url(public_bytes(private_key(bytes(31) + b"\x07"))), "auth": b64url(bytes(16))}
SUBSCRIPTION = compact_json({"subscription": {"endpoint": ENDPOINT, "keys": KEYS}})
FOR_MEMBERS = [rule for rule in RULES if rule.needs_session and rule.name != "part"]  # of a file: wakes no room


class Counter:
    """Where a room's requests are answered."""

    def __init__(self, room: ChatRoom, past: KeptPast | None = None) -> None:
        self.room = room
        self.sockets = FakeSockets()
        self.bell = StandingBell()
        alarm = Alarm(self.bell, clock=self._now)
        watch = Watch(self.sockets)
        self.tending = Tending(room.database, alarm, watch, wake=self._wake, perform=self._perform, clock=self._now)
        self.past = past or KeptPast(room)
        self.requests = Requests(
            room.state, self.tending, watch, self.past, storage_bytes=lambda: 4_096, clock=self._now
        )

    def _now(self) -> int:
        return self.room.now_ms

    async def _wake(self) -> Woken:
        raise AssertionError("the room is awake")

    async def _perform(self, effects: object) -> None:
        raise AssertionError("nobody rings here")

    async def ask(
        self,
        method: str,
        path: str = "",
        person: Person | None = None,
        *,
        body: str = "",
        handover: Handover | None = None,
        **more: Any,
    ) -> Reply | Upgrade:
        """What is decided about a request below the address of the room."""
        name = self.room.name
        cookie = None if person is None else session_cookie(name, person.token, max_age_seconds=1).partition(";")[0]
        route = find_route(method, f"/api/rooms/{name}{path}")
        return await self.requests.answer(Asked(route, handover or Handover("request"), cookie, body, **more))

    async def reply(self, method: str, path: str = "", person: Person | None = None, **more: Any) -> Reply:
        reply = await self.ask(method, path, person, **more)
        assert isinstance(reply, Reply)
        assert reply.headers.items() >= API_HEADERS.items()
        return reply

    async def json(self, method: str, path: str = "", person: Person | None = None, **more: Any) -> dict[str, Any]:
        reply = await self.reply(method, path, person, **more)
        assert (reply.status, reply.headers["Content-Type"]) == (200, "application/json")
        return dict(json.loads(reply.body or ""))

    async def refusal(self, method: str, path: str = "", person: Person | None = None, **more: Any) -> ChatError:
        with pytest.raises(ChatError) as caught:
            await self.ask(method, path, person, **more)
        return caught.value

    async def upgrade(
        self, person: Person | None, protocols: str | None = SUB_PROTOCOL, upgrade: str = "websocket"
    ) -> Upgrade:
        decided = await self.ask("GET", "/socket", person, upgrade=upgrade, protocols=protocols)
        assert isinstance(decided, Upgrade)
        return decided


@pytest.fixture
def counter(room: ChatRoom) -> Counter:
    return Counter(room)


@pytest.fixture
async def with_push() -> Counter:
    return Counter(await make_room(VAPID_PRIVATE_KEY=VAPID_KEY, VAPID_SUBJECT="mailto:ops@chat.example.org"))


# --- without a session ---


@pytest.mark.parametrize("rule", FOR_MEMBERS, ids=lambda rule: f"{rule.name} {rule.method}")
@pytest.mark.parametrize("is_entered", [False, True])
async def test_what_is_for_members_is_refused_to_strangers(room: ChatRoom, rule: Any, is_entered: bool) -> None:
    if is_entered:
        await room.join("Anna")
    path = {
        "device": "/sessions/abc",
        "passkey": "/passkeys/abc",
        "file": "/files/abc",
        "picture": "/pictures/abc",
    }.get(rule.name, f"/{rule.name}")
    refusal = await Counter(room).refusal(rule.method, path, upgrade="websocket", body=SUBSCRIPTION)
    assert isinstance(refusal, Unauthenticated)


async def test_a_session_that_is_over_opens_nothing(counter: Counter, room: ChatRoom, anna: Person) -> None:
    room.later(anna.session.expires_at - room.now_ms)
    assert isinstance(await counter.refusal("GET", "/session", anna), Unauthenticated)


async def test_the_facts_of_a_room_that_nobody_has_entered_write_nothing(counter: Counter, room: ChatRoom) -> None:
    facts = await counter.json("GET")
    assert (facts["room"], facts["session"], facts["challenges"]) == (room.name, None, room.settings.challenges())
    assert not room.state.is_stored
    assert room.database.execute("SELECT count(*) FROM sqlite_master") == [(0,)]


async def test_the_facts_say_who_is_signed_in(counter: Counter, anna: Person) -> None:
    facts = await counter.json("GET", "", anna)
    assert facts["session"] == await counter.json("GET", "/session", anna)
    assert facts["session"]["member"] == {"id": anna.id, "name": "Anna", "role": "member", "hue": 0}
    assert facts["session"]["expires_at"] == anna.session.expires_at


# --- devices ---


async def test_a_member_lists_their_devices(counter: Counter, anna: Person) -> None:
    (device,) = (await counter.json("GET", "/sessions", anna))["sessions"]
    assert (device["id"], device["current"]) == (anna.session.id, True)


async def test_signing_out_ends_the_session_and_its_cookie(counter: Counter, anna: Person) -> None:
    reply = await counter.reply("DELETE", "/session", anna)
    assert (reply.status, reply.body) == (204, None)
    assert "Max-Age=0" in reply.headers["Set-Cookie"]
    assert list(reply.effects) == [CloseSessions([anna.session.id])]
    assert isinstance(await counter.refusal("GET", "/session", anna), Unauthenticated)


async def test_a_member_signs_out_another_device_of_theirs_and_nobody_elses(
    counter: Counter, room: ChatRoom, anna: Person, boris: Person
) -> None:
    assert isinstance(await counter.refusal("DELETE", f"/sessions/{boris.session.id}", anna), NotFound)
    reply = await counter.reply("DELETE", f"/sessions/{anna.session.id}", anna)
    effects: list[Effect] = [CloseSessions([anna.session.id])]
    assert (reply.status, list(reply.effects)) == (204, effects)


@pytest.mark.parametrize(
    ("method", "path", "body", "taken"),
    [
        ("DELETE", "/sessions/nobodys", "", NotFound),
        ("PUT", "/push", SUBSCRIPTION, None),
        ("DELETE", "/push", compact_json({"endpoint": ENDPOINT}), None),
    ],
)
async def test_what_a_member_has_the_room_write_is_counted(
    with_push: Counter, method: str, path: str, body: str, taken: type[ChatError] | None
) -> None:
    anna, boris = await with_push.room.join("Anna"), await with_push.room.join("Boris")

    async def refusal_of(person: Person) -> ChatError | None:
        try:
            await with_push.ask(method, path, person, body=body)
        except ChatError as error:
            return error
        return None

    for _ in range(REQUEST_BURST // WRITE_QUESTIONS):
        assert type(await refusal_of(anna)) is (taken or type(None))
    refusal = await refusal_of(anna)
    assert isinstance(refusal, TooManyAttempts)
    assert refusal.retry_after == 1
    assert not isinstance(await refusal_of(boris), TooManyAttempts)


# --- recovery codes ---

RECOVERY = compact_json({"proof": b64url(bytes(range(32)))})


async def test_a_kept_recovery_code_is_told_to_everybody_once(counter: Counter, room: ChatRoom, anna: Person) -> None:
    reply = await counter.reply("PUT", "/recovery", anna, body=RECOVERY)
    assert reply.status == 204
    (told,) = reply.effects
    assert '"reason":"secured"' in told.text  # type: ignore[union-attr]
    assert (await counter.json("GET", "/session", anna))["member"]["secured"] is True
    assert list((await counter.reply("PUT", "/recovery", anna, body=RECOVERY)).effects) == []


@pytest.mark.parametrize("body", ["", "{}", '{"proof":null}', '{"proof":"short"}', '{"proof":7}'])
async def test_a_recovery_code_that_cannot_be_read_changes_nothing(
    counter: Counter, room: ChatRoom, anna: Person, body: str
) -> None:
    assert isinstance(await counter.refusal("PUT", "/recovery", anna, body=body), Malformed)
    assert room.database.count("recovery_codes") == 0


async def test_new_recovery_codes_count_as_writing(counter: Counter, anna: Person) -> None:
    for _ in range(REQUEST_BURST // WRITE_QUESTIONS):
        assert (await counter.reply("PUT", "/recovery", anna, body=RECOVERY)).status == 204
    assert isinstance(await counter.refusal("PUT", "/recovery", anna, body=RECOVERY), TooManyAttempts)


async def test_the_facts_say_what_lets_people_in(counter: Counter) -> None:
    facts = await counter.json("GET")
    assert (facts["names"], facts["access"]) == ("open", "both")
    room = await make_room(NAMES="secured", ACCESS="invite")
    facts = await Counter(room).json("GET")
    assert (facts["names"], facts["access"]) == ("secured", "invite")


# --- statistics ---


async def test_the_statistics_are_for_admins(counter: Counter, anna: Person, olga: Person) -> None:
    assert isinstance(await counter.refusal("GET", "/stats", anna), Forbidden)
    counter.sockets.add("a")
    await counter.tending.plan_clean_up()
    figures = await counter.json("GET", "/stats", olga)
    assert (figures["sockets"], figures["online"], figures["members"]) == (1, 0, 2)
    assert (figures["storage_bytes"], figures["clean_up_at"]) == (4_096, counter.tending.clean_up_at())


# --- notifications ---


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_there_is_nothing_to_register_where_notifications_are_not_set_up(
    counter: Counter, anna: Person, method: str
) -> None:
    assert isinstance(await counter.refusal(method, "/push", anna, body=SUBSCRIPTION), NotFound)


async def test_a_device_is_registered_and_taken_off_again(with_push: Counter) -> None:
    room = with_push.room
    anna = await room.join("Anna")
    assert len((await with_push.json("GET", "/push", anna))["public_key"]) == 87
    assert (await with_push.reply("PUT", "/push", anna, body=SUBSCRIPTION)).status == 204
    assert list(room.state.store.subscriptions.members()) == [anna.id]
    assert (await with_push.reply("DELETE", "/push", anna, body=compact_json({"endpoint": ENDPOINT}))).status == 204
    assert list(room.state.store.subscriptions.members()) == []


@pytest.mark.parametrize(("method", "body"), [("PUT", ""), ("PUT", "{}"), ("DELETE", "[]"), ("DELETE", "{}")])
async def test_a_registration_that_cannot_be_read_is_refused(with_push: Counter, method: str, body: str) -> None:
    anna = await with_push.room.join("Anna")
    assert isinstance(await with_push.refusal(method, "/push", anna, body=body), Malformed)


# --- sockets ---


async def test_a_member_opens_a_socket(counter: Counter, room: ChatRoom, anna: Person) -> None:
    upgrade = await counter.upgrade(anna)
    assert upgrade.protocol == SUB_PROTOCOL
    connection = upgrade.connection
    assert (connection.member, connection.session, connection.expires_at, connection.alive_at, connection.is_ready) == (
        anna.id,
        anna.session.id,
        anna.session.expires_at,
        room.now_ms,
        False,
    )
    assert (await counter.upgrade(anna)).connection.id != connection.id


@pytest.mark.parametrize(
    ("offered", "protocol"),
    [(None, None), (SUB_PROTOCOL, SUB_PROTOCOL), (f"other, {SUB_PROTOCOL}", SUB_PROTOCOL)],
)
async def test_the_sub_protocol_is_chosen_if_it_is_offered(
    counter: Counter, anna: Person, offered: str | None, protocol: str | None
) -> None:
    assert (await counter.upgrade(anna, offered, "WebSocket")).protocol == protocol


@pytest.mark.parametrize(
    ("upgrade", "protocols"),
    [(None, SUB_PROTOCOL), ("", SUB_PROTOCOL), ("h2c", SUB_PROTOCOL), ("websocket", "other"), ("websocket", "")],
)
async def test_what_is_no_upgrade_to_our_protocol_is_refused(
    counter: Counter, anna: Person, upgrade: str | None, protocols: str
) -> None:
    refusal = await counter.refusal("GET", "/socket", anna, upgrade=upgrade, protocols=protocols)
    assert isinstance(refusal, Malformed)


async def test_a_bot_opens_a_socket_by_its_token_alone(
    counter: Counter, room: ChatRoom, olga: Person, anna: Person
) -> None:
    bot = await room.bot(olga)
    digest = bot.session.id.removeprefix("bot.")
    given: dict[str, Any] = {"upgrade": "websocket", "protocols": SUB_PROTOCOL}
    given["delivery"] = Delivery(bot.id, digest).written()
    upgrade = await counter.ask("GET", "/socket", anna, **given)
    assert isinstance(upgrade, Upgrade)
    assert (upgrade.connection.member, upgrade.connection.is_bot) == (bot.id, True), "no cookie counts beside it"
    given["delivery"] = Delivery(bot.id, digest[:-2] + "00").written()
    assert isinstance(await counter.refusal("GET", "/socket", anna, **given), Unauthenticated)


async def test_a_bot_uploads_and_fetches_files_by_its_token_and_rights(
    counter: Counter, room: ChatRoom, olga: Person, anna: Person
) -> None:
    bot, other = await room.bot(olga), await room.bot(olga, rights=("post", "read"), name="Other")

    def by(who: Person) -> dict[str, Any]:
        return {"delivery": Delivery(who.id, who.session.id.removeprefix("bot.")).written()}

    wish = compact_json({"id": file_id(1), "channel": GENERAL, "size": sealed_bytes(5_000), "thumb": 0})
    reserved = await counter.reply("POST", "/files", body=wish, **by(bot))
    assert reserved.status == 201
    assert room.database.rows("files")[0]["member"] == bot.id
    store_parts(room, room.state.store.files.get([file_id(1)])[file_id(1)])
    await room.say(bot, "", files=[attached(1)])
    for who, given in ((bot, by(bot)), (anna, {})):
        told = await counter.json("GET", f"/files/{file_id(1)}", None if given else who, **given)
        assert told.keys() == {"ticket", "expires_at"}
    for unknown in (file_id(2), "x", "ü"):
        assert isinstance(await counter.refusal("GET", f"/files/{unknown}", **by(bot)), NotFound)
    for method, path in (("POST", "/files"), ("GET", f"/files/{file_id(1)}"), ("DELETE", f"/files/{file_id(1)}")):
        assert isinstance(await counter.refusal(method, path, body=wish, **by(other)), Forbidden)
    wish = wish.replace(file_id(1), file_id(3))
    await counter.reply("POST", "/files", body=wish, **by(bot))
    assert (await counter.reply("DELETE", f"/files/{file_id(3)}", **by(bot))).status == 204


async def test_a_member_has_so_many_sockets(counter: Counter, anna: Person) -> None:
    for number in range(2 * MAX_SOCKETS_PER_MEMBER):
        counter.sockets.add(str(number)).member = anna.id
    assert isinstance(await counter.refusal("GET", "/socket", anna, upgrade="websocket"), LimitReached)


async def test_a_member_opens_so_many_sockets_at_once_and_others_have_their_own(
    counter: Counter, anna: Person, boris: Person
) -> None:
    for _ in range(OPENING_BURST):
        await counter.upgrade(anna)
    assert isinstance(await counter.refusal("GET", "/socket", anna, upgrade="websocket"), TooManyAttempts)
    await counter.upgrade(boris)
