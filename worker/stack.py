"""The parts put together from the settings: database, keys, packages, mail, Temporal client."""

import datetime as dt
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from temporalio.client import Client

from activities.dependencies import Dependencies, Office
from domain.by import Scope
from domain.help import CrisisCorps
from domain.offers import Offers
from domain.package import Package
from mail.folder_sender import FolderSender
from mail.sendgrid_sender import SendGridSender
from mail.sending import Sender
from mail.smtp_sender import SmtpSender, SmtpServer
from reporting.deck_check import deck_problems
from reporting.logo import Logo, LogoError, read_logo
from storage.account_links import make_link
from storage.accounts import can_anybody_sign_in
from storage.api_keys import api_keys, holder_of, make_key
from storage.database import Database
from storage.event_store import EventStore
from storage.keys import Keys
from storage.migrate import is_current, migrate
from storage.offers import read_offers
from storage.package_repository import keep_all
from storage.packages import PACKAGES, packages_in
from worker.codec import data_converter
from worker.data_folder import make_data_folder
from worker.settings import Settings


class NotReady(Exception):  # noqa: N818 - a finding, named as one
    """Something the system needs is missing; the message says what, and how to fix it."""


@dataclass(frozen=True)
class Stack:
    """Everything but the Temporal client."""

    settings: Settings
    database: Database
    store: EventStore
    keys: Keys
    dependencies: Dependencies
    packages: Sequence[Package]
    offers: Offers

    def close(self) -> None:
        self.database.close()


def open_stack(settings: Settings, *, migrating: bool | None = None) -> Stack:
    """Open what the settings name. The embedded stack makes what it lacks; production is told what is missing.

    Raises NotReady, PackageError, PackageChanged.
    """
    embedded = settings.mode == "embedded"
    if embedded:
        make_data_folder(settings.data)
    database = Database(settings.database)
    if migrating if migrating is not None else embedded:
        migrate(database)
    elif database.missing:
        raise NotReady(f"there is no database '{database.missing}': make it with `klyngeflow migrate`")
    elif not is_current(database):
        raise NotReady("the database is not at this version: run `klyngeflow migrate`")
    packages = list(packages_in(deck_problems, settings.packages or PACKAGES).values())
    keep_all(database, packages)
    offers = read_offers(settings.packages or PACKAGES)
    store, keys = EventStore(database), Keys(_master_key(settings))
    office = Office(
        name=settings.office_name,
        phone=settings.office_phone,
        address=settings.office_address,
        operations=settings.operations_address,
    )
    corps = CrisisCorps(settings.crisis_corps_phone, settings.crisis_corps_page)
    dependencies = Dependencies(
        database, store, keys, _sender(settings), settings.url, office, settings.reach, corps, _logo(settings)
    )
    if embedded and is_current(database):
        _keep_terminal_key(settings, database)
    return Stack(settings, database, store, keys, dependencies, packages, offers)


def _logo(settings: Settings) -> Logo | None:
    """The office's logo where one is named. Raises NotReady."""
    try:
        return read_logo(settings.logo, settings.office_name) if settings.logo else None
    except LogoError as error:
        msg = f"KLYNGEFLOW_LOGO: {error}"
        raise NotReady(msg) from None


def _master_key(settings: Settings) -> bytes:
    file = settings.master_key_file or settings.data / "master.key"
    if not file.exists():
        if settings.mode == "production":
            raise NotReady(f"the master key file {file} does not exist")
        _write_secret(file, secrets.token_bytes(32))
    return file.read_bytes()


def _keep_terminal_key(settings: Settings, database: Database) -> None:
    """An API key of this machine's own, for `klyngeflow orders do`, made where it lacks."""
    file = terminal_key_file(settings)
    with database.write() as connection:
        if file.exists() and holder_of(connection, file.read_text().strip()):
            return
        file.unlink(missing_ok=True)
        taken = {key.name for key in api_keys(connection)}
        name = next(name for number in count(1) if (name := f"terminal-{number}") not in taken)
        _write_secret(file, make_key(connection, name, Scope, dt.datetime.now(dt.UTC)).encode())


def terminal_key_file(settings: Settings) -> Path:
    """Where the embedded stack's own API key is."""
    return settings.data / "terminal.key"


def first_link(stack: Stack) -> str:
    """While nobody can sign in: where the first one does, and is administrator. A new link each time; "" after that."""
    if stack.settings.oidc_issuer:
        return ""
    with stack.database.write() as connection:
        if can_anybody_sign_in(connection):
            return ""
        token = make_link(connection, None, dt.datetime.now(dt.UTC))
    return f"{stack.settings.url}/drift/velkommen/{token}"


def _write_secret(file: Path, content: bytes) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as secret:
        secret.write(content)


def _sender(settings: Settings) -> Sender:
    if settings.mail == "smtp":
        password = settings.smtp_password.get_secret_value() if settings.smtp_password else ""
        server = SmtpServer(
            settings.smtp_host, settings.smtp_port, settings.smtp_security, settings.smtp_user, password
        )
        return SmtpSender(server)
    if settings.mail == "sendgrid":
        if settings.sendgrid_api_key is None:
            raise NotReady("mail by SendGrid needs KLYNGEFLOW_SENDGRID_API_KEY")
        return SendGridSender(settings.sendgrid_api_key.get_secret_value())
    folder = FolderSender(settings.mails)
    try:
        folder.clear_unfinished()
    except OSError as error:
        raise NotReady(f"the mail folder {settings.mails} can't be used: {error.strerror}") from None
    return folder


async def connect(settings: Settings, keys: Keys, *, lazily: bool = False) -> Client:
    """The Temporal client with our encryption. Raises RuntimeError where nobody answers; lazily, once it is used."""
    api_key = settings.temporal_api_key.get_secret_value() if settings.temporal_api_key else None
    return await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        data_converter=data_converter(keys.codec_key),
        api_key=api_key,
        tls=settings.temporal_tls or api_key is not None,
        lazy=lazily,
    )
