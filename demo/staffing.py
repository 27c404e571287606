"""What a simulation comes to: a row a day, and each quarter's means and busiest days, as KiAP would staff for."""

import datetime as dt

import pandas as pd

from demo.tally import Tally, What
from domain.calendar import add_months


def days_of(tally: Tally, begins: dt.date, years: int) -> pd.DataFrame:
    """A row for each day, a column for each `What`, and `open`: the orders in progress at its end."""
    index = pd.date_range(begins, add_months(begins, 12 * years), inclusive="left", name="day")
    columns = {what.value: [tally.counts[what, day.date()] for day in index] for what in What}
    days = pd.DataFrame(columns, index=index)
    return days.assign(open=(days["placed"] - days["ended"]).cumsum())


def quarters_of(days: pd.DataFrame) -> pd.DataFrame:
    """A row a quarter: sums, and the mean and the most of a day's mails and of a week's calls and decks."""
    by_day = days.resample("QS")
    # A week belongs to the quarter that its Monday is in; one that began before the first day is left out.
    weeks = days[["calls", "decks"]].resample("W-MON", label="left", closed="left").sum()
    by_week = weeks[weeks.index >= days.index[0]].resample("QS")
    return pd.DataFrame({
        "placed": by_day["placed"].sum(),
        "open": by_day["open"].last(),
        "mails_a_day": by_day["mails"].mean(),
        "most_mails_a_day": by_day["mails"].max(),
        "calls_a_week": by_week["calls"].mean(),
        "most_calls_a_week": by_week["calls"].max(),
        "decks_a_week": by_week["decks"].mean(),
        "most_decks_a_week": by_week["decks"].max(),
        "too_few": by_day["too_few"].sum(),
    })  # fmt: skip
