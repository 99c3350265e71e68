"""bin/deploy: check, build, upload with secrets, and check that the chat answers."""

import argparse
import os
from collections.abc import Collection, Mapping, Sequence

from tools import answering, cloudflare, first_secrets, module_level, operator_settings, paths
from tools.progress import say, step
from tools.setup import bring_up_to_date, pywrangler_step, set_up

_REFUSALS = (
    cloudflare.WranglerFailed,
    first_secrets.NoPassword,
    first_secrets.NoContact,
    operator_settings.Unreadable,
)

_WHERE = """\
bin/deploy: this first deployment comes from a CI machine, and nothing was uploaded.
  A room is made near whoever opens it first, and never moves. Say in wrangler.toml where: LOCATION_HINT = "weur", for
  example (docs/development/CONFIGURATION.md, "Where rooms live")."""
_UNKNOWN = "This dry run does not ask Cloudflare. Unless it has them, these secrets are to be set:"
_LATER = "These secrets are not set yet; the chat's page will say how:"
_AT_ONCE = ["--durable-objects-code-update-mode", "immediate"]


def main(arguments: Sequence[str]) -> int:
    """Deploy; 0 when the chat answers, or when a dry run found nothing wrong."""
    options, for_wrangler = _parse(arguments)
    secrets = operator_settings.take_secrets_from_environment()
    set_up()
    bring_up_to_date(pywrangler_step())
    try:
        return _deploy(options, for_wrangler, secrets)
    except _REFUSALS as problem:
        say(f"\nbin/deploy: {problem}")
        return 1


def _parse(arguments: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(
        prog="bin/deploy",
        description="Upload the chat to your Cloudflare account and look whether it answers. Secrets of the chat that"
        " stand in environment variables of their names are set, too. Other arguments go to wrangler deploy.",
        allow_abbrev=False,
    )
    parser.add_argument("--init", action="store_true", help="the first time: make keys, ask for the password")
    parser.add_argument("--show", action="store_true", help="with --init: show the new secrets once they are set")
    parser.add_argument("--dry-run", action="store_true", help="everything but the upload; needs no account")
    parser.add_argument("--env", metavar="NAME", help="a section [env.NAME] of wrangler.toml, such as preview")
    parser.add_argument("--url", help="where to look whether it answers (default: where wrangler says it is)")
    return parser.parse_known_args(arguments)


def _deploy(options: argparse.Namespace, for_wrangler: list[str], secrets: dict[str, str]) -> int:
    variables = operator_settings.variables(paths.WRANGLER_CONFIG, options.env)
    chosen = ["--env", options.env or ""]
    there = set() if options.dry_run else cloudflare.secret_names(chosen)
    made = first_secrets.make(variables, have={*there, *secrets}) if options.init else first_secrets.Made()
    new_variables = {name: value for name, value in made.variables.items() if value != variables.get(name, "")}
    variables, secrets = {**variables, **new_variables}, {**secrets, **made.secrets}
    new_keys = first_secrets.keys_in(made.secrets)
    show = options.show or first_secrets.wants_to_see(new_keys)
    found = operator_settings.problems({**variables, **secrets}, there)
    unset = [problem for problem in found if operator_settings.is_unset_secret(problem, {**variables, **secrets})]
    may_lack = unset if options.dry_run or _is_click() else []
    wrong = [problem for problem in found if problem not in may_lack]
    if not _are_well([*operator_settings.secrets_in_plain_sight(variables), *wrong], may_lack):
        return 1
    if not _module_level_is_well():
        return 1
    if not (there or options.dry_run or _is_click()) and os.environ.get("CI") and not variables.get("LOCATION_HINT"):
        say(_WHERE)
        return 1
    if options.dry_run:
        cloudflare.upload([*chosen, *for_wrangler], {}, is_dry_run=True)
        say(f"A dry run: nothing was uploaded{_not_set(secrets)}.")
        return 0
    _keep(new_variables, options.env)
    # A room that works on must not go on with the former keys.
    at_once = _AT_ONCE if secrets and there else []
    uploaded = cloudflare.upload([*chosen, *at_once, *for_wrangler], secrets)
    if secrets:
        say(f"  set with it: {', '.join(sorted(secrets))}")
    for name, key in new_keys.items() if show else ():
        print(f"{name}={key}", flush=True)
    if unset:
        print("\n".join(["", "  Uploaded. The chat's page says how to set what is missing.", ""]))
        return 0
    addresses = [options.url.rstrip("/")] if options.url else uploaded.addresses
    return _look(addresses, variables, uploaded.version)


def _keep(variables: Mapping[str, str], env: str | None) -> None:
    """Write what a person typed into wrangler.toml: unlike secrets, variables are uploaded from there each time."""
    for name, value in variables.items():
        operator_settings.keep_variable(paths.WRANGLER_CONFIG, env, name, value)
        say(f"  {name}: written to {paths.short(paths.WRANGLER_CONFIG)}")


def _is_click() -> bool:
    """Whether this runs in Cloudflare's own builder, as after its button: nobody can be asked there."""
    return bool(os.environ.get("WORKERS_CI"))


def _are_well(wrong: Collection[str], may_lack: Collection[str]) -> bool:
    """Say what is wrong with the settings, and which secrets are still to be set; whether nothing is wrong."""
    if may_lack:
        say(_LATER if _is_click() else _UNKNOWN)
        say("\n".join(f"  {problem}" for problem in may_lack))
    if wrong:
        say("bin/deploy: something is missing or wrong in the settings; nothing was uploaded.")
        say("\n".join(f"  {problem}" for problem in wrong))
    return not wrong


def _module_level_is_well() -> bool:
    with step("The Worker, started as Cloudflare will start it"):
        problem = module_level.problem()
    if problem is not None:
        say("bin/deploy: the Worker's modules cannot be kept as Cloudflare keeps them; nothing was uploaded.")
        say(problem)
    return problem is None


def _not_set(secrets: Collection[str]) -> str:
    return f", and not set: {', '.join(sorted(secrets))}" if secrets else ""


def _look(addresses: list[str], variables: dict[str, str], version: str) -> int:
    if not addresses:
        say("bin/deploy: uploaded, but wrangler names no address (workers_dev and routes in wrangler.toml); say --url.")
        return 1
    room = (operator_settings.room_names(variables) or ["main"])[0]
    # Without a hint, a room that nobody has opened yet would be made near this machine.
    expected = answering.Expected(room, deployment=version, asks_room=bool(variables.get("LOCATION_HINT")))
    for address in addresses:
        with step(f"Waiting for {address}"):
            problem = answering.wait_until_it_answers(address, expected)
        if problem is not None:
            say(f"bin/deploy: uploaded, but not well. {problem}.")
            say("  `bin/wrangler tail` shows the log as it comes; `bin/wrangler rollback` goes back a version.")
            return 1
    print("\n".join(["", "  The chat is running.", "", *(f"    {address}/" for address in addresses), ""]))
    return 0
