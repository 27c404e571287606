"""What PostgreSQL says of an outage that no test can bring about, by its SQLSTATE."""

import pytest
from psycopg import errors
from sqlalchemy.exc import DBAPIError

from storage.driver_errors import outage_of, outages_told
from storage.outage import DatabaseUnavailable, Outage

SECRET = "anna@skovby.example"


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (errors.DiskFull, Outage.FULL),
        (errors.OutOfMemory, Outage.FULL),
        (errors.TooManyConnections, Outage.BUSY),
        (errors.SerializationFailure, Outage.BUSY),
        (errors.DeadlockDetected, Outage.BUSY),
        (errors.LockNotAvailable, Outage.BUSY),
        (errors.QueryCanceled, Outage.BUSY),
        (errors.ReadOnlySqlTransaction, Outage.OUT_OF_REACH),
        (errors.CannotConnectNow, Outage.OUT_OF_REACH),
        (errors.InvalidPassword, Outage.OUT_OF_REACH),
        (errors.IoError, Outage.OUT_OF_REACH),
        (errors.DataCorrupted, Outage.OUT_OF_REACH),
        (errors.UniqueViolation, None),
        (errors.UndefinedTable, None),
        (errors.NumericValueOutOfRange, None),
    ],
)
def test_a_sqlstate_is_an_outage_or_a_wrong_statement(error: type[errors.Error], outage: Outage | None) -> None:
    assert outage_of(error(SECRET)) is outage
    assert outage_of(DBAPIError("INSERT", {"email": SECRET}, error(SECRET))) is outage


def test_what_the_server_quotes_is_not_told_on() -> None:
    with pytest.raises(DatabaseUnavailable) as told, outages_told():
        raise errors.DiskFull(f"could not extend file: {SECRET}")
    assert str(told.value) == "the database is full: DiskFull 53100"
