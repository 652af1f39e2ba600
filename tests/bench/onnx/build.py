"""Builds the int4 ONNX model that onnxruntime-web runs in `cargo xtask bench --peers onnx`.

The weights are those of the GGUF file the other engines run: dequantized by transformers to float32, then
quantized again by the onnxruntime-genai builder. What went in and out is written to `build.json`.
"""

import argparse
import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

BUILDER = "onnxruntime_genai.models.builder"
OPTIONS = ["-p", "int4", "-e", "cpu", "--extra_options", "shared_embeddings=false"]
PACKAGES = ["onnxruntime-genai", "onnxruntime", "onnx", "onnx-ir", "torch", "transformers", "gguf", "numpy"]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("gguf", type=Path, help="the GGUF file")
    arguments.add_argument("output", type=Path, help="the folder that the ONNX model goes to")
    options = arguments.parse_args()
    torch.set_num_threads(2)
    # Beside the output, so that the move at the end is one step.
    options.output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".build-", dir=options.output.parent) as scratch:
        unpacked, built = Path(scratch, "hf"), Path(scratch, "onnx")
        unpack(options.gguf, unpacked)
        folders = ["-i", unpacked, "-o", built, "-c", Path(scratch, "cache")]
        offline = os.environ | {"HF_HUB_OFFLINE": "1"}
        subprocess.run([sys.executable, "-m", BUILDER, *folders, *OPTIONS], check=True, env=offline)
        Path(built, "build.json").write_text(json.dumps(record(options.gguf, built), indent=2) + "\n")
        shutil.rmtree(options.output, ignore_errors=True)
        shutil.move(built, options.output)


def unpack(gguf: Path, folder: Path) -> None:
    """Writes the file's weights as a float32 model in the layout of transformers."""
    source = {"gguf_file": gguf.name, "local_files_only": True}
    loaded = AutoModelForCausalLM.from_pretrained(gguf.parent, dtype=torch.float32, **source)
    # A model that came from a quantized file refuses to be saved: its weights go into a fresh one.
    config = type(loaded.config).from_dict(
        {key: value for key, value in loaded.config.to_dict().items() if key != "quantization_config"}
    )
    fresh = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    fresh.load_state_dict(loaded.state_dict())
    fresh.save_pretrained(folder)
    AutoTokenizer.from_pretrained(gguf.parent, **source).save_pretrained(folder)


def record(gguf: Path, built: Path) -> dict:
    """What the model was made from, and how."""
    with gguf.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "source": gguf.name,
        "source_sha256": sha256,
        "builder": BUILDER,
        "options": " ".join(OPTIONS),
        "python": sys.version.split()[0],
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
        "files": {path.name: path.stat().st_size for path in sorted(built.iterdir())},
    }


if __name__ == "__main__":
    main()
