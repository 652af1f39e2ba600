"""Runs stages of the recipe: `python run.py WORK [STAGE ...] [--smoke]`; without stages, all of them in order."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# The run without a KL penalty, and which of its checkpoints are kept.
OVERTRAINED = ["--steps", "80", "--save-every", "10", "--lr", "2e-3", "--prompts", "16"]
KEPT = ["40", "80"]
# glibc keeps large blocks instead of returning them after every step.
MALLOC = {"MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "17179869184"}


def commands(work, base):
    """What each stage runs, with its files in the work directory."""
    early = ["--base", base, "--sft", f"{work}/sft/adapter", "--reward", f"{work}/reward"]
    trio = [*early[:-1], f"{work}/reward2"]
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
        "early": [["rl.py", *early, "--out", f"{work}/early", "--steps", "50", "--beta", "0.1"]],
        "second": [["preferences.py", "--base", base, "--sft", f"{work}/sft/adapter", "--policy", f"{work}/early/adapter", "--seed", "22", "--count", "2400",
                    "--heldout", "150", "--temperatures", "0.6", "0.9", "0.7", "1.0"],
                   ["reward.py", "--base", base, "--sft", f"{work}/sft/adapter", "--out", f"{work}/reward2"]],
        "agreement": [["agreement.py"]],
        "rl": [["rl.py", *trio, "--out", f"{work}/rlhf"],
               ["average.py", "--sft", f"{work}/sft/adapter", "--rlhf", f"{work}/rlhf/adapter", "--out", f"{work}/rlhf/averaged"]],
        "overtrained": [["rl.py", *trio, "--out", f"{work}/overtrained", "--beta", "0", *OVERTRAINED], ["curve.py", *trio, "--run", f"{work}/overtrained"]],
        "evaluate": [["evaluate.py", "--base", base, "--adapter", f"sft={work}/sft/adapter", "--adapter", f"rlhf={work}/rlhf/averaged",
                      "--reward", f"{work}/reward2/adapter"]],
        "publish": [["publish.py", work, "--overtrained", *KEPT]],
        "golden": [["golden.py", "--gguf", base, *(part for name in ("sft", "rlhf", "reward") for part in ("--adapter", f"{name}={HERE.parent}/adapters/{name}"))]],
    }


SMOKE = {"corpus.py", "pretrain.py", "sft.py", "preferences.py", "reward.py", "rl.py", "evaluate.py"}
NOT_IN_SMOKE = {"heldout.py", "sft_data.py", "agreement.py", "publish.py", "golden.py", "-m"}


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
                if name in NOT_IN_SMOKE:
                    continue
                if name == "evaluate.py":
                    command += ["--out", str(work / "report.json")]
                if name == "preferences.py":
                    command += ["--out", str(work)]
                if name == "curve.py":
                    command += ["--prompts", "8", "--out", str(work / "overtrained.jsonl")]
                if name == "reward.py":
                    command += ["--data", str(work)]
            elif name == "pretrain.py":
                command = command + ["--compile"]
            if name == "pretrain.py" and args.processes > 1:
                command = ["-m", "torch.distributed.run", "--nproc_per_node", str(args.processes)] + command
            command = [str(part) for part in command]
            print("#", stage, *command, flush=True)
            subprocess.run([sys.executable, *command], cwd=HERE, check=True, env={**MALLOC, **os.environ})


if __name__ == "__main__":
    main()
