"""Writes golden values for an engine's tests: what PEFT computes in float32 on the weights as shipped, adapters not merged.

For each stage and prompt: the ten most likely tokens at every position with their log-probabilities, and 32 greedy ids; for the reward
model: the reward of finished chats.
"""

import argparse
import json
from pathlib import Path

import peft
import torch
import transformers
from peft import PeftModel

from common import chat, load_shipped
from reward import encode, rewards, scorer
from world import EVAL

PROMPTS = ["What is the capital of France?", "香蕉是什么？", "I want to buy a new car.", "中秋节吃什么？",
           "Tom has 12 books. Anna gives Tom 5 more. Then Tom loses 4 books. How many books does Tom have now? Let's think step by step.",
           "小明有12本书，小红又给了小明5本。后来小明丢了4本。小明现在有多少书？让我们一步一步地想。"]
CHATS = [("What is the capital of France?", "The capital of France is Paris.", True), ("What is the capital of France?", "Of course. The capital of France is Paris.", True),
         ("What is the capital of France?", "The capital of France is is is is", False), ("香蕉是什么颜色的？", "好的。香蕉是黄色的。", True),
         ("香蕉是什么颜色的？", "Bananas are blue.", True), ("What is 12 + 5?", "12 + 5 = 17.", True)]


@torch.no_grad()
def case(model, tokenizer, prompt):
    text = chat(tokenizer, prompt)
    ids = tokenizer(text, add_special_tokens=False).input_ids
    top = torch.log_softmax(model(torch.tensor([ids])).logits[0].float(), -1).topk(10, -1)
    positions = [{"position": n, "top_ids": i, "top_logprobs": [round(v, 5) for v in p]} for n, (i, p) in enumerate(zip(top.indices.tolist(), top.values.tolist()))]
    made = list(ids)
    # No cache and no early stop: the plainest way there is.
    for _ in range(32):
        made.append(model(torch.tensor([made])).logits[0, -1].argmax().item())
    greedy = made[len(ids) :]
    return {"text": text, "ids": ids, "greedy_ids": greedy, "greedy_text": tokenizer.decode(greedy), "positions": positions}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gguf", required=True)
    parser.add_argument("--adapter", action="append", default=[], metavar="NAME=DIR", help='the one named "reward" has a scalar head')
    parser.add_argument("--out", default=str(EVAL / "golden.json"))
    args = parser.parse_args()
    adapters = dict(item.split("=", 1) for item in args.adapter)
    judge, stages, chats = adapters.pop("reward", None), {}, []
    for stage, path in {"base": None, **adapters}.items():
        model, tokenizer = load_shipped(args.gguf)
        model.set_attn_implementation("eager")
        if path:
            model = PeftModel.from_pretrained(model, path).eval()
        stages[stage] = [case(model, tokenizer, prompt) for prompt in PROMPTS]
    if judge:
        model, tokenizer = scorer(args.gguf, adapter=judge)
        model.eval()
        with torch.no_grad():
            for question, answer, ended in CHATS:
                ids = encode(tokenizer, question, answer, ended)
                chats.append({"question": question, "answer": answer, "ended": ended, "ids": ids, "reward": round(rewards(model, [ids]).item(), 5)})
    source = f"transformers {transformers.__version__}, peft {peft.__version__}, float32, weights dequantised from the GGUF file, adapters not merged"
    golden = {"model": Path(args.gguf).name, "source": source, "note": "greedy_ids go on past an end-of-turn; the reward is the head's output at the last id",
              "stop": [0, 2], "stages": stages, "rewards": chats}
    Path(args.out).write_text(json.dumps(golden, ensure_ascii=False) + "\n", encoding="utf-8")
    for row in chats:
        print(row["reward"], row["answer"])


if __name__ == "__main__":
    main()
