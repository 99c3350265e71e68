"""What test_file_parts.py does not look at: a file in real workerd from its reservation to the last of its rows."""

from limits import UPLOAD_OVER_MS
from tests.places import Place
from tests.worker.gathering import until
from tests.worker.pictures import Picture, stored_files


def test_what_is_stored_after_the_removal_is_removed_when_no_ticket_is_good_any_more(place: Place) -> None:
    anna = place.member("Anna")
    line = anna.come()
    picture = Picture(anna, thumb=700).upload()
    ticket = picture.reserve().json()["ticket"]
    assert anna.http.delete(f"/files/{picture.id}").status_code == 204
    until(lambda: stored_files(place) == set())
    assert place.rows("SELECT state FROM files") == [("gone",)]
    answer = line.say("Look at this one", files=[picture.described()])
    assert (answer["code"], answer["detail"].split()[0]) == ("malformed", "files:")
    assert picture.store("0", ticket).status_code == 204  # the ticket is still good, and nobody asks the room
    place.change("UPDATE files SET created_at = created_at - ?", UPLOAD_OVER_MS)
    other = Picture(anna)
    other.reserve()
    assert anna.http.delete(f"/files/{other.id}").status_code == 204  # so that the alarm rings now
    until(lambda: stored_files(place) == set())
    until(lambda: len(place.rows("SELECT 1 FROM files")) == 1)
