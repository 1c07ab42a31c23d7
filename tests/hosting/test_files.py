"""Image and compose files: their form, and that nothing in them runs with more rights than it needs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from tests.hosting.compose import BASE, OVERLAYS, ROOT, services

VARIABLES = {
    "BACKUPWEB_URL": "https://backup.example.org",
    "BACKUPWEB_VAULT_URL": "https://vault.example.org:8443",
    "BACKUPWEB_STORE_KEY": "key",
    "BACKUPWEB_STORE_SECRET": "secret",
    "POSTGRES_PASSWORD": "password",
    "STORE_URL": "https://packs.example.org",
    "RCLONE_REMOTE": "drive:Backupweb",
}
TOGETHER = [
    (),
    ("caddy",),
    ("postgres",),
    ("caddy", "postgres", "redis"),
    ("caddy", "seaweedfs"),
    ("caddy", "seaweedfs", "direct"),
    ("rclone",),
    ("site-of-vault",),
]
ALL = sorted(OVERLAYS.glob("*.yaml"))


def stages() -> list[str]:
    return re.split(r"(?m)^(?=FROM )", (ROOT / "Dockerfile").read_text())[1:]


def test_the_dockerfile_is_well_formed() -> None:
    linter = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([linter, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_what_runs_is_nobody_and_can_neither_build_nor_install() -> None:
    last = stages()[-1]
    assert re.search(r"^USER (\d+):(\d+)$", last, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK ", last, re.MULTILINE)
    assert "pip uninstall" in last
    assert not re.search(r"apt-get|npm|gcc|build-essential", last)
    # The program belongs to root, and /data alone to the one who runs.
    assert "--chown" not in last


def test_no_secret_and_no_data_goes_to_the_engine() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in ignored
    admitted = {line[1:] for line in ignored if line.startswith("!")}
    assert not admitted & {".env", "var", ".git", "."}
    copied = {
        place
        for line in re.findall(r"^COPY (?!--from)(.+)$", "\n".join(stages()[:-1]), re.MULTILINE)
        for place in line.split()[:-1]
    }
    assert copied <= admitted | {".", "frontend"}
    for place in admitted:
        assert (ROOT / place).exists(), place


def test_the_images_python_is_one_that_every_pinned_package_has_a_wheel_for() -> None:
    (version,) = re.findall(r"^ARG PYTHON=(.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert version in {"3.12", "3.13", "3.14"}  # Django 5.2 knows these
    assert f"Python {version}" in (ROOT / "docs" / "hosting.md").read_text()


def compose_command() -> list[str] | None:
    """`docker compose` or its predecessor, whichever is there; neither needs an engine to check files."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if (
            shutil.which(command[0])
            and not subprocess.run([*command, "version"], capture_output=True, check=False).returncode
        ):
            return command
    return None


@pytest.mark.parametrize("overlays", [*TOGETHER, ("vault",)], ids="+".join)
def test_compose_takes_them(overlays: tuple[str, ...], tmp_path: Path) -> None:
    command = compose_command()
    if command is None:
        pytest.skip("neither `docker compose` nor docker-compose is here")
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in VARIABLES.items()))
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    shutil.copy(BASE, tmp_path)
    files = [OVERLAYS / "vault.yaml"] if overlays == ("vault",) else [BASE, *(OVERLAYS / f"{o}.yaml" for o in overlays)]
    told = [word for file in files for word in ("--file", tmp_path / file.relative_to(ROOT))]
    done = subprocess.run(
        [*command, *told, "--project-directory", tmp_path, "config", "--quiet"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", [BASE, *ALL], ids=lambda path: path.stem)
def test_every_container_is_confined(path: Path) -> None:
    from tests.hosting.compose import filled_in  # noqa: PLC0415

    for name, service in yaml.safe_load(filled_in(path.read_text(), VARIABLES))["services"].items():
        if "image" not in service:  # laid over one that is checked where it is defined
            assert name in {"site", "caddy"}
            continue
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service, name
        assert "docker.sock" not in json.dumps(service), name
        assert service["image"] == "backupweb" or re.fullmatch(r"docker\.io/.+:[0-9][0-9.]*", service["image"]), name


@pytest.mark.parametrize("overlays", TOGETHER, ids="+".join)
def test_only_the_proxy_can_be_reached_from_outside(overlays: tuple[str, ...]) -> None:
    for name, service in services(*overlays, variables=VARIABLES).items():
        for port in service.get("ports", []):
            assert name == "caddy" or port.startswith("127.0.0.1:"), (name, port)


@pytest.mark.parametrize("overlays", TOGETHER, ids="+".join)
def test_what_they_set_are_settings(overlays: tuple[str, ...]) -> None:
    site: dict[str, Any] = services(*overlays, variables=VARIABLES)["site"]
    assert set(site["environment"]) <= settings.ENV.known


def test_overlays_are_all_described() -> None:
    text = (ROOT / "docs" / "hosting.md").read_text()
    for path in ALL:
        assert f"`{path.name}`" in text, path.name
        assert path.stem in {name for overlays in TOGETHER for name in overlays} | {"vault"}


@pytest.mark.parametrize("path", sorted((ROOT / "deploy").rglob("*.service")), ids=lambda path: path.name)
def test_units_are_confined_too(path: Path) -> None:
    text = path.read_text()
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077", "LimitCORE=0"):
        assert line in text, line
    assert re.search(r"^User=backupweb", text, re.MULTILINE)


def test_a_filled_in_env_is_complete_and_starts(tmp_path: Path) -> None:
    command = [str(ROOT / "deploy" / "env.sh"), "https://backup.example.org", "chef", "chef@example.org", str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    values = dict(line.split("=", 1) for line in said.splitlines() if re.match("[A-Z]", line))
    assert set(values) == settings.ENV.known
    other = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert values["BACKUPWEB_SECRET_KEY"] not in other
    assert values["BACKUPWEB_ADMIN_PASSWORD"] not in other
    done = subprocess.run(
        [sys.executable, "manage.py", "setup"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **values},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "chef was made" in done.stdout, done.stderr
    insecure = subprocess.run([command[0], "http://x"], capture_output=True, text=True, check=False)
    assert insecure.returncode != 0


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_units_are_well_formed() -> None:
    units = [str(path) for path in (ROOT / "deploy").rglob("*") if path.suffix in {".service", ".timer"}]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    wrong = [line for line in done.stderr.splitlines() if "/opt/backupweb" not in line and "/dist-packages" not in line]
    assert [line for line in wrong if "backupweb" in line] == []
