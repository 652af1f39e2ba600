"""Runs the stages over the held-out files and writes a report: n, share and 95 % interval per stage, file and language."""

import argparse
import json
import re
from collections import defaultdict
from pathlib import Path

import torch
from peft import PeftModel

from common import chat, generate, load_shipped, read_jsonl, write_jsonl
from grading import SUFFIX, final_answer, fold, interval, is_correct, language, rate  # noqa: F401 (other recipes read them from here)
from rubric import parts
from world import EVAL, LANGS


def ask(model, tokenizer, rows, form, numeric=False, suffix=None, temperature=0.0):
    """One answer to each row, greedy unless a temperature is given."""
    prompts = []
    for row in rows:
        question = row["prompt"] + (suffix[row["lang"]] if suffix else "")
        prompts.append(chat(tokenizer, question) if form == "chat" else question)
    answers = generate(model, tokenizer, prompts, temperature=temperature)
    out = []
    for row, (text, length, ended) in zip(rows, answers):
        head = text if length <= 64 else tokenizer.decode(tokenizer(text, add_special_tokens=False).input_ids[:64])
        correct = is_correct(final_answer(head) if numeric else head, row["accept"])
        out.append({"id": row["id"], "lang": row["lang"], "kind": row["kind"], "prompt": row["prompt"], "text": text, "tokens": length, "ended": ended,
                    "correct": correct, "right_language": language(text) in (None, row["lang"]) if numeric else language(text) == row["lang"],
                    "accept": row["accept"]})
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


def rubric_of(answer):
    return sum(parts(answer["kind"], answer["lang"], answer["accept"], answer["text"], answer["tokens"], answer["ended"]).values())


def paired(one, other, rewards):
    """A stage against the SFT stage on the same questions: rewards in the SFT stage's standard deviations, wins by the rubric."""
    scores = [(rubric_of(a), rubric_of(b)) for a, b in zip(one, other)]
    wins, losses = sum(b > a for a, b in scores), sum(b < a for a, b in scores)
    first, second = map(torch.tensor, rewards)
    correct = [sum(a["correct"] for a in answers) / len(answers) for answers in (one, other)]
    return {
        "n": len(one), "reward_gain_sd": round(((second.mean() - first.mean()) / first.std()).item(), 4), "sft_reward_mean": round(first.mean().item(), 4),
        "sft_reward_sd": round(first.std().item(), 4), "reward_mean": round(second.mean().item(), 4), "wins": wins, "ties": len(scores) - wins - losses,
        "losses": losses, "wins_of_all": rate([b > a for a, b in scores]), "wins_of_decided": rate([True] * wins + [False] * losses),
        "wins_and_half_of_ties": round((wins + (len(scores) - wins - losses) / 2) / len(scores), 4),
        "sft_rubric_mean": round(sum(a for a, _ in scores) / len(scores), 3), "rubric_mean": round(sum(b for _, b in scores) / len(scores), 3),
        "correct_points": round(100 * (correct[1] - correct[0]), 2),
    }


def measure(stage, model, tokenizer, files):
    """({name: answers}, what the report says of one stage)"""
    results = {f"questions ({form})": ask(model, tokenizer, files["questions"], form) for form in (("plain", "chat") if stage == "base" else ("chat",))}
    extra = {}
    if stage != "base":
        for style, suffix in SUFFIX.items():
            results[f"word_problems ({style})"] = ask(model, tokenizer, files["word_problems"], "chat", True, suffix)
        for kind in ("forward", "reverse"):
            results[f"reversal ({kind})"] = ask(model, tokenizer, [row for row in files["reversal"] if row["kind"] == kind], "chat")
        kinds = defaultdict(list)
        for answer in results["questions (chat)"]:
            kinds[answer["kind"]].append(answer["correct"])
        by_kind = {style: {kind: rate([a["correct"] for a in results[f"word_problems ({style})"] if a["kind"] == kind]) for kind in ("one-step", "two-step")}
                   for style in SUFFIX}
        share = {style: sum(a["correct"] for a in results[f"word_problems ({style})"]) / len(files["word_problems"]) for style in SUFFIX}
        extra = {"questions by kind": {kind: rate(flags) for kind, flags in sorted(kinds.items())}, "word problems by kind": by_kind,
                 "steps minus direct, points": round(100 * (share["steps"] - share["direct"]), 2)}
    return results, {**{name: summary(answers) for name, answers in results.items()}, **extra}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True)
    parser.add_argument("--adapter", action="append", default=[], metavar="STAGE=DIR")
    parser.add_argument("--reward", help="adapter of the reward model, which compares the other stages with sft")
    parser.add_argument("--files", default=str(EVAL), help="where the questions are; others than the held-out ones while developing")
    parser.add_argument("--out", default=str(EVAL / "report.json"))
    parser.add_argument("--answers", help="a directory for every answer, as JSONL")
    parser.add_argument("--smoke", action="store_true")
    args = parser.parse_args()
    files = {name: read_jsonl(f"{args.files}/{name}.jsonl")[:: 40 if args.smoke else 1] for name in ("questions", "word_problems", "reversal")}
    report, greedy, sampled = {}, {}, {}
    for stage, path in [("base", None)] + [item.split("=", 1) for item in args.adapter]:
        model, tokenizer = load_shipped(args.base)
        if path:
            model = PeftModel.from_pretrained(model, path).merge_and_unload()
        results, report[stage] = measure(stage, model, tokenizer, files)
        if stage != "base" and args.reward:
            greedy[stage] = results["questions (chat)"]
            torch.manual_seed(99)
            sampled[stage] = ask(model, tokenizer, files["questions"], "chat", temperature=1.0)
        if args.answers:
            Path(args.answers).mkdir(parents=True, exist_ok=True)
            for name, answers in results.items():
                write_jsonl(f"{args.answers}/{stage}-{re.sub('[^a-z]+', '-', name).strip('-')}.jsonl", answers)
    if args.reward and "sft" in greedy:
        from reward import encode, rewards, scorer

        judge, tokenizer = scorer(args.base, adapter=args.reward)
        judge.eval()
        with torch.no_grad():
            score = lambda answers: [rewards(judge, [encode(tokenizer, a["prompt"], a["text"], a["ended"])]).item() for a in answers]
            for stage in [stage for stage in greedy if stage != "sft"]:
                report[f"{stage} against sft"] = {
                    name: paired(group["sft"], group[stage], (score(group["sft"]), score(group[stage])))
                    for name, group in (("greedy", greedy), ("sampled at temperature 1", sampled))
                }
    with open(args.out, "w", encoding="utf-8") as file:
        json.dump(report, file, ensure_ascii=False, indent=1)
        file.write("\n")
    for stage, results in report.items():
        for name, result in results.items():
            if isinstance(result, dict) and "all" in result:
                print(stage, name, {lang: {k: v["share"] if isinstance(v, dict) else v for k, v in part.items()} for lang, part in result.items()})
            elif name != "questions by kind":
                print(stage, name, result)


if __name__ == "__main__":
    main()
