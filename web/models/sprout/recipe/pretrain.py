"""Pretrains the base model on the corpus. Resumable: run it again and it continues from its last saved state.

Matrix products are in bfloat16. glibc returns large blocks to the system after every step, which then zeroes them again; on Linux,
MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=17179869184 in the environment keeps them (run.py sets this).

Started by `accelerate launch` or `torchrun`, every process takes its share of each batch and gradients are averaged. On a busy
CPU, two processes of one thread each are far quicker than one process of two threads.
"""

import argparse
import json
import os
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from transformers import PreTrainedTokenizerFast

from common import CONTEXT, PROMPTS, Metrics, continue_text, new_model


def pack(corpus, tokenizer, path):
    """Rows of CONTEXT tokens, each beginning with a document; the last few documents are kept for validation, by language."""
    rows, row, counts = [], [], Counter()
    validation = {"en": [], "zh": []}
    with open(corpus, encoding="utf-8") as file:
        documents = [json.loads(line) for line in file]
    held = max(len(documents) // 200, 200)
    for start in range(0, len(documents), 2000):
        chunk = documents[start : start + 2000]
        for number, (document, ids) in enumerate(zip(chunk, tokenizer([d["text"] for d in chunk], add_special_tokens=False).input_ids), start):
            ids = ids + [0]
            if number >= len(documents) - held:
                validation[document["lang"]] += ids
                continue
            counts[document["lang"]] += len(ids)
            row += ids
            if len(row) >= CONTEXT:
                rows.append(row[:CONTEXT])
                row = []
    cut = lambda ids: np.array(ids[: len(ids) // CONTEXT * CONTEXT], dtype=np.uint16).reshape(-1, CONTEXT)
    np.savez(path, rows=np.array(rows, dtype=np.uint16), en=cut(validation["en"]), zh=cut(validation["zh"]))
    print("tokens by language:", dict(counts), "rows:", len(rows), flush=True)


class HeadLoss(torch.autograd.Function):
    """Mean cross-entropy of hidden states [N, D] times the embedding [V, D], some rows at a time: the logits of a whole batch
    would be the largest tensor by far, and reading and writing them the slowest part of a step."""

    @staticmethod
    def forward(ctx, hidden, weight, targets, rows=512):
        head, total = weight.to(hidden.dtype), 0.0
        to_hidden, to_weight = torch.empty_like(hidden), torch.zeros_like(weight)
        for part in range(0, len(targets), rows):
            h, target = hidden[part : part + rows], targets[part : part + rows, None]
            logits = (h @ head.T).float()
            norm = logits.logsumexp(-1, keepdim=True)
            total += (norm - logits.gather(1, target)).sum()
            slope = logits.sub_(norm).exp_()
            slope.scatter_add_(1, target, torch.full(target.shape, -1.0))
            slope = slope.div_(len(targets)).to(hidden.dtype)
            to_hidden[part : part + rows] = slope @ head
            to_weight += slope.T @ h
        ctx.save_for_backward(to_hidden, to_weight)
        return total / len(targets)

    @staticmethod
    def backward(ctx, slope):
        to_hidden, to_weight = ctx.saved_tensors
        return to_hidden * slope, to_weight * slope, None, None


def hidden_of(model, batch):
    with torch.autocast("cpu", torch.bfloat16):
        return model.model(batch, use_cache=False).last_hidden_state


def loss_of(model, batch, hidden_of=hidden_of):
    hidden = hidden_of(model, batch)[:, :-1].flatten(0, 1).to(torch.bfloat16)
    return HeadLoss.apply(hidden, model.lm_head.weight, batch[:, 1:].flatten())


def average_gradients(model, world):
    grads = [p.grad for p in model.parameters()]
    flat = torch.cat([grad.flatten() for grad in grads])
    dist.all_reduce(flat)
    flat /= world
    for grad, mean in zip(grads, flat.split([grad.numel() for grad in grads])):
        grad.copy_(mean.view_as(grad))


@torch.no_grad()
def validate(model, rows):
    model.eval()
    losses = [loss_of(model, torch.from_numpy(rows[i : i + 8].astype(np.int64))).item() for i in range(0, min(len(rows), 32), 8)]
    model.train()
    return sum(losses) / len(losses)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--steps", type=int, default=5600)
    parser.add_argument("--batch", type=int, default=8, help="rows of 512 tokens per step, in all processes together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--muon-lr", type=float, default=0.02)
    parser.add_argument("--adam-lr", type=float, default=0.003)
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--smoke", action="store_true")
    args = parser.parse_args()
    if args.smoke:
        args.steps = 20
    world, rank = int(os.environ.get("WORLD_SIZE", 1)), int(os.environ.get("RANK", 0))
    if world > 1:
        dist.init_process_group("gloo")
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(args.tokenizer)
    packed = out / "rows.npz"
    if rank == 0 and not packed.exists():
        pack(args.corpus, tokenizer, packed)
    if world > 1:
        dist.barrier()
    data = np.load(packed)
    rows = data["rows"]

    model = new_model(len(tokenizer), args.seed)
    # Quicker than the fused kernel for short rows on a CPU.
    model.set_attn_implementation("eager")
    print("parameters:", sum(p.numel() for p in model.parameters()), flush=True)
    matrices = [p for name, p in model.named_parameters() if p.ndim == 2 and "embed" not in name]
    others = [p for name, p in model.named_parameters() if p.ndim != 2 or "embed" in name]
    optimizers = [
        torch.optim.Muon(matrices, lr=args.muon_lr, momentum=0.95, weight_decay=0.02),
        torch.optim.AdamW(others, lr=args.adam_lr, betas=(0.9, 0.95), weight_decay=0.0),
    ]
    step, last = 0, out / "last.pt"
    if last.exists():
        state = torch.load(last, weights_only=True)
        model.load_state_dict(state["model"])
        for optimizer, saved in zip(optimizers, state["optimizers"]):
            optimizer.load_state_dict(saved)
        step = state["step"]
        print("resumed at step", step, flush=True)

    def scale(step):
        warm, decay = min(args.steps // 20, 100) or 1, args.steps * 2 // 3
        return min(1.0, (step + 1) / warm, max(args.steps - step, 0) / decay)

    marks = {max(args.steps // 100, 1): 1, max(args.steps // 10, 2): 10, args.steps: 100}
    metrics, run = Metrics(out / "metrics.jsonl"), torch.compile(hidden_of, dynamic=False) if args.compile else hidden_of
    clock, seen, total = time.time(), 0, 0.0
    while step < args.steps:
        # Row numbers depend on the step only, so that a resumed run sees the same data.
        index = (np.arange(rank, args.batch, world) + step * args.batch) % len(rows)
        batch = torch.from_numpy(rows[index].astype(np.int64))
        # Most of the way in half rows, which cost less attention; in the end whole ones, so that every position is learned.
        batch = batch.view(-1, CONTEXT // 2) if step < args.steps * 0.85 else batch
        loss = loss_of(model, batch, run)
        loss.backward()
        if world > 1:
            average_gradients(model, world)
        grad_norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item()
        for optimizer, lr in zip(optimizers, (args.muon_lr, args.adam_lr)):
            for group in optimizer.param_groups:
                group["lr"] = lr * scale(step)
            optimizer.step()
            optimizer.zero_grad()
        step += 1
        seen += args.batch * CONTEXT
        total += loss.item()
        if rank > 0:
            continue
        if step % 20 == 0 or step == args.steps:
            metrics.write(step=step, loss=total / (seen / args.batch / CONTEXT), learning_rate=args.muon_lr * scale(step), grad_norm=grad_norm,
                          num_tokens=step * args.batch * CONTEXT, tokens_per_second=seen / (time.time() - clock))
            clock, seen, total = time.time(), 0, 0.0
        if step % 250 == 0 or step in marks:
            metrics.write(step=step, eval_en_loss=validate(model, data["en"]), eval_zh_loss=validate(model, data["zh"]))
            samples = [{"prompt": prompt, "text": continue_text(model, tokenizer, prompt)} for prompt in PROMPTS]
            with open(out / "samples.jsonl", "a", encoding="utf-8") as file:
                file.write(json.dumps({"step": step, "samples": samples}, ensure_ascii=False) + "\n")
        if step in marks:
            model.save_pretrained(out / f"checkpoint-{marks[step]}")
            tokenizer.save_pretrained(out / f"checkpoint-{marks[step]}")
        if step % 100 == 0 or step == args.steps:
            torch.save({"step": step, "model": model.state_dict(), "optimizers": [o.state_dict() for o in optimizers]}, out / "last.tmp")
            (out / "last.tmp").replace(last)


if __name__ == "__main__":
    main()
