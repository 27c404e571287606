"""The check's story: secrets, image, services in their order, an order with its mail, restarts, a back-up restored."""

import json
import re
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests.containers.podman import Failed, Podman
from tests.containers.services import PATIENCE, Services
from tests.containers.stand_ins import make_stand_ins
from worker.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
OURS = "localhost/klyngeflow:local"
PYTHON = "docker.io/library/python:3.12-slim"
NOT_RUN = ("temporal-ui",)
POST = "post"
STAND_INS = {"postgres": "postgres", "temporal": "temporal", "temporal-schema": "temporal"}
MOST_MB = 500
SETTINGS = """\
KLYNGEFLOW_BASE_URL=https://klynge.example.dk
KLYNGEFLOW_MAIL=smtp
KLYNGEFLOW_SMTP_HOST=post
KLYNGEFLOW_SMTP_PORT=1025
KLYNGEFLOW_SMTP_SECURITY=none
"""


def tell(podman: Podman, room: Path, *, keep: bool) -> None:
    """Run everything, a line a step. Raises Failed at the first that does not do what it should."""
    folder = room / "house"
    (folder / "deploy").mkdir(parents=True)
    shutil.copy(ROOT / "docker-compose.yml", folder)
    shutil.copytree(ROOT / "deploy", folder / "deploy", dirs_exist_ok=True)
    (folder / ".env").write_text(SETTINGS)
    port = free_port()
    services = Services(podman, folder, f"klyngeflow-check-{port}", {"KLYNGEFLOW_WEB_PORT": str(port)})
    images = {services.image(name): which for name, which in STAND_INS.items()}
    make_stand_ins(podman, room, {PYTHON: "python", **images})
    said(f"stand-ins: {', '.join(sorted({PYTHON, *images}))}")
    build(podman, room)
    podman.program("sh", str(folder / "deploy" / "make-secrets.sh"), cwd=folder)
    said("secrets made by deploy/make-secrets.sh")
    try:
        services.networks()
        an_unreadable_secret_stops_by_name(services, folder)
        for name in services.names:
            if name not in NOT_RUN:
                services.start(name)
        start_post(podman, services)
        Story(services, port).run()
    finally:
        if not keep:
            services.remove()


def said(line: str) -> None:
    """A step that was done."""
    print(f"ok  {line}", flush=True)


def build(podman: Podman, room: Path) -> None:
    """Our image: its size, and who it runs as."""
    podman.build(OURS, ROOT, "--file", str(ROOT / "Dockerfile"), log=room / "image.log")
    size = int(podman.run("image", "inspect", "--format", "{{.Size}}", OURS)) / 1e6
    base = int(podman.run("image", "inspect", "--format", "{{.Size}}", PYTHON)) / 1e6
    user = podman.run("image", "inspect", "--format", "{{.User}}", OURS).strip()
    if size > MOST_MB or user in ("", "0", "root"):
        msg = f"the image has {size:.0f} MB (at most {MOST_MB}) and runs as '{user}'"
        raise Failed(msg)
    said(f"image built: {size:.0f} MB, {size - base:.0f} of them ours; it runs as uid {user}")


def an_unreadable_secret_stops_by_name(services: Services, folder: Path) -> None:
    """A service whose secret belongs to somebody else ends at once and says which."""
    secret = folder / "secrets" / "pgpassword"
    for owner, mode, content in ((0, 0o400, "x"), (10001, 0o400, "")):
        kept = secret.read_bytes()
        secret.write_text(content)
        shutil.chown(secret, owner)
        secret.chmod(mode)
        try:
            services.once("migrate", "klyngeflow", "migrate")
        except Failed as failed:
            if "The secret pgpassword" not in str(failed):
                raise
            said(str(failed).splitlines()[-1])
        else:
            msg = "a secret that is empty or not to be read did not stop the service"
            raise Failed(msg)
        secret.write_bytes(kept)
        shutil.chown(secret, 10001)


def start_post(podman: Podman, services: Services) -> None:
    """A mail server that prints what it gets: the debugging server of Python 3.11."""
    name, network = services.container(POST), services.container("outside")
    server = ("python", "-u", "-W", "ignore", "-m", "smtpd", "-n", "-c", "DebuggingServer", "0.0.0.0:1025")
    podman.run("run", "--detach", "--name", name, "--network", network, "--network-alias", POST, PYTHON, *server)


