"""What several stages share: the shape of the model, metrics, sampling."""

import json
import time
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import LlamaConfig, LlamaForCausalLM

CONTEXT = 512
SHAPE = dict(
    hidden_size=192,
    intermediate_size=512,
    num_hidden_layers=6,
    num_attention_heads=6,
    num_key_value_heads=3,
    max_position_embeddings=CONTEXT,
    rms_norm_eps=1e-5,
    tie_word_embeddings=True,
    bos_token_id=0,
    eos_token_id=0,
    pad_token_id=0,
)

PROMPTS = ["A banana is", "香蕉是", "What is the capital of France?", "Q: What is the capital of France?\nA:", "问：中秋节吃什么？\n答：",
           "Q: Tom has 12 books. Anna gives Tom 5 more. Then Tom loses 4. How many books does Tom have now?\nA:", "One day, Mia", "有一天，"]


def new_model(vocabulary, seed):
    torch.manual_seed(seed)
    return LlamaForCausalLM(LlamaConfig(vocab_size=vocabulary, **SHAPE))


class Metrics:
    """Appends one JSON object a line."""

    def __init__(self, path):
        self.path, self.start = Path(path), time.time()

    def write(self, **values):
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps({k: round(v, 5) if isinstance(v, float) else v for k, v in values.items()}, ensure_ascii=False) + "\n")


@torch.no_grad()
def continue_text(model, tokenizer, prompt, tokens=40, stop=(0, 2)):
    """Greedy continuation."""
    model.eval()
    ids = tokenizer(prompt, add_special_tokens=False, return_tensors="pt").input_ids
    out = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=tokens, do_sample=False, eos_token_id=list(stop), pad_token_id=0)
    model.train()
    return tokenizer.decode(out[0, ids.shape[1] :], skip_special_tokens=False)


LORA = dict(r=12, lora_alpha=24, lora_dropout=0.0, bias="none",
            target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"])


def load_shipped(path):
    """The base model with the weights as shipped (the GGUF file, dequantised) and its tokenizer."""
    import gguf
    from transformers import AutoTokenizer

    from export import load_dequantised

    path = Path(path)
    tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
    tokenizer.chat_template = gguf.GGUFReader(path).fields["tokenizer.chat_template"].contents()
    tokenizer.pad_token_id, tokenizer.eos_token = 0, "<|im_end|>"
    return load_dequantised(path, LlamaConfig(vocab_size=len(tokenizer), **SHAPE)), tokenizer


def read_jsonl(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def write_jsonl(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def chat(tokenizer, question):
    return tokenizer.apply_chat_template([{"role": "user", "content": question}], tokenize=False, add_generation_prompt=True)


@torch.no_grad()
def generate_ids(model, tokenizer, prompts, new_tokens=96, batch=64, temperature=0.0, stop=(0, 2)):
    """[(ids of the prompt, ids made, ended by itself)] for prompts as they stand; the token that ends an answer is not among its ids."""
    model.eval()
    out = [None] * len(prompts)
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    for start in range(0, len(order), batch):
        chunk = order[start : start + batch]
        ids = [tokenizer(prompts[i], add_special_tokens=False).input_ids for i in chunk]
        width = max(map(len, ids))
        inputs = torch.tensor([[0] * (width - len(row)) + row for row in ids])
        mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in ids])
        sampling = dict(do_sample=True, temperature=temperature, top_k=0, top_p=1.0) if temperature else dict(do_sample=False)
        made = model.generate(input_ids=inputs, attention_mask=mask, max_new_tokens=new_tokens, eos_token_id=list(stop), pad_token_id=0, **sampling)
        for i, given, row in zip(chunk, ids, made[:, width:].tolist()):
            length = next((n for n, token in enumerate(row) if token in stop), None)
            out[i] = (given, row if length is None else row[:length], length is not None)
    return out


def generate(model, tokenizer, prompts, **options):
    """[(text, number of tokens, ended by itself)]"""
    return [(tokenizer.decode(ids), len(ids), ended) for _, ids, ended in generate_ids(model, tokenizer, prompts, **options)]


def save_adapter(model, path, dtype=torch.float16, names=None):
    """PEFT's two files; the weights as F16 to keep them small, without this machine's paths."""
    path = Path(path)
    model.save_pretrained(path, selected_adapters=names, save_embedding_layers=False)
    weights = path / "adapter_model.safetensors"
    save_file({name: tensor.to(dtype).contiguous() for name, tensor in load_file(weights).items()}, weights, metadata={"format": "pt"})
    weights.chmod(0o644)
    config = json.loads((path / "adapter_config.json").read_text())
    config["base_model_name_or_path"] = "sprout-base"
    (path / "adapter_config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    (path / "README.md").unlink(missing_ok=True)
