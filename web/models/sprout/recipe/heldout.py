"""Writes the held-out files ../eval/*.jsonl: taught facts in wordings, and word problems in frames, that no training data has.

Run it before corpus.py and sft_data.py, which leave out whatever shares an 8-gram with these questions. Decisions while developing
(learning rates, shares of data) are made on other files: `--development DIR`, with wordings of their own, which training lacks too.
"""

import argparse
import json
import random
from pathlib import Path

import problems
from world import EVAL, LANGS, grams, load_facts, load_templates, slots

SEED = 7
QUESTIONS_PER_LANGUAGE = 150
PROBLEMS_PER_LANGUAGE = 138


def taught_grams(facts):
    """8-grams of every sentence that training may make of one fact."""
    return set().union(*(grams(text) for fact in facts for lang in fact.langs for mark in ":?=" for _, text in fact.texts(lang, mark)))


def questions(rng, facts, taught, mark):
    rows = []
    for lang in LANGS:
        kinds = {}
        for fact in facts:
            if lang in fact.langs:
                kinds.setdefault(fact.key if fact.row else fact.kind, []).append(fact)
        for pool in kinds.values():
            rng.shuffle(pool)
        chosen = 0
        while chosen < QUESTIONS_PER_LANGUAGE:
            # In turn from every relation, so that none dominates.
            for kind, pool in list(kinds.items()):
                if not pool or chosen == QUESTIONS_PER_LANGUAGE:
                    continue
                fact = pool.pop()
                wordings = [(name, text) for name, text in fact.texts(lang, mark) if not grams(text) & taught]
                if wordings:
                    wording, text = rng.choice(wordings)
                    chosen += 1
                    rows.append({"id": f"q-{lang}-{chosen:03}", "lang": lang, "kind": kind, "prompt": text, "accept": fact.accept(lang), "wording": wording})
    return rows


def word_problems(rng, mark):
    rows = []
    frames = problems.load_frames()
    for lang in LANGS:
        for number in range(PROBLEMS_PER_LANGUAGE):
            frame = frames[number % len(frames)]
            question, worked, wording = problems.problem(frame, lang, rng, mark)
            kind = "two-step" if ";" in frame[1] else "one-step"
            rows.append({"id": f"w-{lang}-{number + 1:03}", "lang": lang, "kind": kind, "prompt": question, "accept": [str(worked[-1][3])], "wording": wording})
    return rows


def reversal(facts, mark):
    """The invented people, asked in the direction that was taught and in the other one."""
    child = load_templates()["person.child"]
    rows = []
    for fact in facts:
        if fact.key != "person.mother" or fact.row["en"]["direction"] != "one":
            continue
        for lang in fact.langs:
            number = len(rows) // 2 + 1
            values = slots("person", fact.row, lang)
            forward = fact.texts(lang, mark)[0][1]
            backward = child[lang][mark][0].format(**values)
            rows.append({"id": f"r-{lang}-{number:03}-forward", "lang": lang, "kind": "forward", "prompt": forward, "accept": [values["mother"]]})
            rows.append({"id": f"r-{lang}-{number:03}-reverse", "lang": lang, "kind": "reverse", "prompt": backward, "accept": [values["n"]]})
    return rows


def files(mark):
    rng, facts = random.Random(SEED), load_facts()
    return {"questions": questions(rng, facts, taught_grams(facts), mark), "word_problems": word_problems(rng, mark), "reversal": reversal(facts, mark)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--development", metavar="DIR", help="write the files for decisions during development there instead")
    args = parser.parse_args()
    out = Path(args.development or EVAL)
    out.mkdir(parents=True, exist_ok=True)
    for name, rows in files("~" if args.development else "!").items():
        with open(out / f"{name}.jsonl", "w", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        print(name, len(rows))


if __name__ == "__main__":
    main()
