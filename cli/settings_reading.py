"""The settings as a command gets them: read, or refused in one line that says which is wrong."""

from collections.abc import Callable
from typing import TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from cli.ending import Refusal
from domain.unfit import Unfit
from worker.settings import Settings, ToldMode

Read = TypeVar("Read", bound=BaseSettings)


def settings_or_refusal(made: Callable[[], Settings] = Settings) -> Settings:
    """The settings; Refusal names the variables that are wrong or missing, and never shows what they hold."""
    try:
        return _read(made)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = str(first["loc"][0]).upper() if first["loc"] else ""
        unfit = first.get("ctx", {}).get("error")
        message = unfit.english if isinstance(unfit, Unfit) else str(first["msg"]).removeprefix("Value error, ")
        raise Refusal(f"KLYNGEFLOW_{where}: {message}" if where else message) from None


def told_mode() -> str:
    """The mode that the environment or `.env` names, whatever else they name; "" where they name none."""
    return _read(ToldMode).mode


def told_settings() -> Settings:
    """The settings of a part that runs by itself. A forgotten mode would make it a database and a key of its own."""
    settings = settings_or_refusal()
    if "mode" not in settings.model_fields_set:
        raise Refusal("set KLYNGEFLOW_MODE to production (or embedded); `klyngeflow up` runs everything by itself")
    return settings


def _read(made: Callable[[], Read]) -> Read:
    """Refusal where the file `.env` cannot be read as text."""
    try:
        return made()
    except UnicodeDecodeError:
        raise Refusal("the file '.env' here is not UTF-8: save it as UTF-8") from None
    except OSError as error:
        raise Refusal(f"the file '.env' here cannot be read: {error.strerror}") from None
