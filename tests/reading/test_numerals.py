"""Numbers as a spreadsheet shows them."""

from datetime import date, datetime, time

import pytest

from assistant.reading.numerals import shown


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1234567, "General", "1234567"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567.891, "#,##0", "1,234,568"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (0.032, "0.0%", "3.2%"),
        (-5, "#,##0;(#,##0)", "(5)"),
        (-5, "#,##0_);[Red](#,##0)", "(5)"),
        (0, '0;-0;"-"', "-"),
        (41, '0"億ユーロ"', "41億ユーロ"),
        (1500, "[$¥-411]#,##0", "¥1,500"),
        (2500000, '#,##0,,"百万円"', "3百万円"),
        (2.5, "0", "3"),
        (1.5, "0.0##", "1.5"),
        (0.5, "# ?/?", "0.5"),
        (12000, "0.00E+00", "12000"),
        (True, "General", "TRUE"),
        (None, "General", ""),
        ("文字", "@", "文字"),
        (date(2025, 7, 15), "yyyy-mm-dd", "2025-07-15"),
        (datetime(2025, 7, 15), 'yyyy"年"m"月"d"日"', "2025年7月15日"),
        (datetime(2025, 7, 1), 'yyyy"年"m"月"', "2025年7月"),
        (datetime(2025, 7, 1), "mmm-yy", "2025-07"),
        (datetime(2025, 7, 15, 9, 30), "yyyy/m/d h:mm", "2025-07-15 09:30"),
        (time(9, 5), "h:mm", "09:05"),
    ],
)
def test_a_value_is_shown_as_its_format_says(value: object, code: str, text: str) -> None:
    assert shown(value, code) == text
