"""TypeScript's row: node_modules and the compiled code from the cache, each keyed by what it is made from."""

import shutil
import subprocess
from pathlib import Path

from tests.brokers.cache import built_once, key_of
from tests.starters.language import TASKS, Handler, Language

_RECORDING = """\
/** Records what it has done, in a file that outlives the process. */
import {{ appendFileSync }} from "node:fs";
import {{ setTimeout as sleep }} from "node:timers/promises";
import type {{ Message }} from "./message.js";

class ValueError extends Error {{
  override name = "ValueError";
}}

export async function handle(message: Message): Promise<void> {{
  if (message.{content} === "poison") throw new ValueError("cannot be done");
  await sleep(Number(process.env["HANDLER_SECONDS"] ?? 0) * 1_000);
  const line = {{ group: message.{group} ?? null, content: message.{content}, pid: process.pid }};
  appendFileSync("handled.jsonl", `${{JSON.stringify(line)}}\\n`);
}}
"""
_HANDLER = "src/handler.ts"
_NODE = "Node.js 20.19 or newer (nodejs.org, or Debian's backports: apt-get install nodejs npm)"


def _attach_modules_and_code(starter: str, folder: Path) -> None:
    lock = folder / "package-lock.json"
    modules = built_once(key_of(starter, lock), lambda place: _install(place, folder)) / "node_modules"
    (modules / "installed").touch()  # make would install once more if the lock looked newer
    (folder / "node_modules").symlink_to(modules)
    sources = sorted((*folder.glob("src/*.ts"), *folder.glob("test/*.ts")))
    key = key_of(f"{starter}-code", lock, folder / "tsconfig.json", *sources)
    shutil.copytree(built_once(key, lambda place: _compile(place, folder)), folder / "dist")
    (folder / "dist" / "built").touch()


def _install(place: Path, folder: Path) -> None:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(folder / name, place)
    subprocess.run(("npm", "ci", "--silent"), cwd=place, check=True, timeout=300)


def _compile(place: Path, folder: Path) -> None:
    command = ("node_modules/.bin/tsc", "--outDir", str(place), "--tsBuildInfoFile", str(place / ".tsbuildinfo"))
    subprocess.run(command, cwd=folder, check=True, timeout=300)


_BRIDGED = ("consume", "reachable")


def _commands(*tasks: str) -> dict[str, tuple[str, ...]]:
    return {task: ("node", "--enable-source-maps", "dist/src/main.js", task) for task in tasks}


TYPESCRIPT = Language(
    tools={"node": _NODE, "npm": _NODE},
    handlers={
        "kafka": Handler(path=_HANDLER, source=_RECORDING.format(content="value", group="key")),
        "sqs": Handler(path=_HANDLER, source=_RECORDING.format(content="body", group="group")),
    },
    set_up=_attach_modules_and_code,
    commands={"kafka": _commands(*TASKS), "sqs": _commands(*TASKS), "bridge": _commands(*_BRIDGED)},
    environment={},
)
