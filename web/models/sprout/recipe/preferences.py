"""Samples four answers to each prompt and ranks them by the rubric: rankings, and chosen/rejected pairs.

Each answer has a temperature of its own, so that there are better and worse ones to tell apart. In a second round (`--policy`), two of
the four come from an early RLHF stage: a reward model that never saw what the policy learns to write is soon fooled by it.
"""

import argparse
import itertools
import random

import torch
from peft import PeftModel

from common import chat, generate, load_shipped, read_jsonl, write_jsonl
from corpus import heldout_grams
from rubric import score
from sft_data import LANGS, Teacher
from world import DATA, grams

KINDS = {"fact": 10, "sum": 2, "direct": 2, "steps": 2, "ask": 2, "unknown": 2, "word": 1}


def prompts(count, seed):
    """New questions of the kinds that SFT has, with what a correct answer contains."""
    teacher, heldout, rows, seen = Teacher(seed), heldout_grams(), [], set()
    while len(rows) < count:
        lang = LANGS[len(rows) % 2]
        kind = teacher.rng.choices(list(KINDS), KINDS.values())[0]
        question, _, wording = getattr(teacher, kind)(lang)
        if question not in seen and not heldout & grams(question):
            seen.add(question)
            rows.append({"prompt": [{"role": "user", "content": question}], "lang": lang, "kind": kind, "accept": teacher.accept, "wording": wording})
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True)
    parser.add_argument("--sft", required=True)
    parser.add_argument("--count", type=int, default=1400)
    parser.add_argument("--heldout", type=int, default=200, help="of these, kept for testing the reward model")
    parser.add_argument("--temperatures", type=float, nargs=4, default=[0.7, 1.0, 1.0, 1.3])
    parser.add_argument("--seed", type=int, default=21)
    parser.add_argument("--out", default=str(DATA))
    parser.add_argument("--policy", help="an early RLHF adapter: the second round, whose rankings are added to the first's")
    parser.add_argument("--smoke", action="store_true")
    args = parser.parse_args()
    if args.smoke:
        args.count, args.heldout = 24, 8
    torch.manual_seed(args.seed)
    rows, rankings, pairs, columns = prompts(args.count, args.seed), [], [], []
    if args.policy:
        rankings, pairs = read_jsonl(f"{args.out}/preferences.jsonl"), read_jsonl(f"{args.out}/preference_pairs.jsonl")
        known = {row["prompt"][0]["content"] for row in rankings}
        rows = [row for row in rows if row["prompt"][0]["content"] not in known]
    for adapter, temperature in zip([args.sft, args.sft, args.policy or args.sft, args.policy or args.sft], args.temperatures):
        model, tokenizer = load_shipped(args.base)
        model = PeftModel.from_pretrained(model, adapter).merge_and_unload()
        texts = [chat(tokenizer, row["prompt"][0]["content"]) for row in rows]
        columns.append(generate(model, tokenizer, texts, batch=150, new_tokens=80, temperature=temperature))
    rng = random.Random(args.seed)
    for number, row in enumerate(rows):
        four = [column[number] for column in columns]
        rng.shuffle(four)
        scores = [score(row["kind"], row["lang"], row["accept"], *answer) for answer in four]
        split = "test" if number >= len(rows) - args.heldout else "train"
        # One group per prompt: answers from the best to the worst; equal scores share a rank.
        order = sorted(range(4), key=lambda i: -scores[i])
        rankings.append({**row, "split": split, "round": 2 if args.policy else 1, "answers": [a[0] for a in four], "ended": [a[2] for a in four], "tokens": [a[1] for a in four], "scores": scores,
                         "ranking": order, "ranked_by": "rubric"})
        distinct = {(i, j) for i, j in itertools.permutations(range(4), 2) if scores[i] > scores[j]}
        for i, j in sorted(distinct):
            pairs.append({"prompt": row["prompt"], "chosen": [{"role": "assistant", "content": four[i][0]}], "rejected": [{"role": "assistant", "content": four[j][0]}],
                          "split": split, "lang": row["lang"], "kind": row["kind"]})
    rng.shuffle(pairs)
    write_jsonl(f"{args.out}/preferences.jsonl", rankings)
    write_jsonl(f"{args.out}/preference_pairs.jsonl", pairs)
    print(len(rankings), "rankings", len(pairs), "pairs", "mean score", sum(map(sum, (r["scores"] for r in rankings))) / 4 / len(rankings))


if __name__ == "__main__":
    main()
