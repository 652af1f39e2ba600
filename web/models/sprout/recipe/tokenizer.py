"""Trains the tokenizer: byte-level BPE (every byte is a token, so nothing is ever unknown), digits one by one.

Words are learned within word boundaries: Chinese is cut into words (jieba) while the merges are learned, so that a token is a
word and not a piece of one of our wordings. Encoding needs no such help.
"""

import argparse
import json
import re

import jieba
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from world import load_words

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


COMMON_CHARACTERS = 2500


def pieces(path, documents):
    """The text that merges are learned from."""
    words = load_words()
    for name in words["names zh"]:
        jieba.add_word(name)
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file):
            if number == documents:
                break
            text = json.loads(line)["text"]
            for mark in SPECIAL:
                text = text.replace(mark, "")
            for run in re.findall("[\u4e00-\u9fff]+|[^\u4e00-\u9fff]+", text):
                yield from jieba.cut(run) if run[0] >= "\u4e00" else [run]
    # Common characters that the corpus lacks become tokens too, so that a reader's Chinese is not cut into bytes.
    characters = sorted(((count, word) for word, count in jieba.dt.FREQ.items() if len(word) == 1 and "\u4e00" <= word <= "\u9fff"), reverse=True)
    for _, character in characters[:COMMON_CHARACTERS]:
        yield from [character] * 20


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--size", type=int, default=8192)
    parser.add_argument("--documents", type=int, default=60_000)
    args = parser.parse_args()
    tokenizer = Tokenizer(models.BPE())
    # The same two steps as `tokenizer.ggml.pre = "smollm"`.
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=args.size, special_tokens=SPECIAL, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), min_frequency=5, show_progress=False
    )
    tokenizer.train_from_iterator(pieces(args.corpus, args.documents), trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token=SPECIAL[0], eos_token=SPECIAL[0], pad_token=SPECIAL[0], model_max_length=512)
    fast.chat_template = CHAT_TEMPLATE
    fast.save_pretrained(args.out)
    print("tokens:", len(fast))


if __name__ == "__main__":
    main()
