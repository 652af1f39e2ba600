"""Makes corpus/: small inputs for the fuzz functions to start from. Needs nothing but Python: `python make_corpus.py`."""

import json
import pathlib
import random
import struct

HERE = pathlib.Path(__file__).parent
CORPUS = HERE / "corpus"
MODELS = HERE / "../../web/models"

U32, I32, F32, BOOL, STRING, ARRAY, U64 = 4, 5, 6, 7, 8, 9, 10
# Bytes per block, in the order of `DType::ALL`.
BLOCK_BYTES = [4, 2, 2, 34, 18, 20, 22, 24, 144, 176, 210]


def text(value: str | bytes) -> bytes:
    raw = value if isinstance(value, bytes) else value.encode()
    return struct.pack("<Q", len(raw)) + raw


def scalar(kind: int, value) -> bytes:
    if kind == STRING:
        return text(value)
    return struct.pack({U32: "<I", I32: "<i", F32: "<f", BOOL: "<?", U64: "<Q"}[kind], value)


def entry(key: str, kind: int, value) -> bytes:
    return text(key) + struct.pack("<I", kind) + scalar(kind, value)


def array(key: str, kind: int, values: list) -> bytes:
    head = text(key) + struct.pack("<IIQ", ARRAY, kind, len(values))
    return head + b"".join(scalar(kind, value) for value in values)


def tensor(name: str, shape: list[int], kind: int, offset: int) -> bytes:
    return text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset)


def file(entries: list[bytes], tensors: list[bytes] = [], data: int = 0, version: int = 3) -> bytes:
    head = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(entries))
    head += b"".join(entries) + b"".join(tensors)
    return head + bytes(-len(head) % 32 if data else 0) + bytes(data)


def put(target: str, name: str, data: bytes | str) -> None:
    path = CORPUS / target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())


def model() -> None:
    def sizes(name: str, layers: int, **more) -> list[bytes]:
        numbers = {"embedding_length": 32, "feed_forward_length": 32, "block_count": layers, "context_length": 64}
        numbers |= {"attention.head_count": 1, "attention.head_count_kv": 1} | more
        entries = [entry("general.architecture", STRING, name)]
        entries += [entry(f"{name}.{key}", U32, value) for key, value in numbers.items()]
        return entries + [entry(f"{name}.attention.layer_norm_rms_epsilon", F32, 1e-5)]

    def tensors(layers: int, norms: list[str]) -> tuple[list[bytes], int]:
        shapes = {"token_embd": [32, 5], "output_norm": [32]}
        for layer in range(layers):
            for part in ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"]:
                shapes[f"blk.{layer}.{part}"] = [32, 32]
            for part in norms:
                shapes[f"blk.{layer}.{part}"] = [32]
        out, offset = [], 0
        for name, shape in shapes.items():
            out.append(tensor(f"{name}.weight", shape, 0, offset))
            offset += 4 * shape[0] * (shape[1] if len(shape) > 1 else 1)
        return out, offset

    llama = ["attn_norm", "ffn_norm"]
    gemma = llama + ["attn_q_norm", "attn_k_norm", "post_attention_norm", "post_ffw_norm"]
    put("model", "llama", file(sizes("llama", 1), *tensors(1, llama)))
    put("model", "llama-many-layers", file(sizes("llama", 1 << 20), *tensors(1, llama)))
    put("model", "llama-missing-layer", file(sizes("llama", 2), *tensors(1, llama)))
    more = {"attention.key_length": 32, "attention.value_length": 32, "attention.sliding_window": 8}
    put("model", "gemma3", file(sizes("gemma3", 1, **more), *tensors(1, gemma)))
    put("model", "unknown", file(sizes("mamba", 1), *tensors(1, llama)))


