"""Days, moments and periods in words: for machines, in Chinese, in English."""

from datetime import date, datetime


def chinese_period(value: str) -> str:
    """A column's update period in words: `2w` is 每2周."""
    names = {"d": "天", "w": "周", "m": "个月", "y": "年"}
    return f"每{value[:-1] if value[:-1] != '1' else ''}{names[value[-1]]}" if value else ""


def english_period(value: str) -> str:
    """A column's update period in English: `2w` is “every 2 weeks”."""
    if not value:
        return ""
    name = {"d": "day", "w": "week", "m": "month", "y": "year"}[value[-1]]
    return f"every {name}" if value[:-1] == "1" else f"every {value[:-1]} {name}s"


def iso_date(value: date | datetime) -> str:
    return value.isoformat()[:10]


def iso_moment(value: datetime) -> str:
    """`YYYY-MM-DD HH:MM`, the form that PubDate asks for (政府网站发展指引, 国办发〔2017〕47号, annex on page labels)."""
    return value.isoformat(" ", "minutes")


def chinese_date(value: date | datetime) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def english_date(value: date | datetime) -> str:
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


_MONTHS = "January February March April May June July August September October November December".split()
"""By name here, as what the system calls them depends on the machine."""
