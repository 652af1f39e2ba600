"""Gemma 3 270M with the weights as shipped (the GGUF file, dequantised), its tokenizer and chat text, and quick generation."""

import json
import os
import sys
from pathlib import Path

import gguf
import torch
from transformers import AutoTokenizer, DynamicCache, Gemma3ForCausalLM, Gemma3TextConfig
from transformers.initialization import no_init_weights

HERE = Path(__file__).resolve().parent
TRIO = HERE.parent
DATA, EVAL, METRICS = TRIO / "data", TRIO / "eval", TRIO / "metrics"
# What is the same for both trios (n-grams, the rubric, intervals, metrics files) is Sprout's.
sys.path.append(str(TRIO.parent / "sprout" / "recipe"))

MANIFEST = json.loads((TRIO.parent / "gemma-3-270m.json").read_text(encoding="utf-8"))
STOP = tuple(MANIFEST["stop"])
END = "<end_of_turn>"
LORA = dict(r=8, lora_alpha=16, lora_dropout=0.0, bias="none",
            target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"])
NAMES = {
    "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
    "attn_q_norm": "self_attn.q_norm", "attn_k_norm": "self_attn.k_norm", "attn_norm": "input_layernorm",
    "post_attention_norm": "post_attention_layernorm", "ffn_norm": "pre_feedforward_layernorm", "post_ffw_norm": "post_feedforward_layernorm",
    "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
}


def config(attention):
    return Gemma3TextConfig(
        vocab_size=262144, hidden_size=640, intermediate_size=2048, num_hidden_layers=18, num_attention_heads=4, num_key_value_heads=1,
        head_dim=256, max_position_embeddings=32768, query_pre_attn_scalar=256, sliding_window=512, pad_token_id=0, eos_token_id=1, bos_token_id=2,
        attn_implementation=attention,
    )


def shipped_state(path):
    """The file's tensors, dequantised, under Hugging Face's names."""
    state = {}
    for tensor in gguf.GGUFReader(path).tensors:
        shape = tensor.shape.tolist()[::-1]
        weight = torch.from_numpy(gguf.quants.dequantize(tensor.data, tensor.tensor_type).reshape(shape).copy())
        if tensor.name.endswith("norm.weight"):
            weight -= 1  # the file holds 1 + weight
        if tensor.name.startswith("blk."):
            _, block, name, _ = tensor.name.split(".")
            state[f"model.layers.{block}.{NAMES[name]}.weight"] = weight
        else:
            state[{"token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight"}[tensor.name]] = weight
    return state


def load_shipped(path, dtype=torch.float32, attention="sdpa", cls=Gemma3ForCausalLM):
    """(model, tokenizer): the base model with the weights as shipped."""
    with no_init_weights():
        model = cls(config(attention))
    missing, unexpected = model.load_state_dict(shipped_state(path), strict=False)
    assert set(missing) <= {"lm_head.weight", "score.weight"} and not unexpected, (missing, unexpected)
    model.tie_weights()
    return model.to(dtype).eval(), load_tokenizer(path)


def load_tokenizer(path):
    """The file's tokenizer; GLASSBOX_CACHE may name a directory that keeps it, as its conversion takes a quarter of a minute."""
    path, cache = Path(path), os.environ.get("GLASSBOX_CACHE")
    kept = Path(cache) / (path.stem + "-tokenizer") if cache else None
    if kept and kept.exists():
        tokenizer = AutoTokenizer.from_pretrained(kept)
    else:
        tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
        if kept:
            tokenizer.save_pretrained(kept)
    tokenizer.chat_template = MANIFEST["chat_template"]
    return tokenizer


def chat(tokenizer, question):
    """The text the model reads before it answers (begins with BOS)."""
    return tokenizer.apply_chat_template([{"role": "user", "content": question}], tokenize=False, add_generation_prompt=True)


def encode(tokenizer, text):
    return tokenizer(text, add_special_tokens=False).input_ids


class TokenLogprob(torch.autograd.Function):
    """log softmax(hidden · Wᵀ)[label] for each row, in chunks, so that 262,144 logits a token are never kept.

    Its gradient by the hidden state is W[label] − Σ p·W, worked out on the way forward.
    """

    @staticmethod
    def forward(ctx, hidden, weight, labels):
        out, slopes = [], []
        for start in range(0, len(labels), 256):
            h, y = hidden[start : start + 256], labels[start : start + 256]
            logits = (h.to(weight.dtype) @ weight.T).float()
            total = torch.logsumexp(logits, -1)
            out.append(logits.gather(-1, y[:, None]).squeeze(-1) - total)
            if ctx.needs_input_grad[0]:
                p = logits.sub_(total[:, None]).exp_().to(weight.dtype)
                slopes.append(weight[y].float() - (p @ weight).float())
        if slopes:
            ctx.save_for_backward(torch.cat(slopes))
            ctx.dtype = hidden.dtype
        return torch.cat(out)

    @staticmethod
    def backward(ctx, grad):
        (slopes,) = ctx.saved_tensors
        return (grad[:, None] * slopes).to(ctx.dtype), None, None


def answer_logprobs(model, sequences, lengths):
    """[rows, longest answer] log-probabilities of each sequence's last `length` tokens, right-padded with zeros; and the mask."""
    width, longest = max(map(len, sequences)), max(lengths)
    ids = torch.tensor([row + [0] * (width - len(row)) for row in sequences])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in sequences])
    inner = model.get_base_model() if hasattr(model, "get_base_model") else model
    with torch.autocast("cpu", torch.bfloat16, enabled=inner.lm_head.weight.dtype == torch.bfloat16):
        hidden = inner.model(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state
    rows, places, slots = [], [], []
    for n, (row, length) in enumerate(zip(sequences, lengths)):
        rows += [n] * length
        places += range(len(row) - length, len(row))
        slots += range(length)
    rows, places, slots = map(torch.tensor, (rows, places, slots))
    flat = TokenLogprob.apply(hidden[rows, places - 1], inner.lm_head.weight.detach(), ids[rows, places])
    out = torch.zeros(len(sequences), longest).index_put((rows, slots), flat)
    return out, torch.zeros(len(sequences), longest).index_put((rows, slots), torch.ones(len(rows)))


@torch.no_grad()
def generate(model, tokenizer, prompts, new_tokens=96, batch=64, temperature=0.0):
    """[(text, number of tokens, ended by itself, ids)] for prompts as they stand; rows that have ended leave the batch."""
    out = [None] * len(prompts)
    encoded = [encode(tokenizer, prompt) for prompt in prompts]
    order = sorted(range(len(prompts)), key=lambda i: len(encoded[i]))
    for start in range(0, len(order), batch):
        chunk = order[start : start + batch]
        width = max(len(encoded[i]) for i in chunk)
        ids = torch.tensor([[0] * (width - len(encoded[i])) + encoded[i] for i in chunk])
        mask = torch.tensor([[0] * (width - len(encoded[i])) + [1] * len(encoded[i]) for i in chunk])
        cache, places, made = DynamicCache(), (mask.cumsum(-1) - 1).clamp(min=0), [[] for _ in chunk]
        alive = list(range(len(chunk)))
        for _ in range(new_tokens):
            hidden = model.model(input_ids=ids, attention_mask=mask, position_ids=places, cache=cache, use_cache=True).last_hidden_state[:, -1]
            logits = (hidden @ model.lm_head.weight.T).float()
            if temperature:
                # A sample from the softmax by its running sum: one random number a row.
                sums = (logits / temperature - logits.amax(-1, keepdim=True) / temperature).exp_().cumsum(-1)
                token = torch.searchsorted(sums, torch.rand(len(sums), 1) * sums[:, -1:]).squeeze(-1).clamp(max=logits.shape[-1] - 1)
            else:
                token = logits.argmax(-1)
            stay = []
            for n, t in enumerate(token.tolist()):
                made[alive[n]].append(t)
                if t not in STOP:
                    stay.append(n)
            alive = [alive[n] for n in stay]
            if not alive:
                break
            if len(stay) < len(token):
                keep = torch.tensor(stay)
                token, mask, places = token[keep], mask[keep], places[keep]
                cache.batch_select_indices(keep)
            ids, places = token[:, None], places[:, -1:] + 1
            mask = torch.cat([mask, mask.new_ones(len(mask), 1)], 1)
        for i, row in zip(chunk, made):
            ended = row[-1] in STOP
            kept = row[:-1] if ended else row
            out[i] = (tokenizer.decode(kept), len(kept), ended, row)
    return out
