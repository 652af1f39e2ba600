"""Copies what the stages made in the work directory to the repository: adapters, metrics, early checkpoints.

An adapter belongs to one base file, so all of them are copied together.
"""

import argparse
import json
import shutil
from pathlib import Path

from world import HERE

ADAPTERS = {"sft": "sft/adapter", "rlhf": "rlhf/averaged", "reward": "reward2/adapter"}
METRICS = {"pretrain": "base/metrics.jsonl", "pretrain-samples": "base/samples.jsonl", "sft": "sft/metrics.jsonl", "reward": "reward2/metrics.jsonl",
           "rlhf": "rlhf/metrics.jsonl", "overtrained-run": "overtrained/metrics.jsonl"}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--overtrained", type=int, nargs=2, required=True, help="steps of the two over-trained checkpoints to keep")
    args = parser.parse_args()
    home = HERE.parent
    over = {f"overtrained-{number}": f"overtrained/adapter-{step}" for number, step in enumerate(args.overtrained, 1)}
    for name, source in {**ADAPTERS, **over}.items():
        target = home / "adapters" / name
        target.mkdir(parents=True, exist_ok=True)
        for file in ("adapter_config.json", "adapter_model.safetensors"):
            shutil.copyfile(args.work / source / file, target / file)
        assert json.loads((target / "adapter_config.json").read_text())["base_model_name_or_path"] == "sprout-base"
    for name, source in METRICS.items():
        shutil.copyfile(args.work / source, home / "metrics" / f"{name}.jsonl")
    # How the SFT stage's answers are rewarded: what the page shows rewards in.
    shutil.copyfile(args.work / "reward2/reward.json", home / "metrics" / "reward.json")
    for mark in (1, 10):
        shutil.copyfile(args.work / f"checkpoint-{mark}.q4_0.gguf", home / "checkpoints" / f"pretrain-{mark}.q4_0.gguf")


if __name__ == "__main__":
    main()
