"""What is compared: ours over the others, from the figures of a run."""

from collections.abc import Mapping

from bench import cases
from bench.cases import OWN_ROOM, PRIVATE
from bench.figures import Figures, Medians


def ratios_of(medians: Medians) -> dict[str, float]:
    """Ours over the peer's, of what was measured; above 1 means faster, except where a comment says otherwise."""
    found: dict[str, float] = {}
    if "traffic" in medians:
        for sockets in _sockets_of(medians):
            ours, peer = (deliveries_per_second(medians, name, sockets) for name in ("ours", "peer"))
            found[f"deliveries_{sockets}"] = ours / peer
        loads = at_each_load(medians)
        found["worst_load"] = min(ratio for case, ratio in loads.items() if cases.sizes(case)[1] >= cases.LOADED)
    if "steady" in medians:
        found["p99_equal_rates"] = max(at_each_rate(medians).values())
    if "join" in medians:
        found |= _joins(medians["join"])
    for case in medians.get("reconnect", {}).get("ours", {}):
        found[f"reconnect_{case}"] = 1 / _our_time_over(medians["reconnect"], "peer", case, "seconds")
    if "lane" in medians:
        found |= _lane(medians["lane"]["ours"])
    latency = medians.get("latency", {})
    if "idle" in latency.get("ours", {}):
        found["idle_p50"] = _our_time_over(latency, "peer", "idle", "p50_ms")
        found["idle_sealer"] = _our_time_over(latency, "sealer", "idle", "p50_ms")
    if "traffic" in medians:
        found["floor_2"] = messages_per_second(medians, "ours", 2) / messages_per_second(medians, "floor", 2)
        alone = at_each_load(medians)[cases.closed(2, 1)]
        for name in ("sealer", "teller"):  # a run may have been before one of them
            if its := at_each_load(medians, name).get(cases.closed(2, 1)):
                found[f"{name}_2"] = alone / its
    for way in ("up", "down"):  # our speed over that of a plain store
        if "files" in medians:
            ours, store = (medians["files"][name]["25 MB"][way] for name in ("ours", "store"))
            found[f"files_{way}"] = ours / store
    if "beside uploads" in latency.get("ours", {}):
        found["uploads_p99"] = _beside(latency["ours"], "uploads")
    for case in medians.get("search", {}).get("ours", {}):  # below 1 means faster than SQLite's own index
        found[f"search_{case}"] = _our_time_over(medians["search"], "finder", case, "p50_ms")
    if "beside searches" in latency.get("ours", {}):
        found["search_posting_p99"] = _beside(latency["ours"], "searches")
    if "cold start" in medians:
        found["cold_start"] = _our_time_over(medians["cold start"], "empty", "first answer", "seconds")
    return found


def _beside(ours: Mapping[str, Figures], what: str) -> float:
    """Our time of 99 % of round trips beside something, over that without it."""
    return ours[f"beside {what}"]["p99_ms"] / ours[f"without {what}"]["p99_ms"]


def _joins(join: Mapping[str, Mapping[str, Figures]]) -> dict[str, float]:
    found = {}
    if "10000" in join["ours"]:
        found["join_10000"] = 1 / _our_time_over(join, "peer", "10000", "join_ms")
    longest, shortest = (join["ours"][str(choose(map(int, join["ours"])))]["join_ms"] for choose in (max, min))
    found["join_flat"] = longest / shortest  # our time with the longest history over that with the shortest
    found["join_floor"] = shortest / join["floor"]["0"]["join_ms"]  # our time over the floor's
    return found


def _lane(lanes: Mapping[str, Figures]) -> dict[str, float]:
    """Deliveries a second of so many people in a private channel, over those of a room that has nobody else."""
    private, room = (
        max(each["deliveries_per_second"] for case, each in lanes.items() if case.startswith(f"{place},"))
        for place in (PRIVATE, OWN_ROOM)
    )
    people = max(each["sockets"] for each in lanes.values())
    return {f"lane_{people:.0f}": private / room}


def _our_time_over(measured: Mapping[str, Mapping[str, Figures]], other: str, case: str, figure: str) -> float:
    """Our time over another's; a ratio below 1 means faster."""
    return measured["ours"][case][figure] / measured[other][case][figure]


def _sockets_of(medians: Medians) -> list[int]:
    return sorted({cases.sizes(case)[0] for case in medians["traffic"]["ours"]})


def messages_per_second(medians: Medians, chat: str, sockets: int) -> float:
    """The most messages a second that a chat reached with this number of sockets, at the load that suits it best."""
    return _best(medians, chat, sockets, "messages_per_second")


def deliveries_per_second(medians: Medians, chat: str, sockets: int) -> float:
    """The same in deliveries: each message counts once for every socket that gets it."""
    return _best(medians, chat, sockets, "deliveries_per_second")


def _best(medians: Medians, chat: str, sockets: int, figure: str) -> float:
    traffic = medians["traffic"][chat]
    return max(figures[figure] for case, figures in traffic.items() if cases.sizes(case)[0] == sockets)


def at_each_load(medians: Medians, chat: str = "ours") -> dict[str, float]:
    """Messages a second of a chat over the peer's, by the case of a closed loop."""
    its, peer = medians["traffic"].get(chat, {}), medians["traffic"]["peer"]
    return {case: its[case]["messages_per_second"] / peer[case]["messages_per_second"] for case in its}


def at_each_rate(medians: Medians, chat: str = "ours") -> dict[str, float]:
    """A chat's time of 99 % of round trips over the peer's, by the case of a steady rate."""
    its, peer = medians["steady"][chat], medians["steady"]["peer"]
    return {case: its[case]["p99_ms"] / peer[case]["p99_ms"] for case in its}
