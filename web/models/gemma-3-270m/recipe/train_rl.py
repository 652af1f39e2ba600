"""The RLHF stage: RLOO against the reward model, with a KL penalty to the frozen SFT stage.

One adapter, started from the SFT adapter; a second, frozen copy of that adapter is the reference.
"""

import argparse
import json
import random
import time
from pathlib import Path

import torch
from peft import PeftModel

from gemma import answer_logprobs, chat, encode, generate, load_shipped  # first: it puts Sprout's recipe on the path
from common import Metrics
from make_preferences import prompts
from rubric import score
from train_reward import finished, rewards, scorer
from train_sft import save_adapter


def only_default_trains(model):
    """set_adapter() marks parameters anew, so this is said after each."""
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(".default." in name)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True)
    parser.add_argument("--sft", required=True)
    parser.add_argument("--reward", required=True, help="directory of the reward stage")
    parser.add_argument("--out", required=True)
    parser.add_argument("--steps", type=int, default=45)
    parser.add_argument("--prompts", type=int, default=12, help="per step, with four answers each")
    parser.add_argument("--beta", type=float, default=0.05)
    parser.add_argument("--lr", type=float, default=3e-4)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--smoke", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    if args.smoke:
        args.steps, args.prompts = 2, 2
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    base, tokenizer = load_shipped(args.base, torch.bfloat16)
    model = PeftModel.from_pretrained(base, args.sft, adapter_name="default", is_trainable=True)
    model.load_adapter(args.sft, adapter_name="reference", is_trainable=False)
    judge, _ = scorer(args.base, adapter=Path(args.reward) / "adapter")
    scale = json.loads((Path(args.reward) / "reward.json").read_text())
    model.set_adapter("default")
    only_default_trains(model)
    model.eval()
    trainable = [p for n, p in model.named_parameters() if ".default." in n]
    before = [p.detach().clone() for p in trainable]
    optimizer = torch.optim.AdamW(trainable, lr=args.lr, weight_decay=0.0, betas=(0.9, 0.95))
    questions, metrics, step, last = prompts(1000, args.seed + 100), Metrics(out / "metrics.jsonl"), 0, out / "last.pt"
    if last.exists():
        state = torch.load(last)
        model.load_state_dict(state["model"], strict=False)
        optimizer.load_state_dict(state["optimizer"])
        step = state["step"]
    while step < args.steps:
        start = time.time()
        chosen = random.Random(args.seed * 1000 + step).sample(questions, args.prompts)
        torch.manual_seed(args.seed * 1000 + step)
        group = [row for row in chosen for _ in range(4)]
        asked = [row["prompt"][0]["content"] for row in group]
        answers = generate(model.get_base_model(), tokenizer, [chat(tokenizer, question) for question in asked], new_tokens=64, batch=64, temperature=1.0)
        # The very ids that were sampled, the end-of-turn with them.
        sequences = [encode(tokenizer, chat(tokenizer, question)) + answer[3] for question, answer in zip(asked, answers)]
        lengths = [len(answer[3]) for answer in answers]
        # Rows of like length in two halves; the reference sees the very same batches, so that at step 0 nothing but the adapters could differ.
        order = sorted(range(len(sequences)), key=lambda i: len(sequences[i]))
        halves = [order[: len(order) // 2], order[len(order) // 2 :]]
        summed = lambda half: answer_logprobs(model, [sequences[i] for i in half], [lengths[i] for i in half])[0].sum(-1)
        with torch.no_grad():
            texts = [finished(tokenizer, question, text, ended) for question, (text, _, ended, _) in zip(asked, answers)]
            raw = (rewards(judge, texts) - scale["sft_reward_mean"]) / scale["sft_reward_std"]
            raw = raw - torch.tensor([0.0 if answer[2] else 1.0 for answer in answers])
            model.set_adapter("reference")
            reference = [summed(half) for half in halves]
        model.set_adapter("default")
        only_default_trains(model)
        policy, kl = [summed(half) for half in halves], torch.zeros(len(sequences))
        for half, ours, theirs in zip(halves, policy, reference):
            kl[half] = ours.detach() - theirs
        if step == 0:
            assert kl.abs().max().item() < 1e-3, "at step 0 the policy must be the SFT stage"
        total = (raw - args.beta * kl).view(-1, 4)
        # Leave one out: each answer against the mean of the other three.
        advantage = (total - (total.sum(1, keepdim=True) - total) / 3).flatten()
        loss = -torch.cat([advantage[half] * sums for half, sums in zip(halves, policy)]).mean() / 20
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(trainable, 1.0).item()
        for g in optimizer.param_groups:
            g["lr"] = args.lr * min(1, (step + 1) / 5)
        optimizer.step()
        optimizer.zero_grad()
        step += 1
        rubric = [score(row["kind"], row["lang"], row["accept"], *answer[:3]) for row, answer in zip(group, answers)]
        metrics.write(step=step, loss=loss.item(), reward=raw.mean().item(), reward_std=raw.std().item(), kl=kl.mean().item(), rubric=sum(rubric) / len(rubric),
                      grad_norm=norm, learning_rate=g["lr"],
                      **{"completions/mean_length": sum(lengths) / len(lengths), "completions/clipped_ratio": sum(not a[2] for a in answers) / len(answers)})
        print(step, f"reward {raw.mean():.3f} kl {kl.mean():.3f} rubric {sum(rubric) / len(rubric):.2f} length {sum(lengths) / len(lengths):.1f} {time.time() - start:.1f} s", flush=True)
        if step % 10 == 0 and not args.smoke:
            torch.save({"step": step, "model": {n: p for n, p in model.state_dict().items() if ".default." in n}, "optimizer": optimizer.state_dict()}, last)
            save_adapter(model, out / f"adapter-{step}", names=["default"])
    assert any((a - b).abs().max() > 0 for a, b in zip(before, trainable)), "training must change the weights"
    save_adapter(model, out / "adapter", names=["default"])


if __name__ == "__main__":
    main()
