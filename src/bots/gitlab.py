"""Events of GitLab: what somebody did in a project.

Told are pushes, merge requests, issues, comments, releases, and pipelines that fail or pass again. Of everything else
nobody has to hear.
"""

from collections.abc import Callable, Mapping

from bots.incoming import Incoming, Passing
from bots.kindly import Given, first, line, number, text, thing, things, within
from bots.markdown import code, cut, item, lines, link, quote, strong

_MOST_COMMITS = 10
_EXCERPT_CHARACTERS = 600
_SHORT = 8  # letters of a commit's name
_NO_COMMIT = "0" * 40
_DID = {
    "open": "opened",
    "reopen": "reopened",
    "close": "closed",
    "merge": "merged",
    "approved": "approved",
}


def is_meant(given: Given) -> bool:
    """Whether an object is such an event."""
    return isinstance(given.get("object_kind"), str)


def read(given: Given) -> Incoming | None:
    """The message; None if nobody has to hear of it."""
    tell = _EVENTS.get(given["object_kind"])
    return None if tell is None else tell(given)


def _push(given: Given) -> Incoming | None:
    ref = text(given.get("ref"))
    is_tag = ref.startswith("refs/tags/")
    name = code(line(ref.removeprefix("refs/tags/").removeprefix("refs/heads/")))
    what = f"{'tag' if is_tag else 'branch'} {name}"
    if text(given.get("after")) == _NO_COMMIT:
        return Incoming(f"{_who(given)} deleted {what} in {_project(given)}")
    commits = things(given.get("commits"), _MOST_COMMITS)
    if is_tag or not commits:
        created = is_tag or text(given.get("before")) == _NO_COMMIT
        return Incoming(f"{_who(given)} created {what} in {_project(given)}") if created else None
    total = max(number(given.get("total_commits_count")), len(commits))
    counted = "1 commit" if total == 1 else f"{total} commits"
    more = f"- … {total - len(commits)} more" if total > len(commits) else ""
    heading = f"{_who(given)} pushed {counted} to {name} in {_project(given)}"
    return Incoming(lines([heading, *(item(_commit(each)) for each in commits), more]))


def _commit(given: Given) -> str:
    author = line(within(given, "author", "name"), 60)
    said = line(first(given, "title") or text(given.get("message")).partition("\n")[0], 120)
    name = link(code(line(given.get("id"))[:_SHORT]), text(given.get("url")))
    return f"{name} {said}{f' ({author})' if author else ''}"


def _merge_request(given: Given) -> Incoming | None:
    return _changed(given, "merge request", "!")


def _issue(given: Given) -> Incoming | None:
    return _changed(given, "issue", "#")


def _changed(given: Given, kind: str, sign: str) -> Incoming | None:
    about = thing(given.get("object_attributes"))
    did = _DID.get(text(about.get("action")))
    if did is None:
        return None
    said = _excerpt(about.get("description")) if did == "opened" else ""
    return Incoming(lines([f"{_who(given)} {did} {kind} {_numbered(about, sign)} in {_project(given)}", said]))


def _note(given: Given) -> Incoming | None:
    note = thing(given.get("object_attributes"))
    if note.get("system") is True or text(note.get("action")) not in ("create", ""):
        return None
    if about := thing(given.get("merge_request")):
        place = _numbered(about, "!")
    elif about := thing(given.get("issue")):
        place = _numbered(about, "#")
    else:
        place = code(line(first(thing(given.get("commit")), "id") or first(note, "commit_id"))[:_SHORT]) or "a snippet"
    heading = f"{_who(given)} {link('commented', text(note.get('url')))} on {place} in {_project(given)}"
    return Incoming(lines([heading, _excerpt(note.get("note"))]))


def _pipeline(given: Given) -> Incoming | None:
    pipeline = thing(given.get("object_attributes"))
    found = text(pipeline.get("status"))
    if found not in ("failed", "success"):
        return None
    failed, branch = found == "failed", line(pipeline.get("ref"))
    project = text(within(given, "project", "web_url"))
    number_of = number(pipeline.get("id"))
    address = first(pipeline, "url") or (f"{project}/-/pipelines/{number_of}" if project else "")
    name = strong(link(f"Pipeline #{number_of}", address))
    heading = f"{'🔴' if failed else '🟢'} {name} {'failed' if failed else 'passes again'}"
    where = f" on {code(branch)} in {_project(given)}"
    jobs = [line(each.get("name"), 60) for each in things(given.get("builds"), 100) if each.get("status") == "failed"]
    told = f"failed: {', '.join(jobs[:10])}" if failed and jobs else ""
    said = line(text(within(given, "commit", "message")).partition("\n")[0], 120)
    what = "\n".join((line(within(given, "project", "path_with_namespace")), "pipeline", branch))
    return Incoming(lines([heading + where, told, said]), passing=Passing(what, failed))


def _release(given: Given) -> Incoming | None:
    if text(given.get("action")) != "create":
        return None
    name = link(line(first(given, "name", "tag")), text(given.get("url")))
    return Incoming(lines([f"Release {name} in {_project(given)}", _excerpt(given.get("description"))]))


def _who(given: Given) -> str:
    return strong(line(within(given, "user", "name") or first(given, "user_name", "user_username"), 60) or "Somebody")


def _project(given: Given) -> str:
    project = thing(given.get("project"))
    return link(line(first(project, "path_with_namespace", "name"), 120), text(project.get("web_url")))


def _numbered(given: Given, sign: str) -> str:
    """An issue or merge request by number and title."""
    return link(f"{sign}{number(given.get('iid'))} {line(given.get('title'), 150)}".rstrip(), text(given.get("url")))


def _excerpt(value: object) -> str:
    return quote(cut(text(value).strip(), _EXCERPT_CHARACTERS))


_EVENTS: Mapping[str, Callable[[Given], Incoming | None]] = {
    "push": _push,
    "tag_push": _push,
    "merge_request": _merge_request,
    "issue": _issue,
    "work_item": _issue,
    "note": _note,
    "pipeline": _pipeline,
    "release": _release,
}
"""How an event is told, by its `object_kind`."""
