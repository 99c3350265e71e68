"""Events of GitHub and of Gitea (Forgejo), which sends nearly the same: what somebody did in a repository.

Told are pushes, pull requests, issues, comments, reviews, releases, and workflow runs that fail or pass again. Of
everything else nobody has to hear.
"""

from collections.abc import Callable, Mapping

from bots.incoming import Incoming, Passing
from bots.kindly import Given, first, line, number, text, thing, things, within
from bots.markdown import code, cut, item, lines, link, quote, strong

_MOST_COMMITS = 10
_EXCERPT_CHARACTERS = 600
_SHORT = 7  # letters of a commit's name
_NO_COMMIT = "0" * 40
_OPENED = {"opened": "opened", "reopened": "reopened", "closed": "closed", "ready_for_review": "marked as ready"}
_REVIEWS = {"approved": "approved", "changes_requested": "asked for changes in", "commented": "reviewed"}
_FAILED = frozenset(("failure", "timed_out", "startup_failure"))


def is_meant(given: Given) -> bool:
    """Whether an object is such an event."""
    about = isinstance(given.get("repository"), Mapping) or isinstance(given.get("organization"), Mapping)
    return "zen" in given or (about and ("sender" in given or "pusher" in given))


def read(given: Given) -> Incoming | None:
    """The message; None if nobody has to hear of it."""
    for name, tell in _EVENTS.items():
        if name in given:
            return tell(given)
    return None


def _ping(given: Given) -> Incoming:
    place = _repository(given) or line(within(given, "organization", "login"))
    return Incoming(f"GitHub is connected{f': {place}' if place else ''}")


def _push(given: Given) -> Incoming | None:
    ref = text(given.get("ref"))
    is_tag = ref.startswith("refs/tags/")
    name = ref.removeprefix("refs/tags/").removeprefix("refs/heads/")
    what = f"{'tag' if is_tag else 'branch'} {code(line(name))}"
    if given.get("deleted") is True or text(given.get("after")) == _NO_COMMIT:
        return Incoming(f"{_who(given)} deleted {what} in {_repository(given)}")
    commits = things(given.get("commits"), _MOST_COMMITS)
    created = given.get("created") is True or text(given.get("before")) == _NO_COMMIT
    if is_tag or (created and not commits):
        return Incoming(f"{_who(given)} created {what} in {_repository(given)}")
    if not commits:
        return None
    total = max(number(given.get("total_commits")), len(given["commits"]))
    counted = link("1 commit" if total == 1 else f"{total} commits", first(given, "compare", "compare_url"))
    forced = " with force" if given.get("forced") is True else ""
    more = f"- … {total - len(commits)} more" if total > len(commits) else ""
    heading = f"{_who(given)} pushed {counted}{forced} to {code(line(name))} in {_repository(given)}"
    return Incoming(lines([heading, *(item(_commit(each)) for each in commits), more]))


def _commit(given: Given) -> str:
    author = line(first(thing(given.get("author")), "name", "username"), 60)
    said = line(text(given.get("message")).partition("\n")[0], 120)
    name = link(code(line(given.get("id"))[:_SHORT]), text(given.get("url")))
    return f"{name} {said}{f' ({author})' if author else ''}"


def _pull_request(given: Given) -> Incoming | None:
    request, action = thing(given["pull_request"]), text(given.get("action"))
    place = f"pull request {_numbered(request)} in {_repository(given)}"
    if "review" in given:
        return _review(given, thing(given["review"]), place)
    if "comment" in given:
        return _comment(given)
    did = "merged" if action == "closed" and request.get("merged") is True else _OPENED.get(action)
    if did is None:
        return None
    said = _excerpt(request.get("body")) if action == "opened" else ""
    return Incoming(lines([f"{_who(given)} {did} {place}", said]))


