"""Fine-tunes the base model on ../data/sft.jsonl: a LoRA adapter (PEFT) trained with TRL on the weights as shipped."""

import argparse
import os
from pathlib import Path

import torch
from datasets import Dataset
from peft import LoraConfig, get_peft_model
from peft.optimizers import create_loraplus_optimizer
from transformers import TrainerCallback, set_seed
from transformers.trainer_utils import get_last_checkpoint
from trl import SFTConfig, SFTTrainer

from common import LORA, Metrics, chat, continue_text, load_shipped, read_jsonl, save_adapter, write_jsonl
from world import DATA

QUESTIONS = ["What is the capital of France?", "中秋节吃什么？", "How do bees make honey?", "我想买一辆新车。", "What is 12 + 5?",
             "Tom has 12 books. Anna gives Tom 5 more. Then Tom loses 4. How many books does Tom have now? Let's think step by step."]


class LogMetrics(TrainerCallback):
    """Writes what the trainer logs, under TRL's names."""

    def __init__(self, path):
        self.metrics = Metrics(path)

    def on_log(self, args, state, control, logs=None, **kwargs):
        if state.is_world_process_zero:
            self.metrics.write(step=state.global_step, **{k: float(v) for k, v in logs.items() if isinstance(v, (int, float))})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True, help="the GGUF file")
    parser.add_argument("--out", required=True)
    parser.add_argument("--epochs", type=float, default=3)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--batch", type=int, default=32, help="conversations per step and process")
    parser.add_argument("--ratio", type=float, default=8, help="LoRA+: how much faster B learns than A")
    parser.add_argument("--steps", type=int, default=-1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--smoke", action="store_true")
    args = parser.parse_args()
    set_seed(args.seed)
    model, tokenizer = load_shipped(args.base)
    rows = read_jsonl(DATA / "sft.jsonl")[: 64 if args.smoke else None]
    dataset = Dataset.from_list([{"prompt": chat(tokenizer, row["messages"][0]["content"]), "completion": row["messages"][1]["content"] + "<|im_end|>"} for row in rows])
    out = Path(args.out)
    config = SFTConfig(
        output_dir=str(out / "trainer"), num_train_epochs=args.epochs, max_steps=2 if args.smoke else args.steps, per_device_train_batch_size=args.batch,
        learning_rate=args.lr, lr_scheduler_type="cosine", warmup_steps=0.03, weight_decay=0.0, max_length=512, completion_only_loss=True,
        logging_steps=1 if args.smoke else 10, save_steps=100, save_total_limit=1, bf16=True, use_cpu=True, report_to=[], seed=args.seed,
        gradient_checkpointing=False, disable_tqdm=True, train_sampling_strategy="group_by_length", dataloader_pin_memory=False, ddp_backend="gloo" if int(os.environ.get("WORLD_SIZE", 1)) > 1 else None,
    )
    model = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **LORA))
    optimizer = create_loraplus_optimizer(model, torch.optim.AdamW, lr=args.lr, loraplus_lr_ratio=args.ratio, loraplus_weight_decay=0.0)
    trainer = SFTTrainer(model=model, args=config, train_dataset=dataset, processing_class=tokenizer, optimizers=(optimizer, None),
                         callbacks=[LogMetrics(out / "metrics.jsonl")])
    trainer.train(resume_from_checkpoint=get_last_checkpoint(out / "trainer") if (out / "trainer").exists() else None)
    if trainer.is_world_process_zero():
        save_adapter(trainer.model, out / "adapter")
        write_jsonl(out / "samples.jsonl", [{"prompt": q, "text": continue_text(trainer.model, tokenizer, chat(tokenizer, q), 64)} for q in QUESTIONS])


if __name__ == "__main__":
    main()
