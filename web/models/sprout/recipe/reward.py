"""Trains the reward model on the rankings: an adapter with a scalar head, started from the SFT adapter.

The four answers to a prompt make up to six pairs, trained together as one group (ties are dropped). The score is read at the last
token of the answer.
"""

import argparse
import json
import random
from pathlib import Path

import torch
import torch.nn.functional as F
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file
from transformers import LlamaForSequenceClassification, set_seed

from common import LORA, Metrics, chat, load_shipped, read_jsonl, save_adapter
from world import DATA


def scorer(base, adapter=None, start=None):
    """The reward model on the shipped weights: with a trained adapter, or new and started from the SFT adapter."""
    causal, tokenizer = load_shipped(base)
    config = causal.config
    config.num_labels, config.pad_token_id = 1, 0
    model = LlamaForSequenceClassification(config)
    model.model.load_state_dict(causal.model.state_dict())
    if adapter:
        return PeftModel.from_pretrained(model, adapter), tokenizer
    torch.nn.init.zeros_(model.score.weight)
    model = get_peft_model(model, LoraConfig(task_type="SEQ_CLS", modules_to_save=["score"], **LORA))
    if start:
        state = load_file(Path(start) / "adapter_model.safetensors")
        named = {name.replace(".weight", ".default.weight"): tensor.float() for name, tensor in state.items()}
        assert not model.load_state_dict(named, strict=False).unexpected_keys
    return model, tokenizer


def encode(tokenizer, question, answer, ended):
    return tokenizer(chat(tokenizer, question) + answer + ("<|im_end|>" if ended else ""), add_special_tokens=False).input_ids


def rewards(model, sequences):
    width = max(map(len, sequences))
    ids = torch.tensor([row + [0] * (width - len(row)) for row in sequences])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in sequences])
    return model(input_ids=ids, attention_mask=mask).logits.squeeze(-1).float()


def group_loss(values, groups):
    """Mean over groups of the mean over pairs of −log σ(better − worse); also the pairs' margins."""
    losses, margins = [], []
    for start, scores in groups:
        margin = torch.stack([values[start + i] - values[start + j] for i in range(4) for j in range(4) if scores[i] > scores[j]])
        losses.append(-F.logsigmoid(margin).mean())
        margins.append(margin.detach())
    return torch.stack(losses).mean(), torch.cat(margins)


def batch_of(rows, tokenizer, encode=encode):
    """The answers of some rankings, and for each ranking where its four begin and their scores."""
    sequences, groups = [], []
    for row in rows:
        groups.append((len(sequences), row["scores"]))
        sequences += [encode(tokenizer, row["prompt"][0]["content"], answer, ended) for answer, ended in zip(row["answers"], row["ended"])]
    return sequences, groups


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True)
    parser.add_argument("--sft", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--data", default=str(DATA), help="where preferences.jsonl is")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--lr", type=float, default=5e-4)
    parser.add_argument("--batch", type=int, default=16, help="groups of four answers")
    parser.add_argument("--validation", type=int, default=0, help="groups of the training split that are kept back, to decide on --epochs and --lr")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--smoke", action="store_true")
    args = parser.parse_args()
    set_seed(args.seed)
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    model, tokenizer = scorer(args.base, start=args.sft)
    rows = [row for row in read_jsonl(Path(args.data) / "preferences.jsonl") if len(set(row["scores"])) > 1]
    train, test = ([row for row in rows if row["split"] == split] for split in ("train", "test"))
    if args.validation:
        random.Random(0).shuffle(train)
        train, test = train[args.validation :], train[: args.validation]
    if args.smoke:
        train, test, args.epochs, args.batch = train[:16], test[:8], 1, 4
    trainable = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trainable, lr=args.lr, weight_decay=0.01)
    steps = args.epochs * (len(train) // args.batch)
    metrics, step, last = Metrics(out / "metrics.jsonl"), 0, out / "last.pt"
    if last.exists():
        state = torch.load(last)
        model.load_state_dict(state["model"], strict=False)
        optimizer.load_state_dict(state["optimizer"])
        step = state["step"]
    model.train()
    while step < steps:
        epoch, place = divmod(step, len(train) // args.batch)
        order = random.Random(args.seed + epoch).sample(train, len(train))
        sequences, groups = batch_of(order[place * args.batch : (place + 1) * args.batch], tokenizer)
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
        if step % 50 == 0 and not args.smoke:
            torch.save({"step": step, "model": {n: p for n, p in model.state_dict().items() if "lora_" in n or "score" in n}, "optimizer": optimizer.state_dict()}, last)
    model.eval()
    with torch.no_grad():
        hits, kept = [], []
        for part in (test, train[:150]):
            for start in range(0, len(part), 16):
                sequences, groups = batch_of(part[start : start + 16], tokenizer)
                values = rewards(model, sequences)
                if part is test:
                    hits += (group_loss(values, groups)[1] > 0).tolist()
                else:
                    kept += values.tolist()
    spread = torch.tensor(kept)
    report = {"pairs": len(hits), "eval_accuracy": sum(hits) / max(len(hits), 1), "sft_reward_mean": spread.mean().item(), "sft_reward_std": max(spread.std().item(), 1e-6)}
    save_adapter(model, out / "adapter")
    (out / "reward.json").write_text(json.dumps(report, indent=1) + "\n")
    metrics.write(step=step, **report)
    print(report)


if __name__ == "__main__":
    main()
