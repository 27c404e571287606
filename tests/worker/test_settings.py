"""What production must be told, and what it refuses to run with."""

from typing import Any

import pytest
from pydantic import ValidationError

from worker.settings import Settings, roles_by_claim

WHOLE: dict[str, Any] = {
    "mode": "production",
    "database_url": "postgresql+psycopg://klyngeflow@database/klyngeflow",
    "master_key_file": "/run/secrets/master_key",
    "base_url": "https://klynge.example.dk",
    "temporal_address": "temporal:7233",
    "mail": "smtp",
    "smtp_host": "post.example.dk",
}


@pytest.fixture(autouse=True)
def _nothing_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KLYNGEFLOW_{name.upper()}", raising=False)


def made(**settings: Any) -> Settings:
    return Settings(_env_file=None, **settings)


def refusal(**settings: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        made(**settings)
    return str(refused.value.errors()[0]["msg"])


def test_production_runs_with_what_it_needs() -> None:
    assert made(**WHOLE).url == "https://klynge.example.dk"


@pytest.mark.parametrize("name", sorted(WHOLE.keys() - {"mode"}))
def test_production_has_a_default_for_nothing_it_stands_on(name: str) -> None:
    rest = {other: value for other, value in WHOLE.items() if other != name}
    assert refusal(**rest) == f"Value error, production mode needs KLYNGEFLOW_{name.upper()}"


@pytest.mark.parametrize(
    ("unfit", "said"),
    [
        ({"mail": "folder"}, "KLYNGEFLOW_MAIL to be smtp or sendgrid"),
        ({"mail": "sendgrid"}, "KLYNGEFLOW_SENDGRID_API_KEY"),
        ({"base_url": "http://klynge.example.dk"}, "KLYNGEFLOW_BASE_URL to begin with https://"),
        ({"temporal_address": ""}, "KLYNGEFLOW_TEMPORAL_ADDRESS"),
    ],
)
def test_production_refuses_what_does_on_ones_own_machine_only(unfit: dict[str, Any], said: str) -> None:
    assert said in refusal(**WHOLE | unfit)
    assert made(**WHOLE | unfit | {"mode": "embedded"})


def test_no_password_is_told_in_a_refusal() -> None:
    secrets = {"smtp_password": "hemmelig-1", "sendgrid_api_key": "hemmelig-2", "temporal_api_key": "hemmelig-3"}
    assert "hemmelig" not in refusal(**WHOLE | secrets | {"base_url": ""})


SERVICE = {
    "oidc_issuer": "https://login.example.dk",
    "oidc_client_id": "klyngeflow",
    "oidc_client_secret": "hemmelig",
    "oidc_roles": "kiap-drift=operations, kiap-admin = administrator",
}


def test_a_sign_in_service_is_told_whole_or_not_at_all() -> None:
    assert made(**SERVICE).oidc_role_claim == "roles"
    for name in ("oidc_client_id", "oidc_client_secret", "oidc_roles"):
        lacking = {key: value for key, value in SERVICE.items() if key != name}
        said = f"signing in at https://login.example.dk needs KLYNGEFLOW_{name.upper()}"
        assert refusal(**lacking) == f"Value error, {said}"


def test_production_trusts_no_sign_in_service_without_tls() -> None:
    told = SERVICE | {"oidc_issuer": "http://login.example.dk"}
    assert "KLYNGEFLOW_OIDC_ISSUER to begin with https://" in refusal(**WHOLE, **told)
    assert made(**told).oidc_issuer == "http://login.example.dk"
    assert "https://" in refusal(oidc_issuer="login.example.dk")


def test_values_of_the_claim_are_read_by_their_roles() -> None:
    assert roles_by_claim(SERVICE["oidc_roles"]) == {"kiap-drift": "operations", "kiap-admin": "administrator"}
    assert roles_by_claim("a=b=consultant,") == {"a=b": "consultant"}
    for wrong in ("kiap-drift", "kiap-drift=chef", "=operations", "kiap-drift:operations"):
        assert "must be pairs like kiap-drift=operations" in refusal(oidc_roles=wrong)


def test_production_says_in_a_line_what_the_privacy_notice_lacks_and_nothing_when_it_is_whole() -> None:
    said = made(**WHOLE).unsaid
    assert said.startswith("The privacy notice (/privatliv) is not complete: set KLYNGEFLOW_CONTROLLER_NAME, ")
    assert "\n" not in said
    whole = {name: "Så er det sagt" for name in Settings.model_fields if name.startswith("controller_")}
    assert made(**WHOLE, **whole).unsaid == ""
    assert made(**WHOLE, **(whole | {"controller_dpo": ""})).unsaid.endswith("set KLYNGEFLOW_CONTROLLER_DPO.")
    assert made().unsaid == "", "on one's own machine nobody is asked"
