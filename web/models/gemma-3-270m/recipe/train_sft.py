"""Fine-tunes the base model on ../data/sft.jsonl: a LoRA adapter (PEFT) on the weights as shipped; the loss is on the answers only.

The frozen base is held in BF16, the adapter in float32. Logs TRL's metric names; run again after an interruption, it continues.
"""

import argparse
import json
import math
import random
import time
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file

from gemma import DATA, END, LORA, answer_logprobs, chat, encode, load_shipped  # first: it puts Sprout's recipe on the path
from common import Metrics, read_jsonl


def save_adapter(model, path, names=None, dtype=torch.float16):
    """PEFT's two files; the weights as F16, and no path of this machine."""
    path = Path(path)
    model.save_pretrained(path, selected_adapters=names, save_embedding_layers=False)
    weights = path / "adapter_model.safetensors"
    save_file({name: tensor.to(dtype).contiguous() for name, tensor in load_file(weights).items()}, weights, metadata={"format": "pt"})
    settings = json.loads((path / "adapter_config.json").read_text())
    settings["base_model_name_or_path"] = "gemma-3-270m"
    (path / "adapter_config.json").write_text(json.dumps(settings, indent=2, sort_keys=True) + "\n")
    (path / "README.md").unlink(missing_ok=True)


def batches(lengths, size, rng):
    """Shuffled batches of rows of like length."""
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] + rng.random() * 6)
    out = [order[start : start + size] for start in range(0, len(order), size)]
    rng.shuffle(out)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True, help="the GGUF file")
    parser.add_argument("--out", required=True)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--smoke", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    model, tokenizer = load_shipped(args.base, torch.bfloat16)
    model = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **LORA))
    rows = read_jsonl(DATA / "sft.jsonl")[: 32 if args.smoke else None]
    prompts = [encode(tokenizer, chat(tokenizer, row["messages"][0]["content"])) for row in rows]
    answers = [encode(tokenizer, row["messages"][1]["content"] + END) for row in rows]
    lengths = [len(p) + len(a) for p, a in zip(prompts, answers)]
    plan = [batch for epoch in range(1 if args.smoke else args.epochs) for batch in batches(lengths, args.batch, random.Random(args.seed + epoch))]
    trainable = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trainable, lr=args.lr, weight_decay=0.0)
    metrics, step, tokens, last = Metrics(out / "metrics.jsonl"), 0, 0, out / "last.pt"
    if last.exists():
        state = torch.load(last)
        model.load_state_dict(state["model"], strict=False)
        optimizer.load_state_dict(state["optimizer"])
        step, tokens = state["step"], state["tokens"]
    print(len(rows), "rows", sum(lengths), "tokens an epoch", sum(map(len, answers)), "of them answers", len(plan), "steps", flush=True)
    model.train()
    start, first, kept = time.time(), tokens, []
    while step < len(plan):
        batch = plan[step]
        rate = args.lr * min(1, (step + 1) / 20) * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * step / len(plan))))
        for group in optimizer.param_groups:
            group["lr"] = rate
        logprobs, mask = answer_logprobs(model, [prompts[i] + answers[i] for i in batch], [len(answers[i]) for i in batch])
        loss = -logprobs.sum() / mask.sum()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(trainable, 1.0).item()
        optimizer.step()
        optimizer.zero_grad()
        step, tokens = step + 1, tokens + sum(lengths[i] for i in batch)
        kept.append(loss.item())
        if step % 10 == 0 or args.smoke:
            metrics.write(step=step, epoch=step / len(plan) * args.epochs, loss=sum(kept) / len(kept), grad_norm=norm, learning_rate=rate, num_tokens=tokens)
            print(step, sum(kept) / len(kept), (tokens - first) / (time.time() - start), "tokens/s", flush=True)
            kept = []
        if step % 50 == 0:
            torch.save({"step": step, "tokens": tokens, "model": {n: p for n, p in model.state_dict().items() if "lora_" in n}, "optimizer": optimizer.state_dict()}, last)
    save_adapter(model, out / "adapter")


if __name__ == "__main__":
    main()
