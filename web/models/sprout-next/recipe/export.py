"""Writes a checkpoint as a GGUF file (Q8_0, or Q4_0 for the early checkpoints) and checks it.

llama.cpp's conventions: the rows of q and k are permuted for interleaved rotary embedding, norms stay F32. The check reads the file
back, dequantises it, undoes the permutation, and compares the logits with those of the checkpoint.
"""

import argparse
import json
from pathlib import Path

import gguf
import numpy as np
import torch
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

from common import PROMPTS

NAMES = {
    "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
}


def gguf_name(name):
    if name == "model.embed_tokens.weight":
        return "token_embd.weight"
    if name == "model.norm.weight":
        return "output_norm.weight"
    _, _, layer, module = name.removesuffix(".weight").split(".", 3)
    return f"blk.{layer}.{NAMES[module]}.weight"


def permute(weight, heads):
    """Half-split rotary order (Hugging Face) to interleaved order (llama.cpp)."""
    return weight.reshape(heads, 2, -1, weight.shape[-1]).swapaxes(1, 2).reshape(weight.shape)


def unpermute(weight, heads):
    return weight.reshape(heads, -1, 2, weight.shape[-1]).swapaxes(1, 2).reshape(weight.shape)


def heads_of(name, config):
    return config.num_attention_heads if "attn_q." in name else config.num_key_value_heads if "attn_k." in name else None


def write(model, tokenizer, path, quantization, with_tokenizer=True):
    config = model.config
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type("model")
    writer.add_name("Sprout")
    writer.add_size_label("4M")
    writer.add_license("apache-2.0")
    writer.add_languages(["en", "zh"])
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_rope_freq_base(float(config.rope_parameters["rope_theta"]))
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0 if quantization == "Q8_0" else gguf.LlamaFileType.MOSTLY_Q4_0)
    writer.add_vocab_size(config.vocab_size)
    writer.add_rope_dimension_count(config.hidden_size // config.num_attention_heads)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    if with_tokenizer:
        saved = json.loads(tokenizer.backend_tokenizer.to_str())
        vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
        special = set(tokenizer.all_special_ids) | {0, 1, 2}
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre("smollm")
        writer.add_token_list([token for token, _ in vocabulary])
        writer.add_token_types([gguf.TokenType.CONTROL if number in special else gguf.TokenType.NORMAL for _, number in vocabulary])
        writer.add_token_merges([" ".join(pair) if isinstance(pair, list) else pair for pair in saved["model"]["merges"]])
        writer.add_bos_token_id(0)
        writer.add_eos_token_id(0)
        writer.add_eot_token_id(2)
        writer.add_pad_token_id(0)
        writer.add_add_bos_token(False)
        writer.add_add_space_prefix(False)
        writer.add_chat_template(tokenizer.chat_template)
    kind = getattr(gguf.GGMLQuantizationType, quantization)
    for name, tensor in model.state_dict().items():
        if name == "lm_head.weight":
            continue  # tied to the embedding
        weight, target = tensor.float().numpy(), gguf_name(name)
        if heads := heads_of(target, config):
            weight = permute(weight, heads)
        if weight.ndim == 1:
            writer.add_tensor(target, weight)
        else:
            writer.add_tensor(target, gguf.quants.quantize(np.ascontiguousarray(weight), kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def load_dequantised(path, config):
    """A torch model with the weights as shipped: the file's, dequantised, in Hugging Face's order."""
    model = LlamaForCausalLM(config)
    targets = {gguf_name(name): name for name in model.state_dict() if name != "lm_head.weight"}
    state = {}
    for tensor in gguf.GGUFReader(path).tensors:
        shape = tensor.shape.tolist()[::-1]
        weight = gguf.quants.dequantize(tensor.data, tensor.tensor_type).reshape(shape)
        if heads := heads_of(tensor.name, config):
            weight = unpermute(weight, heads)
        state[targets[tensor.name]] = torch.from_numpy(weight.copy())
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert set(missing) <= {"lm_head.weight"} and not unexpected, (missing, unexpected)
    model.tie_weights()
    return model.eval()


def largest_error_in_steps(model, shipped):
    """The largest rounding error of a weight, in quantization steps of its block of 32; Q8_0 rounds to the nearest, so about 0.5."""
    worst = 0.0
    theirs = shipped.state_dict()
    for name, weight in model.state_dict().items():
        if weight.ndim == 2:
            blocks = weight.float().reshape(-1, 32)
            step = blocks.abs().amax(1, keepdim=True) / 127
            worst = max(worst, ((blocks - theirs[name].reshape(-1, 32)).abs() / step.clamp(min=1e-12)).max().item())
    return worst


@torch.no_grad()
def compare(model, shipped, tokenizer):
    """Largest and mean difference of log-probabilities, and how often both prefer the same token."""
    worst, total, count, agree = 0.0, 0.0, 0, 0
    for prompt in PROMPTS:
        ids = tokenizer(prompt, add_special_tokens=False, return_tensors="pt").input_ids
        a, b = (torch.log_softmax(m(ids).logits.float(), -1) for m in (model, shipped))
        top = a.topk(10, -1).indices
        difference = (a.gather(-1, top) - b.gather(-1, top)).abs()
        worst, total, count = max(worst, difference.max().item()), total + difference.sum().item(), count + difference.numel()
        agree += (a.argmax(-1) == b.argmax(-1)).float().mean().item()
    return {"top10_logprob_max_difference": worst, "top10_logprob_mean_difference": total / count, "same_argmax": agree / len(PROMPTS)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--quantization", default="Q8_0", choices=["Q8_0", "Q4_0"])
    parser.add_argument("--without-tokenizer", action="store_true")
    args = parser.parse_args()
    model = LlamaForCausalLM.from_pretrained(args.checkpoint, dtype=torch.float32).eval()
    tokenizer = PreTrainedTokenizerFast.from_pretrained(args.checkpoint)
    write(model, tokenizer, args.out, args.quantization, not args.without_tokenizer)
    shipped = load_dequantised(args.out, model.config)
    report = compare(model, shipped, tokenizer)
    print(Path(args.out).stat().st_size, "bytes", report)
    if args.quantization == "Q8_0":
        steps = largest_error_in_steps(model, shipped)
        print("largest rounding error in quantization steps:", steps)
        # A little above 0.5: the scale itself is rounded to 16 bits.
        assert steps < 0.6 and report["top10_logprob_mean_difference"] < 0.05 and report["same_argmax"] > 0.95, report


if __name__ == "__main__":
    main()
