"""What grants are called: who or what they are for, and the word for what is given."""

from __future__ import annotations

import pytest
from test_targets import amounts


@pytest.mark.parametrize(
    ("text", "indicators"),
    [
        ("对新认定的省级校企基地，县财政给予20万元一次性奖励。", ["省级校企基地一次性奖励"]),
        ("对其实训设备投资给予30%的补助，最高不超过80万元。", ["实训设备投资补助", "实训设备投资补助"]),
        ("对新建实训车间的企业，按设备购置额的10%给予补贴。", ["设备购置额补贴"]),
        ("对获奖学校分别给予5万元、3万元、1万元奖励。", ["获奖学校奖励"] * 3),
        ("给予承办单位最高6万元资助。", ["承办单位资助"]),
        ("给予一次性交通补助500元。", ["一次性交通补助"]),
        ("给予每人每年2000元补助。", ["补助"]),
    ],
)
def test_grant(text: str, indicators: list[str]) -> None:
    assert [(name, kind) for name, *_, kind in amounts(text)] == [(name, "norm") for name in indicators]


def test_an_amount_that_is_to_be_reached_is_no_grant() -> None:
    assert amounts("对口支援学校3所，实训设备总值达到500万元。") == [
        ("对口支援学校", "=", 3.0, "所", None, "goal"),
        ("实训设备总值", ">=", 5_000_000.0, "元", None, "goal"),
    ]