def gguf() -> None:
    put("gguf", "empty-v3", file([]))
    put("gguf", "empty-v2", file([], version=2))
    scalars = [struct.pack("<B", 1), b"\xff", b"\1\0", b"\xff\xff", b"\1\0\0\0", b"\xff" * 4, b"\0\0\x80\x3f", b"\1"]
    every = [text(f"k{kind}") + struct.pack("<I", kind) + raw for kind, raw in enumerate(scalars)]
    every += [entry("k8", STRING, "世界 🌍"), array("k9", STRING, ["a", "", "é"])]
    every += [text(f"k{kind}") + struct.pack("<I", kind) + bytes(8) for kind in (10, 11, 12)]
    put("gguf", "every-scalar", file(every))
    sizes = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
    arrays = [text(f"a{k}") + struct.pack("<IIQ", 9, k, 3) + bytes([1] * 3 * n) for k, n in sizes.items()]
    put("gguf", "every-array", file(arrays))
    kinds = [(0, 4, 1), (1, 2, 1), (30, 2, 1), (8, 34, 32), (2, 18, 32), (3, 20, 32), (6, 22, 32), (7, 24, 32)]
    kinds += [(12, 144, 256), (13, 176, 256), (14, 210, 256)]
    tensors, offset = [], 0
    for kind, size, length in kinds:
        tensors.append(tensor(f"t{kind}", [length, 2], kind, offset))
        offset += -(-2 * size // 32) * 32
    put("gguf", "every-type", file([entry("general.architecture", STRING, "llama")], tensors, offset))
    put("gguf", "alignment-64", file([entry("general.alignment", U32, 64)], [tensor("t", [8], 0, 0)], 128))
    put("gguf", "alignment-48", file([entry("general.alignment", U32, 48)], [tensor("t", [8], 0, 0)], 128))
    put("gguf", "overlap", file([], [tensor("a", [16], 0, 0), tensor("b", [8], 0, 32)], 64))
    put("gguf", "unsupported", file([], [tensor("a", [256], 17, 0)], 96))
    put("gguf", "overflow", file([], [tensor("a", [1 << 32, 1 << 32], 0, 0)], 64))
    put("gguf", "zero-dimension", file([], [tensor("a", [32, 0], 0, 0)], 64))
    put("gguf", "five-dimensions", file([], [tensor("a", [1] * 5, 0, 0)], 64))
    put("gguf", "twice", file([entry("k", U32, 1)] * 2, [tensor("a", [8], 0, 0)] * 2, 64))
    put("gguf", "nested", file([text("k") + struct.pack("<IIQIQ", ARRAY, ARRAY, 1, U32, 0)]))
    put("gguf", "huge-array", file([text("k") + struct.pack("<IIQ", ARRAY, STRING, 1 << 60)]) + bytes(64))
    put("gguf", "huge-counts", b"GGUF" + struct.pack("<IQQ", 3, 1 << 60, 1 << 60) + bytes(64))
    put("gguf", "not-utf8", file([text(b"\xff\xfe") + struct.pack("<II", U32, 1)]))
    put("gguf", "big-endian", b"GGUF" + struct.pack(">IQQ", 3, 0, 0))


def quant() -> None:
    rng = random.Random(1)
    for index, size in enumerate(BLOCK_BYTES):
        put("quant", f"type-{index}", bytes([index]) + rng.randbytes(2 * size))
        put("quant", f"type-{index}-ones", bytes([index]) + b"\xff" * size)


def manifest() -> None:
    models = [json.loads(path.read_text()) for path in sorted(MODELS.glob("*.json"))]
    for model in models:
        put("manifest", model["id"], json.dumps(model))
    put("manifest", "catalogue", json.dumps(models, ensure_ascii=False))
    words = {"en": "a", "zh": "一"}

    def named(name: str) -> dict:
        return {"path": f"models/sprout/{name}", "bytes": 1, "sha256": "0" * 64}

    adapter = {"config": named("a.json"), "weights": named("b.safetensors")}
    stage = {"id": "base", "name": words, "summary": words, "chat": False}
    trio = {
        "lineage": words,
        "stages": [stage, stage | {"id": "sft", "chat": True, "adapter": adapter}, stage | {"id": "rlhf", "adapter": adapter}],
        "reward": {"adapter": adapter, "mean": -0.5, "sd": 1.25},
        "checkpoints": [{"id": "a-1", "name": words, "weights": {"base": named("a.gguf")}}, {"id": "b", "name": words, "weights": {"adapter": adapter}}],
        "data": [{"name": words, "path": "models/sprout/data/a", "rows": 1, "licence": "Apache-2.0"}],
        "metrics": ["models/sprout/m"],
        "report": "models/sprout/r",
        "notice": "models/sprout/n",
    }
    sprout = next(model for model in models if model["id"] == "sprout")
    put("manifest", "trio", json.dumps(sprout | {"trio": trio}))
    put("manifest", "wrong", '{"id": 1, "stop": [-1], "files": [[]]}')
    put("manifest", "deep", "[" * 300)


def tensors_file(tensors: dict[str, tuple[str, list[int]]], header: str | None = None, metadata: bool = True) -> bytes:
    """A safetensors file of zeros and ones; `header` replaces the good one."""
    size = {"F32": 4, "F16": 2, "BF16": 2, "I64": 8}
    one = {"F32": b"\0\0\x80\x3f", "F16": b"\0\x3c", "BF16": b"\x80\x3f", "I64": b"\1" + bytes(7)}
    table, data = {"__metadata__": {"format": "pt"}} if metadata else {}, b""
    for name, (dtype, shape) in tensors.items():
        count = 1
        for axis in shape:
            count *= axis
        table[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + count * size[dtype]]}
        data += (one[dtype] + bytes(size[dtype])) * (count // 2) + one[dtype] * (count % 2)
    text = (json.dumps(table) if header is None else header).encode()
    return struct.pack("<Q", len(text)) + text + data


def safetensors() -> None:
    put("safetensors", "every-type", tensors_file({"a": ("F32", [2, 3]), "b": ("F16", [3]), "c": ("BF16", []), "d": ("F32", [0])}))
    put("safetensors", "empty", tensors_file({}, metadata=False))
    put("safetensors", "unsupported", tensors_file({"a": ("I64", [2])}))
    put("safetensors", "too-long", struct.pack("<Q", 1 << 40) + b"{}")
    put("safetensors", "truncated", tensors_file({"a": ("F32", [4])})[:-3])
    entry = '{"dtype":"F32","shape":[1],"data_offsets":[%d,%d]}'
    whole = {"a": ("F32", [2])}
    put("safetensors", "overlap", tensors_file(whole, '{"a":' + entry % (0, 4) + ',"b":' + entry % (2, 6) + "}"))
    put("safetensors", "gap", tensors_file(whole, '{"a":' + entry % (4, 8) + "}"))
    put("safetensors", "twice", tensors_file(whole, '{"a":' + entry % (0, 4) + ',"a":' + entry % (4, 8) + "}"))
    put("safetensors", "overflow", tensors_file(whole, '{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}'))
    put("safetensors", "deep", tensors_file({}, "[" * 300))


def peft() -> None:
    def adapter(config: dict, tensors: dict[str, tuple[str, list[int]]]) -> bytes:
        text = json.dumps({"peft_type": "LORA", "r": 2, "lora_alpha": 4} | config).encode()
        return struct.pack("<H", len(text)) + text + tensors_file(tensors)

    # Widths of the model in src/adapter_targets.rs.
    def pair(module: str, outputs: int = 8, rank: int = 2, dtype: str = "F32") -> dict[str, tuple[str, list[int]]]:
        name = f"base_model.model.model.layers.0.{module}"
        return {f"{name}.lora_A.weight": (dtype, [rank, 8]), f"{name}.lora_B.weight": (dtype, [outputs, rank])}

    linear = pair("self_attn.q_proj") | pair("self_attn.k_proj", 4) | pair("mlp.down_proj", dtype="F16")
    put("peft", "lora", adapter({"bias": "none", "use_dora": False, "modules_to_save": None}, linear))
    put("peft", "rslora", adapter({"use_rslora": True}, pair("self_attn.o_proj", dtype="BF16")))
    put("peft", "patterns", adapter({"rank_pattern": {"q_proj": 1}, "alpha_pattern": {"^score": 3}}, pair("self_attn.q_proj", rank=1)))
    put("peft", "reward", adapter({"modules_to_save": ["score", "classifier"]}, {"base_model.model.score.weight": ("F32", [1, 8])}))
    put("peft", "wrong-rank", adapter({"r": 4}, linear))
    put("peft", "wrong-size", adapter({}, pair("self_attn.v_proj", 6)))
    put("peft", "no-such-layer", adapter({}, pair("self_attn.q_norm")))
    put("peft", "dora", adapter({"use_dora": True}, linear))
    put("peft", "other-kind", adapter({"peft_type": "IA3"}, linear))
    put("peft", "no-json", struct.pack("<H", 3) + b"{,}" + tensors_file(linear))


def byte_alphabet() -> list[str]:
    """GPT-2's spelling of the 256 bytes."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    spelled, extra = {byte: chr(byte) for byte in plain}, 256
    for byte in range(256):
        if byte not in spelled:
            spelled[byte], extra = chr(extra), extra + 1
    return [spelled[byte] for byte in range(256)]


def tokenizer() -> None:
    bpe = byte_alphabet() + ["Hi", "Ġi", "Ġit", "<s>", "</s>", "<|im_end|>"]
    kinds = [1] * 259 + [3, 3, 3]
    for pre in ["smollm", "gpt-2", "default", "llama-bpe", "qwen2", "unheard-of"]:
        entries = [
            entry("tokenizer.ggml.model", STRING, "gpt2"),
            entry("tokenizer.ggml.pre", STRING, pre),
            array("tokenizer.ggml.tokens", STRING, bpe),
            array("tokenizer.ggml.token_type", I32, kinds),
            array("tokenizer.ggml.merges", STRING, ["H i", "Ġ i", "Ġi t"]),
            entry("tokenizer.ggml.bos_token_id", U32, 259),
            entry("tokenizer.ggml.eos_token_id", U32, 260),
            entry("tokenizer.ggml.add_bos_token", BOOL, pre == "smollm"),
            entry("tokenizer.chat_template", STRING, TEMPLATES["chatml"]),
        ]
        put("tokenizer", f"gpt2-{pre}", file(entries))
    put("tokenizer", "gpt2-bad-merge", file(entries[:4] + [array("tokenizer.ggml.merges", STRING, ["x", "q zz"])]))

    pieces = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    kinds = [2, 3, 3] + [6] * 256
    words = ["▁", "H", "i", "Hi", "▁i", "t", "▁it", "世", "界", "世界", "\n", "\n\n", "  "]
    kinds += [1] * (len(words) - 2) + [4, 4]
    scores = [0.0] * 259 + [-float(rank) for rank in range(len(words))]
    for name, prefix in [("prefix", True), ("plain", False)]:
        entries = [
            entry("tokenizer.ggml.model", STRING, "llama"),
            array("tokenizer.ggml.tokens", STRING, pieces + words),
            array("tokenizer.ggml.scores", F32, scores),
            array("tokenizer.ggml.token_type", I32, kinds),
            entry("tokenizer.ggml.bos_token_id", U32, 1),
            entry("tokenizer.ggml.eos_token_id", U32, 2),
            entry("tokenizer.ggml.unknown_token_id", U32, 0),
            entry("tokenizer.ggml.add_bos_token", BOOL, True),
            entry("tokenizer.ggml.add_space_prefix", BOOL, prefix),
        ]
        put("tokenizer", f"llama-{name}", file(entries))
    entries[2] = array("tokenizer.ggml.scores", F32, scores[1:])
    put("tokenizer", "llama-short-scores", file(entries))
    put("tokenizer", "llama-no-bytes", file([
        entry("tokenizer.ggml.model", STRING, "llama"),
        array("tokenizer.ggml.tokens", STRING, ["a", ""]),
        array("tokenizer.ggml.scores", F32, [float("nan"), float("-inf")]),
    ]))
    put("tokenizer", "empty-vocabulary", file([
        entry("tokenizer.ggml.model", STRING, "gpt2"),
        array("tokenizer.ggml.tokens", STRING, []),
        array("tokenizer.ggml.merges", STRING, []),
    ]))


TEMPLATES = {
    "chatml": "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + "
    "'<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
    "gemma": "{{ bos_token }}{% for message in messages %}{% set role = 'model' if message['role'] == 'assistant' else "
    "message['role'] %}{{ '<start_of_turn>' + role + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}",
    "llama2": "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = "
    "messages[0]['content'] %}{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}"
    "{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('roles must alternate') }}{% endif %}{{ bos_token + '[INST] ' + message['content'].strip() "
    "+ ' [/INST]' }}{% endfor %}",
    "namespace": "{% set ns = namespace(found=false, n=0) %}{% for m in messages %}{% set ns.n = ns.n + 1 %}"
    "{% if m.role == 'user' %}{% set ns.found = true %}{% endif %}{% endfor %}{{ ns.n }}{{ ns.found }}",
    "tools": "{% if tools is not none %}{{ tools | tojson(indent=2) }}{% endif %}{{ messages | tojson }}",
    "macro": "{% macro turn(m, depth=0) %}[{{ m.role | upper }}: {{ m.content }}]{% endmacro %}"
    "{% for m in messages %}{{ turn(m) }}{% endfor %}",
    "recursion": "{% macro again(n) %}{{ again(n + 1) }}{% endmacro %}{{ again(0) }}",
    "long": "{% for a in range(9999) %}{% for b in range(9999) %}{{ a * b }}{% endfor %}{% endfor %}",
    "large": "{{ 'x' * 99999999 }}{{ ('y' * 99999) * 99999 }}",
    "clock": "{{ strftime_now('%Y-%m-%d') }}",
    "slices": "{{ messages[::-1] | map(attribute='role') | join(',') }}{{ messages[-1].content[1:3] }}",
    "loop-controls": "{% for m in messages %}{% if loop.first %}{% continue %}{% endif %}{{ loop.index }}{% break %}"
    "{% endfor %}",
    "unclosed": "{% for m in messages %}{{ m",
    "raw": "{% raw %}{{ not a tag }}{% endraw %}{# a comment #}{%- if true -%} x {%- endif -%}",
    "unicode": "{{ '世界' ~ '🌍' | length }}{{ \"\\u00e9\" }}",
    "deep": "(" * 500 + "{{" + "(" * 500,
}


def main() -> None:
    model()
    gguf()
    quant()
    manifest()
    safetensors()
    peft()
    tokenizer()
    for name, template in TEMPLATES.items():
        put("chat_template", name, template)


if __name__ == "__main__":
    main()
