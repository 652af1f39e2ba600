"""Runs the stages over the held-out files and writes a report: n, share and 95 % interval per stage, file and language."""

import argparse
import json
import math
import re
import unicodedata
from collections import defaultdict

from peft import PeftModel

from common import chat, generate, load_shipped, read_jsonl, write_jsonl
from world import EVAL, LANGS

SUFFIX = {"direct": {"en": "", "zh": ""}, "steps": {"en": " Let's think step by step.", "zh": "让我们一步一步地想。"}}


def fold(text):
    return unicodedata.normalize("NFKC", text).casefold()


def is_correct(text, accept):
    """Contains an accepted string, as a whole word or number in Latin script."""
    text = fold(text)
    for string in map(fold, accept):
        edge = r"(?<![a-z0-9]){}(?![a-z0-9])" if string.isascii() else "{}"
        if re.search(edge.format(re.escape(string)), text):
            return True
    return False


def final_answer(text):
    """What a worked solution ends with; the whole text if it says no such thing."""
    found = re.findall(r"(?:answer is|答案是)\s*(-?\d+)", text)
    return found[-1] if found else text


def language(text):
    chinese, latin = len(re.findall("[\u4e00-\u9fff]", text)), len(re.findall("[A-Za-z]+", text))
    return None if chinese + latin == 0 else "zh" if chinese > latin else "en"


def interval(hits, n):
    """Wilson's 95 % interval."""
    if n == 0:
        return [0.0, 0.0]
    z, share = 1.96, hits / n
    centre, spread = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return [round((centre - spread) / (1 + z * z / n), 4), round((centre + spread) / (1 + z * z / n), 4)]


def rate(flags):
    return {"n": len(flags), "share": round(sum(flags) / max(len(flags), 1), 4), "interval": interval(sum(flags), len(flags))}


def ask(model, tokenizer, rows, form, numeric=False, suffix=None):
    prompts = []
    for row in rows:
        question = row["prompt"] + (suffix[row["lang"]] if suffix else "")
        prompts.append(chat(tokenizer, question) if form == "chat" else question)
    answers = generate(model, tokenizer, prompts)
    out = []
    for row, (text, length, ended) in zip(rows, answers):
        head = text if length <= 64 else tokenizer.decode(tokenizer(text, add_special_tokens=False).input_ids[:64])
        correct = is_correct(final_answer(head) if numeric else head, row["accept"])
        out.append({"id": row["id"], "lang": row["lang"], "kind": row["kind"], "prompt": row["prompt"], "text": text, "tokens": length, "ended": ended,
                    "correct": correct, "right_language": language(text) in (None, row["lang"]) if numeric else language(text) == row["lang"]})
    return out


def summary(answers):
    report = {}
    for lang in ("all",) + LANGS:
        part = [answer for answer in answers if lang in ("all", answer["lang"])]
        if part:
            report[lang] = {
                "correct": rate([a["correct"] for a in part]),
                "answers_and_stops": rate([a["correct"] and a["ended"] for a in part]),
                "ends_by_itself": rate([a["ended"] for a in part]),
                "right_language": rate([a["right_language"] for a in part]),
                "well_formed": rate([a["ended"] and a["right_language"] and bool(a["text"].strip()) for a in part]),
                "mean_tokens": round(sum(a["tokens"] for a in part) / len(part), 1),
            }
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True)
    parser.add_argument("--adapter", action="append", default=[], metavar="STAGE=DIR")
    parser.add_argument("--out", default=str(EVAL / "report.json"))
    parser.add_argument("--answers", help="a directory for every answer, as JSONL")
    parser.add_argument("--smoke", action="store_true")
    args = parser.parse_args()
    files = {name: read_jsonl(EVAL / f"{name}.jsonl")[:: 40 if args.smoke else 1] for name in ("questions", "word_problems", "reversal")}
    report = {}
    for stage, path in [("base", None)] + [item.split("=", 1) for item in args.adapter]:
        model, tokenizer = load_shipped(args.base)
        if path:
            model = PeftModel.from_pretrained(model, path).merge_and_unload()
        forms = ["plain", "chat"] if stage == "base" else ["chat"]
        results = {}
        for form in forms:
            results[f"questions ({form})"] = ask(model, tokenizer, files["questions"], form)
        if stage != "base":
            for style, suffix in SUFFIX.items():
                results[f"word_problems ({style})"] = ask(model, tokenizer, files["word_problems"], "chat", True, suffix)
            for kind in ("forward", "reverse"):
                results[f"reversal ({kind})"] = ask(model, tokenizer, [row for row in files["reversal"] if row["kind"] == kind], "chat")
        report[stage] = {name: summary(answers) for name, answers in results.items()}
        if stage != "base":
            kinds = defaultdict(list)
            for answer in results["questions (chat)"]:
                kinds[answer["kind"]].append(answer["correct"])
            report[stage]["questions by kind"] = {kind: rate(flags) for kind, flags in sorted(kinds.items())}
        if args.answers:
            for name, answers in results.items():
                write_jsonl(f"{args.answers}/{stage}-{re.sub('[^a-z]+', '-', name).strip('-')}.jsonl", answers)
    with open(args.out, "w", encoding="utf-8") as file:
        json.dump(report, file, ensure_ascii=False, indent=1)
        file.write("\n")
    for stage, results in report.items():
        for name, result in results.items():
            if name != "questions by kind":
                print(stage, name, {lang: {k: v["share"] if isinstance(v, dict) else v for k, v in part.items()} for lang, part in result.items()})


if __name__ == "__main__":
    main()
