"""The RLHF stage that is shipped: weights between the SFT stage and the end of reinforcement learning.

Both adapters have the same shape, and the one was trained on from the other, so a weighted mean of their matrices works (Ramé et al.,
WARP, 2024). It gives back most of the correctness that reinforcement learning cost, for some of the reward. The share was chosen on
Sprout's development files, among 0.5, 0.55, 0.6, 0.65, 0.7, 0.85 and 1.
"""

import argparse
import shutil
from pathlib import Path

from safetensors.torch import load_file, save_file

NAME = "adapter_model.safetensors"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sft", type=Path, required=True)
    parser.add_argument("--rlhf", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--share", type=float, default=0.6, help="of the end of reinforcement learning")
    args = parser.parse_args()
    first, last = load_file(args.sft / NAME), load_file(args.rlhf / NAME)
    assert first.keys() == last.keys()
    mean = {name: (first[name].float() * (1 - args.share) + last[name].float() * args.share).to(last[name].dtype).contiguous() for name in first}
    assert any((mean[name] != first[name]).any() for name in first), "the RLHF stage must differ from the SFT stage"
    args.out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(args.rlhf / "adapter_config.json", args.out / "adapter_config.json")
    save_file(mean, args.out / NAME, metadata={"format": "pt"})
    (args.out / NAME).chmod(0o644)


if __name__ == "__main__":
    main()
