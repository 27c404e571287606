"""The one settings model: environment variables `KLYNGEFLOW_…`, or a `.env` file. See `.env.example`."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.by import Capacity
from domain.receiver import Reach
from domain.text import Email, Line, Name, Phone, WebAddress

DATA = Path("data")
DATABASES = ("postgresql+psycopg://", "sqlite:///")
STAFF_ROLES = (Capacity.CONSULTANT.value, Capacity.OPERATIONS.value, Capacity.ADMINISTRATOR.value)
SOURCES = SettingsConfigDict(env_prefix="KLYNGEFLOW_", env_file=".env", extra="ignore")


def roles_by_claim(text: str) -> dict[str, str]:
    """`kiap-drift=operations, kiap-admin=administrator` by the claim's values. Raises ValueError."""
    pairs = [pair.rpartition("=") for pair in text.split(",") if pair.strip()]
    for value, _, role in pairs:
        if not value.strip() or role.strip() not in STAFF_ROLES:
            msg = f"must be pairs like kiap-drift=operations, with one of {', '.join(STAFF_ROLES)} after the sign"
            raise ValueError(msg)
    return {value.strip(): role.strip() for value, _, role in pairs}


class ToldMode(BaseSettings):
    """Which mode the environment or `.env` names, before anything else is read of them; "" where they name none."""

    model_config = SOURCES

    mode: str = ""


class Settings(BaseSettings):
    """Defaults are the embedded stack's. Production must be told its database, keys, mail, Temporal and address."""

    model_config = SOURCES

    mode: Literal["embedded", "production"] = "embedded"
    data: Path = Field(DATA, description="embedded: database, keys, mails and Temporal's file live here")
    database_url: str = Field("", description="SQLAlchemy URL; embedded default: SQLite in `data`")
    master_key_file: Path | None = Field(None, description="32 random bytes; embedded default: made in `data`")
    base_url: str = Field("", description="where doctors reach the pages, https in production")
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=1, le=65535)
    temporal_address: str = Field("127.0.0.1:7233", description="host:port of the Temporal frontend")
    temporal_namespace: str = "default"
    temporal_api_key: SecretStr | None = None
    temporal_tls: bool = False
    mail: Literal["folder", "smtp", "sendgrid"] = "folder"
    mail_folder: Path | None = None
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr | None = None
    sendgrid_api_key: SecretStr | None = None
    office_name: Name = "KiAP"
    office_phone: Phone = "7196 8844"
    office_address: Email = "support@kiap.dk"
    operations_address: Email = "support@kiap.dk"
    logo: Path | None = Field(None, description="a PNG or JPEG file, on the front of decks")
    crisis_corps_phone: Line = Field("", description="PLO's krisekorps, on the page that thanks for an answer")
    crisis_corps_page: WebAddress | Literal[""] = Field("", description="its page on the web")
    controller_name: Line = Field("", description="the data controller, in the privacy notice")
    controller_address: Line = Field("", description="its postal address")
    controller_contact: Line = Field("", description="how doctors reach it about their data: mail, telephone")
    controller_dpo: Line = Field("", description="how they reach its data protection officer")
    controller_legal_basis: Line = Field("", description="on what basis it processes, as it says itself")
    packages: Path | None = Field(None, description="folder of packages; default: the ones that come along")
    backups: Path | None = Field(
        None, description="folder of back-ups, or a file touched by each: how old is the newest"
    )
    webhooks_to_private: bool = Field(False, description="events may go to this machine and private networks too")
    oidc_issuer: WebAddress | Literal[""] = Field("", description="the office's sign-in service, instead of passwords")
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None
    oidc_role_claim: str = "roles"
    oidc_roles: str = Field("", description="value=role, …: which value of the claim gives which role")
    staff: str = Field("", description="who changes something from this terminal: an id or address of `staff list`")
    trusted_proxies: str = Field("127.0.0.1", description="whose word on the caller's address the web takes")

    @field_validator("database_url")
    @classmethod
    def _is_one_of_ours(cls, url: str) -> str:
        if url and not url.startswith(DATABASES):
            msg = f"must begin with {' or '.join(DATABASES)}"
            raise ValueError(msg)
        return url

    @field_validator("oidc_roles")
    @classmethod
    def _names_roles(cls, text: str) -> str:
        roles_by_claim(text)
        return text

    @model_validator(mode="after")
    def _sign_in_service_is_told_whole(self) -> Self:
        given = {
            "OIDC_CLIENT_ID": self.oidc_client_id,
            "OIDC_CLIENT_SECRET": self.oidc_client_secret,
            "OIDC_ROLES": self.oidc_roles,
        }
        if self.oidc_issuer and (lacking := [f"KLYNGEFLOW_{name}" for name, value in given.items() if not value]):
            msg = f"signing in at {self.oidc_issuer} needs {', '.join(lacking)}"
            raise ValueError(msg)
        if self.mode == "production" and self.oidc_issuer.startswith("http://"):
            msg = "production mode needs KLYNGEFLOW_OIDC_ISSUER to begin with https://"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _production_says_it_all(self) -> Self:
        if self.mode == "production" and (wrong := self._missing() or self._unfit()):
            msg = f"production mode needs {wrong}"
            raise ValueError(msg)
        return self

    def _missing(self) -> str:
        given = self.model_fields_set
        needed = {
            "database_url": self.database_url,
            "master_key_file": self.master_key_file,
            "base_url": self.base_url,
            "temporal_address": self.temporal_address if "temporal_address" in given else "",
            "mail": "mail" in given,
            "sendgrid_api_key": self.sendgrid_api_key or self.mail != "sendgrid",
            "smtp_host": self.smtp_host or self.mail != "smtp",
        }
        return ", ".join(f"KLYNGEFLOW_{name.upper()}" for name, value in needed.items() if not value)

    def _unfit(self) -> str:
        """The first setting that may do on one's own machine only."""
        if self.mail == "folder":
            return "KLYNGEFLOW_MAIL to be smtp or sendgrid: nobody gets what is put into a folder"
        if not self.base_url.startswith("https://"):
            return "KLYNGEFLOW_BASE_URL to begin with https://"
        return ""

    @property
    def unsaid(self) -> str:
        """In production: one line on what the privacy notice lacks; empty where it lacks nothing."""
        said = {
            "NAME": self.controller_name,
            "ADDRESS": self.controller_address,
            "CONTACT": self.controller_contact,
            "DPO": self.controller_dpo,
            "LEGAL_BASIS": self.controller_legal_basis,
        }
        lacking = [f"KLYNGEFLOW_CONTROLLER_{name}" for name, value in said.items() if not value]
        if self.mode != "production" or not lacking:
            return ""
        return f"The privacy notice (/privatliv) is not complete: set {', '.join(lacking)}."

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data / 'klyngeflow.db'}"

    @property
    def url(self) -> str:
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def reach(self) -> Reach:
        """Where events may be sent."""
        return Reach(plain_http=self.mode == "embedded", private=self.webhooks_to_private)

    @property
    def mails(self) -> Path:
        return self.mail_folder or self.data / "mails"
