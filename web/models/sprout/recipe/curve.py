"""Writes ../metrics/overtrained.jsonl: what the reward model and the rubric say of the checkpoints of a run without a KL penalty.

Prompts and their number are the same for every checkpoint; none is among the RL prompts' seed or the held-out questions.
"""

import argparse
import json
import re
from pathlib import Path

import torch
from peft import PeftModel

from common import chat, generate, load_shipped, write_jsonl
from preferences import prompts
from reward import encode, rewards, scorer
from rubric import score
from world import HERE


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True)
    parser.add_argument("--sft", required=True)
    parser.add_argument("--run", required=True, help="directory of a run of rl.py with --save-every")
    parser.add_argument("--reward", required=True, help="directory of the reward stage")
    parser.add_argument("--prompts", type=int, default=120)
    parser.add_argument("--out", default=str(HERE.parent / "metrics" / "overtrained.jsonl"))
    args = parser.parse_args()
    rows = prompts(args.prompts, 777)
    judge, _ = scorer(args.base, adapter=Path(args.reward) / "adapter")
    judge.eval()
    scale = json.loads((Path(args.reward) / "reward.json").read_text())
    steps = sorted((int(path.name.split("-")[1]), path) for path in Path(args.run).glob("adapter-*") if re.fullmatch(r"adapter-\d+", path.name))
    out = []
    for step, path in [(0, Path(args.sft))] + steps:
        torch.manual_seed(9)
        model, tokenizer = load_shipped(args.base)
        model = PeftModel.from_pretrained(model, path).merge_and_unload()
        answers = generate(model, tokenizer, [chat(tokenizer, row["prompt"][0]["content"]) for row in rows], new_tokens=72, batch=128, temperature=1.0)
        with torch.no_grad():
            values = rewards(judge, [encode(tokenizer, row["prompt"][0]["content"], text, ended) for row, (text, _, ended) in zip(rows, answers)])
        rubric = [score(row["kind"], row["lang"], row["accept"], *answer) for row, answer in zip(rows, answers)]
        out.append({"step": step, "prompts": len(rows), "reward": round(((values.mean() - scale["sft_reward_mean"]) / scale["sft_reward_std"]).item(), 4),
                    "rubric": round(sum(rubric) / len(rubric), 4), "mean_tokens": round(sum(a[1] for a in answers) / len(answers), 2),
                    "ends_by_itself": round(sum(a[2] for a in answers) / len(answers), 4), "sample": [rows[0]["prompt"][0]["content"], answers[0][0]]})
        print(out[-1], flush=True)
        write_jsonl(args.out, out)


if __name__ == "__main__":
    main()
