"""How often the rubric's program and the rankings in ../data/hand_ranked.jsonl agree, over the pairs that both put in an order."""

import itertools
import json

from common import read_jsonl
from grading import rate
from world import DATA, EVAL


def main():
    ranked = {row["prompt"][0]["content"]: row for row in read_jsonl(DATA / "preferences.jsonl")}
    agree, best, ties, by_hand = [], [], 0, read_jsonl(DATA / "hand_ranked.jsonl")
    for row in by_hand:
        scores, place = ranked[row["prompt"]]["scores"], row["rank"]
        assert ranked[row["prompt"]]["answers"] == row["answers"]
        for i, j in itertools.combinations(range(4), 2):
            if place[i] == place[j] or scores[i] == scores[j]:
                ties += 1
            else:
                agree.append((scores[i] > scores[j]) == (place[i] < place[j]))
        best.append(place[max(range(4), key=lambda i: scores[i])] == min(place))
    report = {"prompts": len(by_hand), "ranked_by": by_hand[0]["ranked_by"], "pairs_in_order": rate(agree), "pairs_tied_by_either": ties, "same_best": rate(best)}
    (EVAL / "agreement.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(report)


if __name__ == "__main__":
    main()
