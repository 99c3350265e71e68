"""bin/deploy: check, build, upload, set secrets, and check that the chat answers."""

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
    if not _settings_are_well(variables, secrets, there, dry_run=options.dry_run):
        return 1
    if os.environ.get("CI") and not options.dry_run and not there and not variables.get("LOCATION_HINT"):
        say(_WHERE)
        return 1
    if not _module_level_is_well():
        return 1
    if not options.dry_run:
        _keep(new_variables, options.env)
    found = cloudflare.upload([*chosen, *(["--dry-run"] if options.dry_run else []), *for_wrangler])
    if secrets and not options.dry_run:
        with step(f"Secrets ({', '.join(sorted(secrets))})"):
            cloudflare.put_secrets(secrets, chosen)
    for name, key in new_keys.items() if show else ():
        print(f"{name}={key}", flush=True)
    if options.dry_run:
        say(f"A dry run: nothing was uploaded{_not_set(secrets)}.")
        return 0
    return _look([options.url.rstrip("/")] if options.url else found, variables)


def _keep(variables: Mapping[str, str], env: str | None) -> None:
    """Write what a person typed into wrangler.toml: unlike secrets, variables are uploaded from there each time."""
    for name, value in variables.items():
        operator_settings.keep_variable(paths.WRANGLER_CONFIG, env, name, value)
        say(f"  {name}: written to {paths.short(paths.WRANGLER_CONFIG)}")


def _settings_are_well(
    variables: dict[str, str], secrets: dict[str, str], there: Collection[str], *, dry_run: bool
) -> bool:
    """Whether the Worker will start with these settings; a dry run cannot know Cloudflare's secrets and only warns."""
    given = {**variables, **secrets}
    found = [
        *operator_settings.secrets_in_plain_sight(variables),
        *operator_settings.problems(given, there),
    ]
    unknown = [problem for problem in found if dry_run and operator_settings.is_unset_secret(problem, given)]
    if unknown:
        say("This dry run does not ask Cloudflare. Unless it has them, these secrets are to be set:")
        say("\n".join(f"  {problem}" for problem in unknown))
    if wrong := [problem for problem in found if problem not in unknown]:
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


def _look(addresses: list[str], variables: dict[str, str]) -> int:
    if not addresses:
        say("bin/deploy: uploaded, but wrangler names no address (workers_dev and routes in wrangler.toml); say --url.")
        return 1
    room = (operator_settings.room_names(variables) or ["main"])[0]
    for address in addresses:
        with step(f"Waiting for {address}"):
            problem = answering.wait_until_it_answers(address, room=room)
        if problem is not None:
            say(f"bin/deploy: uploaded, but not well. {problem}.")
            say("  `bin/wrangler tail` shows the log as it comes; `bin/wrangler rollback` goes back a version.")
            return 1
    print("\n".join(["", "  The chat is running.", "", *(f"    {address}/" for address in addresses), ""]))
    return 0
