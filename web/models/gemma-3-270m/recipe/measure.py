"""Runs the stages over the held-out files in float32 and writes a report: n, share and 95 % interval per stage, file and language."""

import argparse
import json
import re
from collections import defaultdict
from pathlib import Path

import torch
from peft import PeftModel

from gemma import DATA, EVAL, chat, generate, load_shipped  # first: it puts Sprout's recipe on the path
from common import read_jsonl, write_jsonl
from evaluate import SUFFIX, final_answer, is_correct, language, rate, summary
from rubric import parts
from train_reward import finished, rewards, scorer


def ask(model, tokenizer, rows, form="chat", numeric=False, suffix=None, temperature=0.0):
    """One answer to each row, greedy unless a temperature is given."""
    questions = [row["prompt"] + (suffix[row["lang"]] if suffix else "") for row in rows]
    texts = [chat(tokenizer, question) if form == "chat" else tokenizer.bos_token + question for question in questions]
    out = []
    for row, question, (text, length, ended, ids) in zip(rows, questions, generate(model, tokenizer, texts, temperature=temperature)):
        head = text if length <= 64 else tokenizer.decode(ids[:64])
        said = language(text)
        # A sum or a number has no language.
        right = said == row["lang"] or (said is None and (numeric or row["kind"] == "sum"))
        out.append({"id": row["id"], "lang": row["lang"], "kind": row["kind"], "prompt": question, "text": text, "tokens": length, "ended": ended,
                    "correct": is_correct(final_answer(head) if numeric else head, row["accept"]), "right_language": right, "accept": row["accept"]})
    return out


def rubric_of(answer):
    """The rubric reads counter-questions by their question mark."""
    accept = ["?"] if answer["kind"] == "ask" else answer["accept"]
    return sum(parts(answer["kind"], answer["lang"], accept, answer["text"], answer["tokens"], answer["ended"]).values())


def paired(one, other, rewarded):
    """The RLHF stage against the SFT stage on the same questions: rewards in the SFT stage's standard deviations, wins by the rubric."""
    scores = [(rubric_of(a), rubric_of(b)) for a, b in zip(one, other)]
    wins, losses = sum(b > a for a, b in scores), sum(b < a for a, b in scores)
    first, second = torch.tensor(rewarded[0]), torch.tensor(rewarded[1])
    correct = [sum(a["correct"] for a in answers) / len(answers) for answers in (one, other)]
    return {"n": len(one), "reward_gain_sd": round(((second.mean() - first.mean()) / first.std()).item(), 4), "sft_reward_mean": round(first.mean().item(), 4),
            "sft_reward_sd": round(first.std().item(), 4), "rlhf_reward_mean": round(second.mean().item(), 4),
            "wins": wins, "ties": len(scores) - wins - losses, "losses": losses, "wins_of_decided": rate([True] * wins + [False] * losses),
            "wins_and_half_of_ties": round((wins + (len(scores) - wins - losses) / 2) / len(scores), 4),
            "sft_rubric_mean": round(sum(a for a, _ in scores) / len(scores), 3), "rlhf_rubric_mean": round(sum(b for _, b in scores) / len(scores), 3),
            "correct_points": round(100 * (correct[1] - correct[0]), 2)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True)
    parser.add_argument("--adapter", action="append", default=[], metavar="STAGE=DIR")
    parser.add_argument("--reward", help="directory of the reward stage, to score the answers of sft and rlhf")
    parser.add_argument("--out", default=str(EVAL / "report.json"))
    parser.add_argument("--answers", help="a directory for every answer, as JSONL")
    parser.add_argument("--dev", action="store_true", help="the files for decisions during the work, not the held-out ones")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--skip-base", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    names = {"questions": EVAL / "questions.jsonl", "word_problems": EVAL / "word_problems.jsonl", "reversal": EVAL / "reversal.jsonl"}
    if args.dev:
        names = {"questions": DATA / "dev_questions.jsonl", "word_problems": DATA / "dev_word_problems.jsonl"}
    files = {name: read_jsonl(path)[:: 40 if args.smoke else 1] for name, path in names.items()}
    # A run may add stages to a report that has others.
    report = json.loads(Path(args.out).read_text()) if Path(args.out).exists() else {}
    sampled, greedy = {}, {}
    for stage, path in ([] if args.skip_base else [("base", None)]) + [item.split("=", 1) for item in args.adapter]:
        model, tokenizer = load_shipped(args.base)
        if path:
            model = PeftModel.from_pretrained(model, path).merge_and_unload()
        results = {}
        for form in ["plain", "chat"] if stage == "base" else ["chat"]:
            results[f"questions ({form})"] = ask(model, tokenizer, files["questions"], form)
        if stage != "base":
            for style, suffix in SUFFIX.items():
                results[f"word_problems ({style})"] = ask(model, tokenizer, files["word_problems"], numeric=True, suffix=suffix)
            for kind in ("forward", "reverse"):
                if "reversal" in files:
                    results[f"reversal ({kind})"] = ask(model, tokenizer, [row for row in files["reversal"] if row["kind"] == kind])
            greedy[stage] = results["questions (chat)"]
            if args.reward:
                torch.manual_seed(99)
                sampled[stage] = ask(model, tokenizer, files["questions"], temperature=1.0)
        report[stage] = {name: summary(answers) for name, answers in results.items()}
        if stage != "base":
            kinds = defaultdict(list)
            for answer in results["questions (chat)"]:
                kinds[answer["kind"]].append(answer["correct"])
            report[stage]["questions by kind"] = {kind: rate(flags) for kind, flags in sorted(kinds.items())}
            steps = {kind: rate([a["correct"] for a in results["word_problems (steps)"] if a["kind"] == kind]) for kind in ("one-step", "two-step")}
            direct = {kind: rate([a["correct"] for a in results["word_problems (direct)"] if a["kind"] == kind]) for kind in ("one-step", "two-step")}
            report[stage]["word problems by kind"] = {"direct": direct, "steps": steps}
            both = [sum(a["correct"] for a in results[f"word_problems ({style})"]) for style in ("steps", "direct")]
            report[stage]["steps minus direct, points"] = round(100 * (both[0] - both[1]) / len(files["word_problems"]), 2)
        if args.answers:
            Path(args.answers).mkdir(parents=True, exist_ok=True)
            for name, answers in results.items():
                write_jsonl(f"{args.answers}/{stage}-{re.sub('[^a-z]+', '-', name).strip('-')}.jsonl", answers)
        del model
    if args.reward and {"sft", "rlhf"} <= greedy.keys():
        judge, tokenizer = scorer(args.base, adapter=Path(args.reward), dtype=torch.float32)
        with torch.no_grad():
            score = lambda answers: rewards(judge, [finished(tokenizer, a["prompt"], a["text"], a["ended"]) for a in answers]).tolist()
            for name, group in (("greedy", greedy), ("sampled at temperature 1", sampled)):
                report.setdefault("rlhf against sft", {})[name] = paired(group["sft"], group["rlhf"], (score(group["sft"]), score(group["rlhf"])))
    with open(args.out, "w", encoding="utf-8") as file:
        json.dump(report, file, ensure_ascii=False, indent=1)
        file.write("\n")
    for stage, results in report.items():
        for name, result in results.items():
            if "by kind" in name or not isinstance(result, dict) or "all" not in result:
                print(stage, name, result)
            else:
                print(stage, name, {lang: {k: v["share"] if isinstance(v, dict) else v for k, v in part.items()} for lang, part in result.items()})


if __name__ == "__main__":
    main()
