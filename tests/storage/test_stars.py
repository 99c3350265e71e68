"""storage/stars.py: a row for each star, of its member alone."""

from storage.store import Store


def test_a_star_is_one_row_until_it_is_taken_away(store: Store) -> None:
    for member, channel in (("anna", "general"), ("anna", "general"), ("anna", "plans"), ("boris", "plans")):
        store.stars.put(member, channel, on=True)
    assert (store.stars.of("anna"), store.stars.of("boris"), store.stars.of("olga")) == (
        {"general", "plans"},
        {"plans"},
        set(),
    )
    for _ in range(2):
        store.stars.put("anna", "plans", on=False)
    assert (store.stars.of("anna"), store.stars.of("boris")) == ({"general"}, {"plans"})
