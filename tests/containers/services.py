"""docker-compose.yml's services, each as the `podman run` it comes to: networks, secrets, volumes, limits, waiting."""

import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.containers.podman import Failed, Podman

PATIENCE = 180.0
_VARIABLE = re.compile(r"\$(?:\$|\{(\w+)(?::-([^}]*))?\})")


class Services:
    """The services of a compose file, under a project's name.

    `variables` fill in the file's `${…}`. Their containers, networks and volumes are named PROJECT_NAME.
    """

    def __init__(self, podman: Podman, folder: Path, project: str, variables: Mapping[str, str]) -> None:
        text = (folder / "docker-compose.yml").read_text()
        file: dict[str, Any] = yaml.safe_load(_VARIABLE.sub(lambda found: _filled(found, variables), text))
        self._podman, self._folder, self._project, self._file = podman, folder, project, file
        self.names = tuple(self._in_order(file["services"]))

    def image(self, name: str) -> str:
        """The image of a service, as podman names it."""
        return full_name(str(self._file["services"][name]["image"]))

    def container(self, name: str) -> str:
        return f"{self._project}_{name}"

    def networks(self) -> None:
        """Make the networks and volumes."""
        for name, how in self._file["networks"].items():
            inside = ["--internal"] if how and how.get("internal") else []
            self._podman.run("network", "create", *inside, self.container(name))
        for name in self._file["volumes"]:
            self._podman.run("volume", "create", self.container(name))

    def start(self, name: str) -> None:
        """Start a service once those it waits for are ready. Raises Failed."""
        service = self._file["services"][name]
        for other, how in service.get("depends_on", {}).items():
            self.wait(other, how["condition"])
        self._podman.run("run", "--detach", *self.arguments(name), *service.get("command", []))

    def once(self, name: str, *command: str) -> str:
        """What `docker compose run --rm NAME COMMAND…` prints. Raises Failed."""
        return self._podman.run("run", "--rm", *self.arguments(name, once=True), *command)

    def arguments(self, name: str, *, once: bool = False) -> list[str]:
        """All of a service but its command."""
        service = self._file["services"][name]
        given: list[str] = [] if once else ["--name", self.container(name), "--network-alias", name]
        given += ["--network", ",".join(self.container(each) for each in service["networks"])]
        if "env_file" in service:
            given += ["--env-file", str(self._folder / service["env_file"])]
        for key, value in service.get("environment", {}).items():
            given += ["--env", f"{key}={value}"]
        for secret in service.get("secrets", []):
            given += ["--volume", f"{self._folder / self._file['secrets'][secret]['file']}:/run/secrets/{secret}:ro"]
        for mount in service.get("volumes", []):
            source, rest = mount.split(":", 1)
            found = self._folder / source if source.startswith(".") else self.container(source)
            given += ["--volume", f"{found}:{rest}"]
        given += ["--read-only"] if service.get("read_only") else []
        for option, flag in (("tmpfs", "--tmpfs"), ("cap_drop", "--cap-drop"), ("security_opt", "--security-opt")):
            for value in service.get(option, []):
                given += [flag, value]
        if not once:
            given += ["--restart", service["restart"]]
            for port in service.get("ports", []):
                given += ["--publish", port]
        if "entrypoint" in service:
            first, *others = service["entrypoint"]
            return [*given, "--entrypoint", first, self.image(name), *others]
        return [*given, self.image(name)]

    def wait(self, name: str, condition: str) -> None:
        """Wait until a service is healthy, or has ended well. Raises Failed after a while."""
        container, until = self.container(name), time.monotonic() + PATIENCE
        check = self._file["services"][name].get("healthcheck", {}).get("test", [])
        while time.monotonic() < until:
            if condition == "service_completed_successfully":
                state, code = self._state(container)
                if (state, code) == ("exited", 0):
                    return
            elif self._podman.succeeds("exec", container, *check[1:]):
                return
            time.sleep(0.5)
        msg = f"{name} is not {condition.removeprefix('service_')} after {PATIENCE:.0f} seconds:\n{self.logs(name)}"
        raise Failed(msg)

    def _state(self, container: str) -> tuple[str, int]:
        told = self._podman.run("inspect", "--format", "{{.State.Status}} {{.State.ExitCode}}", container)
        state, code = told.split()
        return state, int(code)

    def execute(self, name: str, *command: str, stdin: bytes | None = None) -> str:
        """What a command prints in a service's container. Raises Failed."""
        return self._podman.run("exec", "--interactive", self.container(name), *command, stdin=stdin)

    def restart(self, name: str) -> None:
        self._podman.run("restart", "--time", "20", self.container(name))

    def stop(self, name: str) -> None:
        self._podman.run("rm", "--force", "--time", "20", self.container(name))

    def logs(self, name: str) -> str:
        """All that a service has said, errors too."""
        return self._podman.program("sh", "-c", 'podman logs "$0" 2>&1', self.container(name))

    def remove(self) -> None:
        """Take everything of the project away."""
        for name in self._podman.run("ps", "--all", "--format", "{{.Names}}").split():
            if name.startswith(f"{self._project}_"):
                # One that is just being started again by its policy can't be removed at the first try.
                next((True for _ in range(3) if self._podman.succeeds("rm", "--force", "--time", "5", name)), False)
        for kind in ("network", "volume"):
            for name in self._podman.run(kind, "ls", "--format", "{{.Name}}").split():
                if name.startswith(f"{self._project}_"):
                    self._podman.run(kind, "rm", "--force", name)

    @staticmethod
    def _in_order(services: Mapping[str, Any]) -> Iterator[str]:
        """Each after those it waits for."""
        left = dict(services)
        while left:
            ready = [name for name, service in left.items() if not set(service.get("depends_on", {})) & set(left)]
            for name in ready:
                yield name
                del left[name]


def full_name(image: str) -> str:
    """An image by its whole name, as podman has it: ours is of this machine."""
    if image.startswith("klyngeflow:"):
        return f"localhost/{image}"
    return f"docker.io/{image}" if "/" in image else f"docker.io/library/{image}"


def _filled(found: re.Match[str], variables: Mapping[str, str]) -> str:
    return variables.get(found[1], found[2] or "") if found[1] else "$"
