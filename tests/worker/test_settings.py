"""A Worker that lacks a setting says so, by name and without any value, instead of failing somewhere later."""

import pytest

from tests.conftest import StartServer
from tests.people import get
from tests.server import ADMIN_PASSWORD, MASTER_KEY, PASSWORD, Server
from tools.answering import Expected, wait_until_it_answers
from web.answers import DEPLOYMENT


@pytest.mark.parametrize("name", ["MASTER_KEY", "CHAT_PASSWORD"])
def test_a_missing_secret_is_named_on_the_page_and_in_the_log(start_server: StartServer, name: str) -> None:
    running = start_server(settings={name: ""})
    answer = get(f"{running.url}/api/rooms/main")
    assert answer.status_code == 500
    assert answer.json()["code"] == "misconfigured"
    page = get(f"{running.url}/")
    assert page.status_code == 500
    assert name in page.text
    assert f"as it should: {name} is not set" in str(wait_until_it_answers(running.url, Expected("main"), seconds=0))
    log = running.wait_for_log(f"{name} is not set")
    for secret in (PASSWORD, ADMIN_PASSWORD, MASTER_KEY):
        assert secret not in answer.text + page.text + log.replace(f"password  {PASSWORD}", "")


def test_a_chat_that_has_all_it_needs_is_found_well_by_bin_deploy(server: Server) -> None:
    deployment = get(f"{server.url}/api/health").headers[DEPLOYMENT]
    assert deployment == get(f"{server.url}/api/rooms/main").headers[DEPLOYMENT], "the room tells it, too"
    expected = Expected("main", deployment=deployment, asks_room=True)
    assert wait_until_it_answers(server.url, expected, seconds=0) is None
    problem = wait_until_it_answers(server.url, Expected("elsewhere"), seconds=0)
    assert "page of its room elsewhere does not open" in str(problem)


def test_a_jurisdiction_is_told_to_work_on_cloudflare_only(start_server: StartServer) -> None:
    running = start_server(settings={"JURISDICTION": "eu"})
    answer = get(f"{running.url}/api/rooms/main")
    assert (answer.status_code, answer.json()["code"]) == (500, "misconfigured")
    assert answer.json()["title"] == "JURISDICTION works on Cloudflare only: leave it empty for local runs."
