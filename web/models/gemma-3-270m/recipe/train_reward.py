"""Trains the reward model on the rankings: an adapter with a scalar head, started from the SFT adapter.

The four answers to a prompt make up to six pairs, trained together as one group (ties are dropped). The score is read at the last
token of the answer.
"""

import argparse
import json
import random
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file
from transformers import Gemma3TextForSequenceClassification

from gemma import DATA, END, LORA, chat, encode, load_shipped  # first: it puts Sprout's recipe on the path
from common import Metrics, read_jsonl
from reward import batch_of, group_loss  # Sprout's
from train_sft import save_adapter


def classifier(settings):
    settings.num_labels = 1
    return Gemma3TextForSequenceClassification(settings)


def scorer(base, adapter=None, start=None, dtype=torch.bfloat16):
    """The reward model on the shipped weights: with a trained adapter, or new and started from the SFT adapter."""
    model, tokenizer = load_shipped(base, dtype, cls=classifier)
    torch.nn.init.zeros_(model.score.weight)
    model.score.float()
    if adapter:
        return PeftModel.from_pretrained(model, adapter).eval(), tokenizer
    model = get_peft_model(model, LoraConfig(task_type="SEQ_CLS", modules_to_save=["score"], **LORA))
    if start:
        state = load_file(Path(start) / "adapter_model.safetensors")
        named = {name.replace(".weight", ".default.weight"): tensor.float() for name, tensor in state.items()}
        assert not model.load_state_dict(named, strict=False).unexpected_keys
    return model, tokenizer


def finished(tokenizer, question, answer, ended):
    """The ids of a finished chat; the end-of-turn is there only if the model wrote it."""
    return encode(tokenizer, chat(tokenizer, question) + answer + (END if ended else ""))


def rewards(model, sequences, batch=64):
    """[rows] scores; sequences of like length go together."""
    order = sorted(range(len(sequences)), key=lambda i: len(sequences[i]))
    values = [None] * len(sequences)
    inner = model.get_base_model()
    for start in range(0, len(order), batch):
        chunk = [sequences[i] for i in order[start : start + batch]]
        width = max(map(len, chunk))
        ids = torch.tensor([row + [0] * (width - len(row)) for row in chunk])
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in chunk])
        with torch.autocast("cpu", torch.bfloat16, enabled=inner.model.embed_tokens.weight.dtype == torch.bfloat16):
            hidden = inner.model(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state
        last = hidden[torch.arange(len(chunk)), mask.sum(1) - 1].float()
        with torch.autocast("cpu", enabled=False):
            for i, value in zip(order[start : start + batch], inner.score(last).squeeze(-1)):
                values[i] = value
    return torch.stack(values)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True)
    parser.add_argument("--sft", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--data", default=str(DATA), help="where preferences.jsonl is")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--lr", type=float, default=4e-4)
    parser.add_argument("--batch", type=int, default=8, help="groups of four answers")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--smoke", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    model, tokenizer = scorer(args.base, start=args.sft)
    rows = [row for row in read_jsonl(Path(args.data) / "preferences.jsonl") if len(set(row["scores"])) > 1]
    train, test = ([row for row in rows if row["split"] == split] for split in ("train", "test"))
    if args.smoke:
        train, test, args.epochs, args.batch = train[:8], test[:4], 1, 2
    trainable = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trainable, lr=args.lr, weight_decay=0.01)
    each = max(len(train) // args.batch, 1)
    steps, metrics, step, last = args.epochs * each, Metrics(out / "metrics.jsonl"), 0, out / "last.pt"
    if last.exists():
        state = torch.load(last)
        model.load_state_dict(state["model"], strict=False)
        optimizer.load_state_dict(state["optimizer"])
        step = state["step"]
    print(len(train), "groups to train on,", len(test), "to test,", steps, "steps", flush=True)
    model.train()
    while step < steps:
        epoch, place = divmod(step, each)
        order = random.Random(args.seed + epoch).sample(train, len(train))
        sequences, groups = batch_of(order[place * args.batch : (place + 1) * args.batch], tokenizer, finished)
        for group in optimizer.param_groups:
            group["lr"] = args.lr * min(1, (step + 1) / 10) * (1 - step / steps)
        values = rewards(model, sequences)
        loss, margins = group_loss(values, groups)
        loss.backward()
        grad_norm = torch.nn.utils.clip_grad_norm_(trainable, 1.0).item()
        optimizer.step()
        optimizer.zero_grad()
        step += 1
        metrics.write(step=step, loss=loss.item(), accuracy=(margins > 0).float().mean().item(), margin=margins.mean().item(), mean_reward=values.mean().item(),
                      grad_norm=grad_norm, learning_rate=optimizer.param_groups[0]["lr"])
        if step % 10 == 0:
            print(step, loss.item(), (margins > 0).float().mean().item(), flush=True)
        if step % 25 == 0 and not args.smoke:
            torch.save({"step": step, "model": {n: p for n, p in model.state_dict().items() if "lora_" in n or "score" in n}, "optimizer": optimizer.state_dict()}, last)
    model.eval()
    hits, every = [], []
    with torch.no_grad():
        for start in range(0, len(test), 16):
            sequences, groups = batch_of(test[start : start + 16], tokenizer, finished)
            values = rewards(model, sequences)
            hits += (group_loss(values, groups)[1] > 0).tolist()
            every += values.tolist()
    spread = torch.tensor(every)
    report = {"pairs": len(hits), "eval_accuracy": sum(hits) / max(len(hits), 1), "sft_reward_mean": spread.mean().item(), "sft_reward_std": max(spread.std().item(), 1e-6)}
    save_adapter(model, out / "adapter")
    (out / "reward.json").write_text(json.dumps(report, indent=1) + "\n")
    metrics.write(step=step, **report)
    print(report)


if __name__ == "__main__":
    main()
