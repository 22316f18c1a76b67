"""What differs as data: its form is documented, and the same for what is the same."""

from __future__ import annotations

import json

from compared_models import odd, same, two
from sphinxcontrib_kerasgraph.diff import data


def test_data_has_what_differs_and_the_totals():
    told = data(two())
    assert told["same"] is False
    assert told["old"] == {"name": "mypkg.v1", "model": "net", "class": "keras.Model"}
    assert told["counts"] == {
        "added": 1, "removed": 1, "moved": 0, "changed": 1, "renamed": 0, "wired": 0, "model": 0,
    }  # fmt: skip
    assert told["totals"]["parameters"] == {"before": 1000, "after": 1500}
    assert told["totals"]["flops"] == {"before": None, "after": None}
    changed, removed, added = (
        {name: value for name, value in one.items() if name != "words"}
        for one in told["differences"]
    )
    assert changed == {
        "change": "changed", "old": "conv", "new": "conv",
        "subject": "size", "before": "32", "after": "64",
    }  # fmt: skip
    assert removed == {
        "change": "removed", "old": "norm", "subject": "BatchNormalization", "follows": "conv",
    }  # fmt: skip
    assert added == {"change": "added", "new": "drop", "subject": "Dropout", "follows": "relu"}


def test_same_models_have_no_differences():
    told = data(same())
    assert (told["same"], told["differences"]) == (True, [])


def test_data_is_json_and_the_same_each_time():
    texts = [json.dumps(data(make())) for make in (odd, odd)]
    assert texts[0] == texts[1]
    assert json.loads(texts[0]) == data(odd())
