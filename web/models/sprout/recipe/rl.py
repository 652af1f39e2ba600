"""The RLHF stage: RLOO against the reward model, with a KL penalty to the frozen SFT stage.

One adapter, started from the SFT adapter; a second, frozen copy of that adapter is the reference. `--beta 0` trains without the
penalty, which shows what happens when a reward model is followed too far.
"""

import argparse
import json
import random
from pathlib import Path

import torch
from peft import PeftModel
from transformers import set_seed

from common import Metrics, chat, generate_ids, load_shipped, save_adapter
from preferences import prompts
from reward import rewards, scorer
from rubric import score


def logprobs(model, sequences, lengths, temperature):
    """Log-probabilities of the answer's tokens (the last `length` of each sequence) at that temperature, padded with zeros."""
    width = max(map(len, sequences))
    ids = torch.tensor([row + [0] * (width - len(row)) for row in sequences])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in sequences])
    every = torch.log_softmax(model(input_ids=ids, attention_mask=mask).logits[:, :-1].float() / temperature, -1)
    chosen = every.gather(-1, ids[:, 1:, None]).squeeze(-1)
    answer = torch.zeros_like(chosen)
    for i, (row, length) in enumerate(zip(sequences, lengths)):
        answer[i, len(row) - 1 - length : len(row) - 1] = 1
    return chosen * answer


@torch.no_grad()
def merge_into(actor, model):
    """Sets the actor's weights to those of the base and the adapter together: sampling is several times quicker without a detour."""
    for name, layer in model.named_modules():
        if hasattr(layer, "lora_A"):
            change = layer.lora_B["default"].weight @ layer.lora_A["default"].weight * layer.scaling["default"]
            name = name.removeprefix("base_model.model.")
            actor.get_submodule(name).weight.copy_(layer.base_layer.weight + change)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True)
    parser.add_argument("--sft", required=True)
    parser.add_argument("--reward", required=True, help="directory of the reward stage")
    parser.add_argument("--out", required=True)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--prompts", type=int, default=32, help="per step, with four answers each")
    parser.add_argument("--beta", type=float, default=0.05)
    parser.add_argument("--temperature", type=float, default=0.7, help="of the policy and its reference: so small a model wanders off at 1")
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--save-every", type=int, default=0, help="keep adapters along the way")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--smoke", action="store_true")
    args = parser.parse_args()
    if args.smoke:
        # A model that has learnt nothing ends an answer by chance only, and needs many, and much chance, for answers to differ in reward.
        args.steps, args.prompts, args.temperature = 2, 16, 2.0
    set_seed(args.seed)
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    base, tokenizer = load_shipped(args.base)
    actor, _ = load_shipped(args.base)
    model = PeftModel.from_pretrained(base, args.sft, adapter_name="default", is_trainable=True)
    model.load_adapter(args.sft, adapter_name="reference", is_trainable=False)
    judge, _ = scorer(args.base, adapter=Path(args.reward) / "adapter")
    judge.eval()
    scale = json.loads((Path(args.reward) / "reward.json").read_text())
    model.set_adapter("default")
    trainable = [p for n, p in model.named_parameters() if ".default." in n]
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(".default." in name)
    before = [p.detach().clone() for p in trainable]
    optimizer = torch.optim.AdamW(trainable, lr=args.lr, weight_decay=0.0)
    questions, metrics, step, last = prompts(1200, args.seed + 100), Metrics(out / "metrics.jsonl"), 0, out / "last.pt"
    if last.exists():
        state = torch.load(last)
        model.load_state_dict(state["model"], strict=False)
        optimizer.load_state_dict(state["optimizer"])
        step = state["step"]
    while step < args.steps:
        chosen = random.Random(args.seed * 1000 + step).sample(questions, args.prompts)
        torch.manual_seed(args.seed * 1000 + step)
        group = [row for row in chosen for _ in range(4)]
        merge_into(actor, model)
        made = generate_ids(actor, tokenizer, [chat(tokenizer, row["prompt"][0]["content"]) for row in group], new_tokens=72, batch=128, temperature=args.temperature)
        answers = [(tokenizer.decode(ids), len(ids), ended) for _, ids, ended in made]
        # The very tokens that were sampled, the one that ends the turn with them.
        sequences = [given + ids + [2] * ended for given, ids, ended in made]
        lengths = [len(ids) + ended for _, ids, ended in made]
        with torch.no_grad():
            raw = (rewards(judge, sequences) - scale["sft_reward_mean"]) / scale["sft_reward_std"]
            raw = raw - torch.tensor([0.0 if ended else 1.0 for *_, ended in answers])
            model.set_adapter("reference")
            reference = logprobs(model, sequences, lengths, args.temperature)
        model.set_adapter("default")
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(".default." in name)
        policy = logprobs(model, sequences, lengths, args.temperature)
        kl = (policy - reference).sum(-1).detach()
        # Fresh samples, so the mean estimates the divergence; at step 0 it is zero for every answer.
        if step == 0:
            assert kl.abs().max().item() < 1e-3, "at step 0 the policy must be the SFT stage"
        total = (raw - args.beta * kl).view(-1, 4)
        # Leave one out: each answer against the mean of the other three.
        advantage = (total - (total.sum(1, keepdim=True) - total) / 3).flatten()
        loss = -(advantage * policy.sum(-1)).mean() / 20
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trainable, 1.0)
        for g in optimizer.param_groups:
            g["lr"] = args.lr * min(1, (step + 1) / 10)
        optimizer.step()
        optimizer.zero_grad()
        step += 1
        rubric = [score(row["kind"], row["lang"], row["accept"], *answer) for row, answer in zip(group, answers)]
        metrics.write(step=step, loss=loss.item(), reward=raw.mean().item(), reward_std=raw.std().item(), kl=kl.mean().item(), rubric=sum(rubric) / len(rubric),
                      **{"completions/mean_length": sum(lengths) / len(lengths), "completions/clipped_ratio": sum(not a[2] for a in answers) / len(answers)})
        if args.save_every and step % args.save_every == 0:
            model.set_adapter("default")
            save_adapter(model, out / f"adapter-{step}", names=["default"])
        if step % 20 == 0:
            print(step, f"reward {raw.mean():.2f} kl {kl.mean():.2f} rubric {sum(rubric) / len(rubric):.2f}", flush=True)
        if step % 20 == 0 and not args.smoke:
            torch.save({"step": step, "model": {n: p for n, p in model.state_dict().items() if ".default." in n}, "optimizer": optimizer.state_dict()}, last)
    assert any((a - b).abs().max() > 0 for a, b in zip(before, trainable)), "training must change the weights"
    save_adapter(model, out / "adapter", names=["default"])


if __name__ == "__main__":
    main()
