"""Samples four answers of the SFT stage to each prompt and ranks them by the rubric: rankings, and chosen/rejected pairs."""

import argparse
import itertools
import random
from collections import Counter

import torch
from peft import PeftModel

from gemma import DATA, chat, generate, load_shipped  # first: it puts Sprout's recipe on the path
from common import write_jsonl
from make_sft import LANGS, Teacher, heldout_grams
from rubric import score
from world import grams

KINDS = {"fact": 10, "sum": 1.5, "direct": 1.5, "steps": 3, "ask": 1.5, "unknown": 2, "word": 2, "list": 1}


def prompts(count, seed):
    """New questions of the kinds that SFT has, with what a correct answer contains."""
    teacher, heldout, rows, seen = Teacher(seed), heldout_grams(), [], set()
    while len(rows) < count:
        lang = LANGS[len(rows) % 2]
        kind = teacher.rng.choices(list(KINDS), KINDS.values())[0]
        question, _, wording = getattr(teacher, kind)(lang)
        if question not in seen and teacher.accept and not heldout & grams(question):
            seen.add(question)
            rows.append({"prompt": [{"role": "user", "content": question}], "lang": lang, "kind": kind, "accept": teacher.accept, "wording": wording})
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True)
    parser.add_argument("--sft", required=True)
    parser.add_argument("--count", type=int, default=640)
    parser.add_argument("--heldout", type=int, default=120, help="of these, kept for testing the reward model")
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=21)
    parser.add_argument("--out", default=str(DATA))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--smoke", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    if args.smoke:
        args.count, args.heldout = 8, 4
    torch.manual_seed(args.seed)
    model, tokenizer = load_shipped(args.base)
    model = PeftModel.from_pretrained(model, args.sft).merge_and_unload().to(torch.bfloat16)
    rows = prompts(args.count, args.seed)
    texts = [chat(tokenizer, row["prompt"][0]["content"]) for row in rows for _ in range(4)]
    answers = [answer[:3] for answer in generate(model, tokenizer, texts, temperature=args.temperature, batch=96)]
    rankings, pairs = [], []
    for number, row in enumerate(rows):
        four = answers[4 * number : 4 * number + 4]
        scores = [score(row["kind"], row["lang"], row["accept"], *answer) for answer in four]
        split = "test" if number >= len(rows) - args.heldout else "train"
        # One group per prompt: the places of the answers from the best to the worst; equal scores share a rank.
        rankings.append({**row, "split": split, "answers": [a[0] for a in four], "ended": [a[2] for a in four], "tokens": [a[1] for a in four], "scores": scores,
                         "ranking": sorted(range(4), key=lambda i: -scores[i]), "ranked_by": "rubric"})
        texts_seen = set()
        for i, j in itertools.permutations(range(4), 2):
            if scores[i] > scores[j] and (four[i][0], four[j][0]) not in texts_seen:
                texts_seen.add((four[i][0], four[j][0]))
                pairs.append({"prompt": row["prompt"], "chosen": [{"role": "assistant", "content": four[i][0]}],
                              "rejected": [{"role": "assistant", "content": four[j][0]}], "split": split, "lang": row["lang"], "kind": row["kind"]})
    random.Random(args.seed).shuffle(pairs)
    write_jsonl(f"{args.out}/preferences.jsonl", rankings)
    write_jsonl(f"{args.out}/preference_pairs.jsonl", pairs)
    scores = [value for row in rankings for value in row["scores"]]
    print(len(rankings), "rankings", len(pairs), "pairs", "mean score", sum(scores) / len(scores), Counter(scores).most_common(8))


if __name__ == "__main__":
    main()
