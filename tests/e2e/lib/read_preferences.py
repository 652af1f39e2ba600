"""Reads a TRL preference data set with nothing but Python's standard library. Prints how many pairs it holds."""

import json
import sys


def check_messages(messages, roles):
    assert isinstance(messages, list) and messages, messages
    for message in messages:
        assert set(message) == {"role", "content"}, message
        assert message["role"] in roles and isinstance(message["content"], str), message


def main(path):
    pairs = 0
    with open(path, encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            assert set(row) == {"prompt", "chosen", "rejected"}, sorted(row)
            check_messages(row["prompt"], {"system", "user"})
            assert row["prompt"][-1]["role"] == "user", row["prompt"]
            for side in ("chosen", "rejected"):
                check_messages(row[side], {"assistant"})
            assert row["chosen"] != row["rejected"], row
            pairs += 1
    print(pairs)


if __name__ == "__main__":
    main(sys.argv[1])
