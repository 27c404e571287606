"""Settings of a demonstration's own: it takes no other database or key, and its letters reach nobody."""

from pathlib import Path

from worker.settings import Settings


def of_its_own(data: Path, port: int) -> Settings:
    """Whatever the environment names: all it keeps is in this folder, and nobody signs in anywhere else."""
    return Settings(
        mode="embedded",
        data=data,
        database_url="",
        master_key_file=None,
        host="127.0.0.1",
        port=port,
        base_url=f"http://127.0.0.1:{port}",
        mail="folder",
        mail_folder=None,
        oidc_issuer="",
    )
