"""Runs stages of the recipe: `python run.py WORK [STAGE ...] [--smoke]`; without stages, all of them in order."""

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def commands(work, base):
    """What each stage runs, with its files in the work directory."""
    return {
        "heldout": [["heldout.py"]],
        "corpus": [["corpus.py", "--out", f"{work}/corpus.jsonl"]],
        "tokenizer": [["tokenizer.py", "--corpus", f"{work}/corpus.jsonl", "--out", f"{work}/tokenizer"]],
        "pretrain": [["pretrain.py", "--corpus", f"{work}/corpus.jsonl", "--tokenizer", f"{work}/tokenizer", "--out", f"{work}/base"]],
        "export": [["export.py", "--checkpoint", f"{work}/base/checkpoint-100", "--out", base]]
        + [["export.py", "--checkpoint", f"{work}/base/checkpoint-{mark}", "--out", f"{work}/checkpoint-{mark}.q4_0.gguf", "--quantization", "Q4_0",
            "--without-tokenizer"] for mark in (1, 10)],
        "sft_data": [["sft_data.py"]],
        "test": [["-m", "pytest", "-q", "test_data.py"]],
        "sft": [["sft.py", "--base", base, "--out", f"{work}/sft"]],
        "preferences": [["preferences.py", "--base", base, "--sft", f"{work}/sft/adapter"]],
        "reward": [["reward.py", "--base", base, "--sft", f"{work}/sft/adapter", "--out", f"{work}/reward"]],
        "rl": [["rl.py", "--base", base, "--sft", f"{work}/sft/adapter", "--reward", f"{work}/reward", "--out", f"{work}/rlhf"]],
        "evaluate": [["evaluate.py", "--base", base, "--adapter", f"sft={work}/sft/adapter", "--adapter", f"rlhf={work}/rlhf/adapter"]],
    }


SMOKE = {"corpus.py", "pretrain.py", "sft.py", "preferences.py", "reward.py", "rl.py", "evaluate.py"}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work")
    parser.add_argument("stages", nargs="*")
    parser.add_argument("--smoke", action="store_true", help="tiny sizes, and nothing of the repository is overwritten")
    parser.add_argument("--processes", type=int, default=1, help="for pretraining")
    args = parser.parse_args()
    work = Path(args.work).resolve()
    work.mkdir(parents=True, exist_ok=True)
    base = work / "sprout-base.q8_0.gguf" if args.smoke else HERE.parent / "sprout-base.q8_0.gguf"
    table = commands(work, base)
    for stage in args.stages or table:
        for command in table[stage]:
            name = command[0]
            if args.smoke:
                command = command + ["--smoke"] * (name in SMOKE)
                if name in ("heldout.py", "sft_data.py", "-m"):
                    continue
                if name == "evaluate.py":
                    command += ["--out", str(work / "report.json")]
                if name == "preferences.py":
                    command += ["--out", str(work)]
                if name == "reward.py":
                    command += ["--data", str(work)]
            elif name == "pretrain.py":
                command = command + ["--compile"]
            if name == "pretrain.py" and args.processes > 1:
                command = ["-m", "torch.distributed.run", "--nproc_per_node", str(args.processes)] + command
            print("#", stage, *command, flush=True)
            subprocess.run([sys.executable, *command], cwd=HERE, check=True)


if __name__ == "__main__":
    main()