class Story:
    """What is done once all run."""

    def __init__(self, services: Services, port: int) -> None:
        self.services = services
        self.address = f"http://127.0.0.1:{port}"
        self.key = ""

    def run(self) -> None:
        """From the first key to the restored back-up."""
        self.until("the web is ready", lambda: self.asked("/readyz") is not None)
        made = self.services.once(
            "web", "klyngeflow", "keys", "make", "kiap-dk", "--scope", "place_orders", "--scope", "read_orders"
        )
        (self.key,) = re.findall(r"\S{30,}", made)[-1:]
        said("a key of the API, made by `klyngeflow keys make`")
        first = self.place("aalborg")
        self.until_mail("aalborg")
        said(f"order {first} placed through the web container; its receipt reached the mail server")
        for name in ("web", "worker", "mail", "webhooks", "temporal", "postgres"):
            self.services.restart(name)
            self.until(f"{name} is back", lambda: self.state_of(first) is not None)
        second = self.place("randers")
        self.until_mail("randers")
        said(f"each container restarted; order {second} placed afterwards, with its mail")
        self.restore(first, second)

    def restore(self, kept: str, lost: str) -> None:
        """A back-up of before a third order comes back by docs/restore.md's commands."""
        backup = self.services.execute("postgres", "pg_dump", "--username=postgres", "--format=plain", "klyngeflow")
        third = self.place("tønder")
        writers = ("web", "worker", "mail", "webhooks")
        for name in writers:
            self.services.stop(name)
        sql = ("psql", "--username=postgres", "--quiet", "--set=ON_ERROR_STOP=1")
        self.services.execute("postgres", *sql, "--command=DROP DATABASE klyngeflow WITH (FORCE)")
        self.services.execute("postgres", *sql, "--command=CREATE DATABASE klyngeflow OWNER klyngeflow")
        self.services.execute("postgres", *sql, "--dbname=klyngeflow", stdin=backup.encode())
        for command in ("migrate", "events verify", "rebuild", "recover --replace --all"):
            self.services.once("worker", "klyngeflow", *command.split())
        for name in writers:
            self.services.start(name)
        self.until("the web is ready again", lambda: self.state_of(kept) is not None)
        if self.state_of(lost) is None or self.state_of(third) is not None:
            msg = "the restored database has other orders than the back-up"
            raise Failed(msg)
        if self.place("tønder") == third:
            msg = "an order that was lost with the database has its old number"
            raise Failed(msg)
        said("back-up restored by docs/restore.md's commands: the orders of before go on, a lost one is placed again")

    def place(self, cluster: str) -> str:
        """Place docs/examples/order.json for this cluster, again until it is taken (docs/api.md). Gives its number."""
        example = (ROOT / "docs" / "examples" / "order.json").read_text()
        order = example.replace("Søndersø", cluster.title()).replace("soenderso", _host(cluster)).encode()
        headers, taken = {"Idempotency-Key": f"compose-check-{_host(cluster)}"}, ""

        def is_taken() -> bool:
            nonlocal taken
            taken = self.asked("/api/v1/orders", order, headers) or ""
            return bool(taken)

        self.until(f"the order of {cluster} is taken", is_taken)
        return str(json.loads(taken)["order"])

    def state_of(self, order: str) -> str | None:
        return self.asked(f"/api/v1/orders/{order}")

    def asked(self, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> str | None:
        """What the web answers; None where it does not, or not well."""
        told = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", **(headers or {})}
        request = urllib.request.Request(f"{self.address}{path}", data=body, headers=told)  # noqa: S310 - our own
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return str(answer.read().decode())
        except (urllib.error.URLError, OSError):
            return None

    def until_mail(self, cluster: str) -> None:
        """Wait for a letter to the cluster's coordinator."""
        letter = re.compile(rf"^b'To: .*laege01@{_host(cluster)}", re.MULTILINE)
        self.until(f"a mail to {cluster}", lambda: letter.search(self.services.logs(POST)) is not None)

    def until(self, what: str, so: Callable[[], bool]) -> None:
        """Wait for it. Raises Failed with what the web and the worker have said."""
        until = time.monotonic() + PATIENCE
        while not so():
            if time.monotonic() > until:
                logs = "\n".join(f"{name}: {self.services.logs(name)[-1500:]}" for name in ("web", "worker", "mail"))
                msg = f"not so after {PATIENCE:.0f} seconds: {what}\n{logs}"
                raise Failed(msg)
            time.sleep(0.5)


def _host(cluster: str) -> str:
    return cluster.replace("ø", "oe")
