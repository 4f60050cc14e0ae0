from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.shops.complete_journey.package_sizes import readable_size


@pytest.mark.parametrize(
    ("raw", "readable"),
    [
        ("19.8 OZ", "19.8 oz"),
        ("300 CT(1)", "300 count"),
        ("12 PK/12 OZ", "12 x 12 oz"),
        ("10/6.75 OZ", "10 x 6.75 oz"),
        ("4-5.3 OZ", "4 x 5.3 oz"),
        ("6 PK/.5 L", "6 x 0.5 liter"),
        ("1/2 GAL", "1/2 gallon"),
        ("3/4 OZ", "3/4 oz"),
        ("3/16 OZ", "3 x 16 oz"),
        ("10 3/4 OZ", "10 3/4 oz"),
        ("1-3/4 LB", "1 3/4 lb"),
        ("AB    32 OZ", "32 oz"),
        ("P 12 OZ", "12 oz"),
        ("KIOSK16 OZ", "16 oz"),
        ("150854 6 CT", "6 count"),
        ("750 ML", "750 ml"),
        ("2 L", "2 liter"),
        ("14-18 CT", "14 to 18 count"),
        ("6 CT/15 OZ", "6 count, 15 oz"),
        ("12 CT .9 OZ", "12 count, 0.9 oz"),
        ("40 CT/SZ 3", "40 count, size 3"),
        ("SZ1 2 PK", "size 1, 2 pack"),
        ("2 LB 3 OZ", "2 lb 3 oz"),
        ("8 X10 IN", "8 x 10 inch"),
        ("2 INX110 YD", "2 inch x 110 yards"),
        ("3-LB BAG", "3 lb"),
        ("20 OZ BTL", "20 oz"),
        ("10. OZ", "10 oz"),
        ("UNDER 15 LB", "under 15 lb"),
        ("3 STEM", "3 stems"),
        ("1 STEM", "1 stem"),
        ("LARGE", "large"),
        ("PT", "1 pint"),
    ],
)
def test_a_size_is_read_as_a_person_says_it(raw: str, readable: str) -> None:
    assert readable_size(raw) == readable


@pytest.mark.parametrize(
    "raw", ["CTN", "500249 CTN", "1 CT", "0 OZ", "1168978 YD", "SCAN KPC", "2.50 DIOPT", "", "4/0 OZ"]
)
def test_a_size_that_says_nothing_is_left_out(raw: str) -> None:
    assert readable_size(raw) == ""


@given(st.text(alphabet="0123456789./-X ()OZLBCTPKSINMGAF", max_size=14))
def test_any_spelling_gives_a_readable_size_or_none(raw: str) -> None:
    assert re.fullmatch(r"(?:[a-z0-9 .,/]*)", readable_size(raw))
