"""Another implementation of the grammar: the oracle, answering the questions of `conformance`.

With the name of a defect it answers wrongly in one way.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

from oracle import EXPECTED, Recogniser, read_spec, words

Answer = dict[str, Any]


def answer(recogniser: Recogniser, question: dict[str, Any]) -> Answer:
    """The answer of a recogniser of one object type; it knows no way to count what is needed."""
    if question["ask"] == "check":
        error = recogniser.first_error(question["ids"])
        if error is None:
            return {"code": 0}
        if error[1] == EXPECTED:
            return {"code": 1, "position": error[0]}
        return {"code": 2, "position": error[0], "condition": error[1]}
    if question["ask"] == "next":
        return {"next": sorted(recogniser.next_ids(question["prefix"]))}
    longest = question["longest"]
    lengths = Counter(map(len, words(recogniser, longest, question["alphabet"])))
    return {"counts": [lengths[n] for n in range(longest + 1)]}


def cut_short(right: Answer) -> Answer:
    return {"code": 0} if right.get("code") == 1 else right


def one_too_far(right: Answer) -> Answer:
    return {**right, "position": right.get("position", 0) + 1}


def no_condition(right: Answer) -> Answer:
    return {**right, "code": 1} if right.get("code") == 2 else right


def one_too_few(right: Answer) -> Answer:
    return {"next": right["next"][1:]} if right.get("next") else right


def twice(right: Answer) -> Answer:
    return {"next": right["next"] * 2} if right.get("next") else right


def texts(right: Answer) -> Answer:
    return {"next": list(map(str, right["next"]))} if "next" in right else right


def truth(right: Answer) -> Answer:
    return {**right, "code": bool(right["code"])} if "code" in right else right


DEFECTS: dict[str, Callable[[Answer], Any]] = {
    "cut_short": cut_short,
    "one_too_far": one_too_far,
    "no_condition": no_condition,
    "one_too_few": one_too_few,
    "twice": twice,
    "texts": texts,
    "truth": truth,
    "nothing": lambda right: None,
    "empty": lambda right: {},
}


def main() -> None:
    """Answer a question a line."""
    defect = sys.argv[1] if len(sys.argv) > 1 else ""
    changed = DEFECTS.get(defect, dict)
    reader = cache(lambda kind: Recogniser(read_spec(), kind))
    for number, line in enumerate(sys.stdin):
        if defect == "dies" and number == 3:
            sys.exit(1)
        if defect == "hangs" and number == 3:
            time.sleep(600)
        question = json.loads(line)
        text = json.dumps(changed(answer(reader(question["kind"]), question)))
        print("what?" if defect == "no_json" and number == 3 else text, flush=True)


if __name__ == "__main__":
    main()
