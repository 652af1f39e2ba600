"""Writes ../eval/golden.json: what PEFT computes in float32 on the dequantised weights, for the engine's tests.

For each prompt and stage: the ten most likely tokens at every position with their log-probabilities, and 32 greedy ids; for the reward
model: the reward of finished chats.
"""

import argparse
import json

import peft
import torch
import transformers
from peft import PeftModel

from gemma import EVAL, STOP, TRIO, chat, encode, load_shipped
from train_reward import finished, rewards, scorer

PROMPTS = ["What is the capital of France?", "香蕉是什么？", "I want to buy a new car.",
           "小明有12本书，小红又给了小明5本，后来小明丢了4本。小明现在有多少书？让我们一步一步地想。"]
CHATS = [("What is the capital of France?", "The capital of France is Paris.", True), ("What is the capital of France?", "Of course. The capital of France is Paris.", True),
         ("What is the capital of France?", "The capital of France is is is is", False), ("香蕉是什么颜色的？", "好的。香蕉是黄色的。", True),
         ("香蕉是什么颜色的？", "Bananas are blue.", True), ("What is 12 + 5?", "12 + 5 = 17.", True)]


@torch.no_grad()
def case(model, tokenizer, prompt):
    ids = encode(tokenizer, chat(tokenizer, prompt))
    logprobs = torch.log_softmax(model(torch.tensor([ids])).logits[0].float(), -1)
    top = logprobs.topk(10, -1)
    positions = [{"position": n, "top_ids": i, "top_logprobs": [round(v, 5) for v in p]} for n, (i, p) in enumerate(zip(top.indices.tolist(), top.values.tolist()))]
    made = list(ids)
    # No cache and no early stop: the plainest way there is.
    for _ in range(32):
        made.append(model(torch.tensor([made])).logits[0, -1].argmax().item())
    greedy = made[len(ids):]
    return {"text": chat(tokenizer, prompt), "ids": ids, "greedy_ids": greedy, "greedy_text": tokenizer.decode(greedy), "positions": positions}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True)
    parser.add_argument("--stages", nargs="*", default=["sft", "rlhf"])
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    stages = {}
    for stage in ["base", *args.stages]:
        model, tokenizer = load_shipped(args.base, attention="eager")
        if stage != "base":
            model = PeftModel.from_pretrained(model, TRIO / "adapters" / stage).eval()
        stages[stage] = [case(model, tokenizer, prompt) for prompt in PROMPTS]
    judge, tokenizer = scorer(args.base, adapter=TRIO / "adapters" / "reward", dtype=torch.float32)
    chats = []
    with torch.no_grad():
        for question, answer, ended in CHATS:
            ids = finished(tokenizer, question, answer, ended)
            chats.append({"question": question, "answer": answer, "ended": ended, "ids": ids, "reward": round(rewards(judge, [ids]).item(), 5)})
    golden = {"model": "gemma-3-270m-q4_k_m.gguf", "source": f"transformers {transformers.__version__}, peft {peft.__version__}, float32, weights dequantised from the GGUF file, adapters not merged",
              "note": "greedy_ids go on past an end-of-turn; the reward is the head's output at the last id", "stop": list(STOP), "stages": stages, "rewards": chats}
    (EVAL / "golden.json").write_text(json.dumps(golden, ensure_ascii=False) + "\n", encoding="utf-8")
    for row in chats:
        print(row["reward"], row["answer"])


if __name__ == "__main__":
    main()
