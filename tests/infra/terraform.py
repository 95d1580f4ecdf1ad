"""Terraform over a copy of a folder: its provider from a folder of this machine, else from where Terraform finds it.

Knows nothing of what is described there.
"""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HINT = "no registry of packages has it: https://developer.hashicorp.com/terraform/install"
CONFIGURATION = "disable_checkpoint = true\n"
MIRROR = 'provider_installation {{\n  filesystem_mirror {{\n    path = "{folder}"\n  }}\n}}\n'
EMULATOR_OVERRIDE = """\
provider "aws" {{
  access_key                  = "local"
  secret_key                  = "local"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true

  endpoints {{
    sqs        = "{endpoint}"
    sns        = "{endpoint}"
    iam        = "{endpoint}"
    cloudwatch = "{endpoint}"
  }}
}}
"""


def find_plugins() -> Path | None:
    """A folder laid out as Terraform's filesystem mirrors are: as TERRAFORM_PLUGINS says, else one below /opt."""
    named = os.environ.get("TERRAFORM_PLUGINS")
    if named:
        return Path(named)
    return next((found.parent for found in sorted(Path("/opt").glob("*/registry.terraform.io"))), None)


def find_terraform() -> str:
    found = shutil.which("terraform")
    if found is None:
        pytest.skip(f"no Terraform: {HINT}")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Terraform:
    folder: Path

    def run(self, *arguments: str, expected: tuple[int, ...] = (0,)) -> str:
        done = self._run(*arguments)
        assert done.returncode in expected, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    def start(self) -> "Terraform":
        """Get the provider; a machine that has none and cannot fetch one skips."""
        done = self._run("init", "-input=false")
        if "Failed to query available provider packages" in done.stderr:
            pytest.skip("no AWS provider: let TERRAFORM_PLUGINS name a folder that mirrors it")
        assert done.returncode == 0, done.stderr[-3000:]
        return self

    def outputs(self) -> dict[str, Any]:
        return {name: output["value"] for name, output in json.loads(self.run("output", "-json")).items()}

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        configuration = self.folder.parent / "terraformrc"
        plugins = find_plugins()
        text = CONFIGURATION + (MIRROR.format(folder=plugins) if plugins else "")
        configuration.write_text(text, encoding="utf-8")
        command, *more = arguments
        return subprocess.run(
            (find_terraform(), command, "-no-color", *more),
            cwd=self.folder,
            env={**os.environ, "TF_CLI_CONFIG_FILE": str(configuration), "TF_IN_AUTOMATION": "1"},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )


def lay(source: Path, folder: Path) -> Terraform:
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    return Terraform(folder=folder)


def lay_for_emulator(source: Path, folder: Path, endpoint: str, **values: object) -> Terraform:
    """The same with its provider pointed at a server of the tests; `values` replace those of terraform.tfvars.json."""
    laid = lay(source, folder)
    (folder / "emulator_override.tf").write_text(EMULATOR_OVERRIDE.format(endpoint=endpoint), encoding="utf-8")
    (folder / "test.auto.tfvars.json").write_text(json.dumps(values), encoding="utf-8")
    return laid.start()
