"""Writes the held-out files ../eval/*.jsonl (wordings marked "!") and ../data/dev_*.jsonl for decisions during the work (marked "%").

Run it before make_sft.py, which leaves out whatever shares an 8-gram with a held-out question.
"""

import json
import random

import arithmetic
from gemma import DATA, EVAL
from taught import LANGS, load_facts, load_words, read_blocks

SEED = 17
FACTS, WORDS, SUMS = 90, 8, 7
ASK = {"en": ["what", "which", "who", "where", "how", "do you"], "zh": ["什么", "多少", "哪", "谁", "几", "吗", "怎么"]}
UNKNOWN = {"en": ["sorry", "do not know", "don't know", "cannot", "never heard"], "zh": ["对不起", "抱歉", "不知道", "没听说", "不认识", "无法", "做不到"]}
SYLLABLES = {"en": "bla zor fim gup tal vex nim quo rab lun dre pok wiz sha mub".split(), "zh": list("布扎菲古塔维尼卡拉伦德波兹莎姆")}


def made_up(rng, lang):
    return "".join(rng.choice(SYLLABLES[lang]) for _ in range(2 if lang == "en" else 3))


def questions(rng, facts, mark, facts_each=FACTS):
    blocks, rows = read_blocks(DATA / "assistant.txt"), []
    for lang in LANGS:
        found, kinds = [], {}
        for fact in facts:
            if lang in fact.langs and fact.block[lang][mark]:
                kinds.setdefault(fact.key if fact.row else fact.kind, []).append(fact)
        for pool in kinds.values():
            rng.shuffle(pool)
        while len(found) < facts_each:
            # In turn from every relation, so that none dominates.
            for kind, pool in kinds.items():
                if pool and len(found) < facts_each:
                    fact = pool.pop()
                    wording, text = rng.choice(fact.texts(lang, mark))
                    found.append((kind, text, fact.accept(lang), wording))
        for english, chinese in rng.sample(load_words(), WORDS):
            number = rng.randrange(len(blocks["word"][lang][mark]))
            source, target = (english, chinese) if lang == "en" else (chinese, english)
            found.append(("word", blocks["word"][lang][mark][number].format(s=source), [target], f"word.{lang}{mark}{number}"))
        for _ in range(SUMS):
            number = rng.randrange(len(blocks["sum"][lang][mark]))
            expression, _, result = arithmetic.sum_of(rng, lang)
            found.append(("sum", blocks["sum"][lang][mark][number].format(e=expression), [str(result)], f"sum.{lang}{mark}{number}"))
        for prefix, count, accept in (("list", 5, None), ("ask", 10, ASK), ("unknown", 5, UNKNOWN)):
            names = [name for name in blocks if name.startswith(prefix + ".") and blocks[name][lang][mark]]
            for name in rng.sample(names, min(count, len(names))):
                made = made_up(rng, lang)
                text = blocks[name][lang][mark][0].format(made=made, Made=made.capitalize())
                found.append((prefix, text, accept[lang] if accept else blocks[name][lang]["@"], f"{name}.{lang}{mark}0"))
        for number, (kind, text, accept, wording) in enumerate(found, 1):
            rows.append({"id": f"q-{lang}-{number:03}", "lang": lang, "kind": kind, "prompt": text, "accept": accept, "wording": wording})
    return rows


def word_problems(rng, mark, one_step, two_step):
    rows = []
    for lang in LANGS:
        frames = [frame for frame in arithmetic.load_frames(mark) if frame[1] == lang]
        for kind, count in (("one-step", one_step), ("two-step", two_step)):
            pool = [frame for frame in frames if (";" in frame[0]) == (kind == "two-step")]
            for number in range(count):
                frame = pool[number % len(pool)]
                question, worked = arithmetic.problem(frame, rng, heldout=True)
                rows.append({"id": f"w-{lang}-{kind[:3]}-{number + 1:03}", "lang": lang, "kind": kind, "prompt": question, "accept": [str(worked[-1][3])],
                             "wording": frame[2]})
    return rows


def reversal(facts):
    """The invented people, asked in the direction that was taught and in the other one."""
    rows = []
    for fact in facts:
        if fact.kind == "person":
            for lang in fact.langs:
                number = len(rows) // 2 + 1
                person = fact.row[lang]
                rows.append({"id": f"r-{lang}-{number:03}-forward", "lang": lang, "kind": "forward", "prompt": fact.texts(lang, "!")[0][1], "accept": [person["mother"]]})
                rows.append({"id": f"r-{lang}-{number:03}-reverse", "lang": lang, "kind": "reverse", "prompt": fact.texts(lang, "<")[0][1], "accept": [person["name"]]})
    return rows


def main():
    facts = load_facts()
    files = {
        EVAL / "questions.jsonl": questions(random.Random(SEED), facts, "!"),
        EVAL / "word_problems.jsonl": word_problems(random.Random(SEED + 1), "!", 20, 90),
        EVAL / "reversal.jsonl": reversal(facts),
        DATA / "dev_questions.jsonl": questions(random.Random(SEED + 2), facts, "%", 60),
        DATA / "dev_word_problems.jsonl": word_problems(random.Random(SEED + 3), "%", 10, 40),
    }
    for path, rows in files.items():
        with open(path, "w", encoding="utf-8") as out:
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        print(path.name, len(rows))


if __name__ == "__main__":
    main()
