"""Working days (工作日): with the State Council's shifted ones where the year is known, else provisional.

Known years come from `chinesecalendar`: from 2004 to the last published arrangement. In others a working day is
a weekday that is no holiday on a fixed date; a result that rests on such a day is marked provisional.
"""

from datetime import date, timedelta

import chinese_calendar

from canonical_schema.codes import code_list

_ONE_DAY = timedelta(days=1)
LAST_YEAR = 9990


def is_working_day(day: date) -> tuple[bool, bool]:
    """Whether it is one, and whether that is provisional.

    >>> is_working_day(date(2026, 10, 1)), is_working_day(date(2031, 10, 1)), is_working_day(date(2031, 10, 8))
    ((False, False), (False, True), (True, True))
    """
    try:
        return bool(chinese_calendar.is_workday(day)), False
    except NotImplementedError:  # the library's word for a year that it doesn't know
        fixed = code_list("holidays_fixed")
        return day.weekday() < 5 and not fixed.known(f"{day:%m-%d}"), True


def deadline(start: date, days: int) -> tuple[date, bool]:
    """The last day of a term of that many working days; the day it starts from isn't counted.

    >>> deadline(date(2026, 3, 6), 5)
    (datetime.date(2026, 3, 13), False)
    """
    if start.year >= LAST_YEAR:  # 9999-12-31 is how systems write "no end"; the calendar ends there, too
        return date.max, True
    day, provisional = start, False
    while days:
        day += _ONE_DAY
        working, unsure = is_working_day(day)
        provisional |= unsure
        days -= working
    return day, provisional
