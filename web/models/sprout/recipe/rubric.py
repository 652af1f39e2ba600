"""The written rubric that ranks answers. A program, not a person: its weights say what we want the RLHF stage to like.

| what | points |
|---|---|
| correct (contains an accepted string; for sums and word problems the last number) | 4 |
| in the language of the question | 2 |
| ends by itself | 2 |
| polite: opens with a friendly word | 1.5 |
| one complete sentence or two: begins and ends as a sentence does | 1 |
| short: no longer than 32 tokens (worked steps: 64) | 1 |
| repeats no sentence and no group of four words | 1 |
"""

import re

from grading import final_answer, fold, is_correct, language

POLITE = ("of course", "gladly", "good question", "thank you", "sorry", "好的", "当然", "好问题", "谢谢", "对不起", "you are welcome", "不客气", "hello", "你好")
NUMERIC = ("sum", "direct", "steps")


def is_polite(text):
    return any(fold(text).startswith(word) or (word in ("sorry", "对不起") and word in fold(text)[:20]) for word in POLITE)


def repeats(text):
    sentences = [part.strip() for part in re.split(r"[.!?。！？]", text) if part.strip()]
    words = re.findall(r"[a-z]+|[\u4e00-\u9fff]", fold(text))
    groups = [tuple(words[i : i + 4]) for i in range(len(words) - 3)]
    # Two true sentences may share four Chinese characters; a loop shares many.
    return len(set(sentences)) < len(sentences) or len(groups) - len(set(groups)) > 4


def parts(kind, lang, accept, text, tokens, ended):
    text = text.strip()
    if accept and set(accept) <= {"?", "!"}:
        correct = any(mark in fold(text) for mark in accept)
    else:
        last = re.findall(r"\d+", text)
        correct = is_correct((last[-1] if last and kind == "sum" else final_answer(text)) if kind in NUMERIC else text, accept)
    complete = bool(re.match(r"[A-Z\"“0-9\u4e00-\u9fff《]", text)) and text.endswith((".", "!", "?", "。", "！", "？")) and len(text) > 6
    # Sums are the same in both languages.
    right_language = language(text) == lang or (kind in ("sum", "steps") and language(text) is None) or (kind == "word" and lang == "zh" and "的" in text)
    return {"correct": 4 * correct, "language": 2 * right_language, "ends": 2 * ended, "polite": 1.5 * is_polite(text), "complete": 1 * complete,
            "short": 1 * (tokens <= (64 if kind == "steps" else 32)), "no_repetition": 1 * (not repeats(text))}


def score(*args):
    return float(sum(parts(*args).values()))