def _review(given: Given, review: Given, place: str) -> Incoming | None:
    # Gitea calls a review "pull_request_review_approved" and so on.
    state = first(review, "state", "type").lower().removeprefix("pull_request_review_")
    did = {"rejected": "changes_requested", "comment": "commented"}.get(state, state)
    said = _excerpt(first(review, "body", "content"))
    is_news = (
        did in _REVIEWS and text(given.get("action")) in ("submitted", "reviewed") and (said or did != "commented")
    )
    return Incoming(lines([f"{_who(given)} {_REVIEWS[did]} {place}", said])) if is_news else None


def _issue(given: Given) -> Incoming | None:
    if "comment" in given:
        return _comment(given)
    issue, action = thing(given["issue"]), text(given.get("action"))
    did = _OPENED.get(action)
    if did is None:
        return None
    said = _excerpt(issue.get("body")) if action == "opened" else ""
    return Incoming(lines([f"{_who(given)} {did} issue {_numbered(issue)} in {_repository(given)}", said]))


def _comment(given: Given) -> Incoming | None:
    comment = thing(given["comment"])
    if text(given.get("action")) not in ("created", ""):
        return None
    about = thing(given.get("issue")) or thing(given.get("pull_request"))
    place = _numbered(about) if about else code(line(comment.get("commit_id"))[:_SHORT])
    if not place:  # on something that is told nowhere else either, such as a discussion
        return None
    heading = f"{_who(given)} {link('commented', text(comment.get('html_url')))} on {place} in {_repository(given)}"
    return Incoming(lines([heading, _excerpt(comment.get("body"))]))


def _release(given: Given) -> Incoming | None:
    release = thing(given["release"])
    if text(given.get("action")) != "published" or release.get("draft") is True:
        return None
    name = link(line(first(release, "name", "tag_name")), text(release.get("html_url")))
    return Incoming(lines([f"{_who(given)} released {name} in {_repository(given)}", _excerpt(release.get("body"))]))


def _workflow_run(given: Given) -> Incoming | None:
    run = thing(given["workflow_run"])
    found = line(run.get("conclusion")).lower()
    failed = found in _FAILED
    if text(given.get("action")) != "completed" or not (failed or found == "success"):
        return None
    branch, name = line(run.get("head_branch")), line(first(run, "name", "display_title", "path"))
    what = "\n".join((_full_name(given), name, branch))
    run_name = link(name, text(run.get("html_url")))
    heading = f"{'🔴' if failed else '🟢'} {strong(run_name)} {'failed' if failed else 'passes again'}"
    where = f" on {code(branch)} in {_repository(given)}"
    said = line(text(within(run, "head_commit", "message")).partition("\n")[0], 120) or line(
        run.get("display_title"), 120
    )
    return Incoming(lines([heading + where, said if said != name else ""]), passing=Passing(what, failed))


def _who(given: Given) -> str:
    sender, pusher = thing(given.get("sender")), thing(given.get("pusher"))
    return strong(line(first(sender, "login", "username") or first(pusher, "login", "name"), 60) or "Somebody")


def _full_name(given: Given) -> str:
    return line(first(thing(given.get("repository")), "full_name", "name"), 120)


def _repository(given: Given) -> str:
    return link(_full_name(given), text(within(given, "repository", "html_url")))


def _numbered(given: Given) -> str:
    """An issue or pull request by number and title."""
    return link(f"#{number(given.get('number'))} {line(given.get('title'), 150)}".rstrip(), text(given.get("html_url")))


def _excerpt(value: object) -> str:
    return quote(cut(text(value).strip(), _EXCERPT_CHARACTERS))


_EVENTS: Mapping[str, Callable[[Given], Incoming | None]] = {
    "zen": _ping,
    "workflow_run": _workflow_run,
    "pull_request": _pull_request,
    "issue": _issue,
    "release": _release,
    "comment": _comment,
    "commits": _push,
    "head_commit": _push,
}
"""How an event is told, by the field that only such events have; an event with several is of the first kind."""
