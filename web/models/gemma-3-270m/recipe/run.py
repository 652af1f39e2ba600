"""Runs stages of the recipe: `python run.py WORK [STAGE ...] --base GGUF [--smoke]`; without stages, all of them in order."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def commands(work, base):
    """What each stage runs, with its files in the work directory."""
    sft, reward, rlhf = work / "sft", work / "reward", work / "rlhf"
    return {
        "heldout": [["make_heldout.py"]],
        "sft_data": [["make_sft.py"]],
        "test": [["-m", "pytest", "-q", "test_made.py"]],
        "sft": [["train_sft.py", "--base", base, "--out", sft]],
        "preferences": [["make_preferences.py", "--base", base, "--sft", sft / "adapter"]],
        "reward": [["train_reward.py", "--base", base, "--sft", sft / "adapter", "--out", reward]],
        "rl": [["train_rl.py", "--base", base, "--sft", sft / "adapter", "--reward", reward, "--out", rlhf],
               [HERE.parent.parent / "sprout" / "recipe" / "average.py", "--sft", sft / "adapter", "--rlhf", rlhf / "adapter", "--out", rlhf / "averaged"]],
        "evaluate": [["measure.py", "--base", base, "--adapter", f"sft={sft / 'adapter'}", "--adapter", f"rlhf={rlhf / 'averaged'}", "--reward", reward / "adapter"]],
        "agreement": [["agreement.py"]],
        "golden": [["make_golden.py", "--base", base]],
    }


SMOKE = {"train_sft.py", "make_preferences.py", "train_reward.py", "train_rl.py", "measure.py"}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work")
    parser.add_argument("stages", nargs="*")
    parser.add_argument("--base", required=True, help="gemma-3-270m-q4_k_m.gguf")
    parser.add_argument("--smoke", action="store_true", help="tiny sizes, and nothing of the repository is overwritten")
    args = parser.parse_args()
    work, base = Path(args.work).resolve(), Path(args.base).resolve()
    work.mkdir(parents=True, exist_ok=True)
    # Buffers of a batch's logits are reused, not given back to the system and faulted in again.
    environment = {"GLASSBOX_CACHE": str(work), "MALLOC_MMAP_THRESHOLD_": "8589934592", "MALLOC_TRIM_THRESHOLD_": "17179869184", **os.environ}
    table = commands(work, base)
    for stage in args.stages or table:
        for command in table[stage]:
            name = command[0]
            if args.smoke:
                if name in ("make_heldout.py", "make_sft.py", "-m", "agreement.py", "make_golden.py"):
                    continue
                command = command + ["--smoke"] * (name in SMOKE)
                command += {"measure.py": ["--out", work / "report.json"], "make_preferences.py": ["--out", work], "train_reward.py": ["--data", work]}.get(name, [])
            command = [str(part) for part in command]
            print("#", stage, *command, flush=True)
            subprocess.run([sys.executable, *command], cwd=HERE, check=True, env=environment)


if __name__ == "__main__":
    main()
