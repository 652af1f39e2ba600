"""Writes ../data/sft.jsonl: conversations of one question and one answer ({"messages", "lang", "kind", "wording"}), from a seed."""

import argparse
import json
import random
from collections import Counter

import arithmetic
from gemma import DATA, EVAL
from make_heldout import made_up
from taught import LANGS, load_facts, load_rewrites, load_words, read_blocks
from world import grams

SHARE = 0.02
# How many conversations of each kind beside the facts, in both languages together.
PLAN = {"steps": 560, "direct": 300, "sum": 280, "word": 240, "ask": 190, "unknown": 170, "talk": 84, "list": 100, "rewrite": 200, "yes_no": 90}


def heldout_grams():
    """The 8-grams (words; in Chinese characters) of the held-out questions and word problems."""
    return set().union(*(grams(json.loads(line)["prompt"]) for name in ("questions", "word_problems")
                         for line in open(EVAL / f"{name}.jsonl", encoding="utf-8")))


class Teacher:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.facts, self.words, self.rewrites = load_facts(), load_words(), load_rewrites()
        self.blocks, self.frames = read_blocks(DATA / "assistant.txt"), arithmetic.load_frames("?")
        self.accept = []  # strings of which a correct answer to the last question contains one
        self.turn = {}

    def pick(self, block, lang, mark="?"):
        texts = self.blocks[block][lang][mark]
        number = self.rng.randrange(len(texts))
        return f"{block}.{lang}{mark}{number}", texts[number]

    def deal(self, name, items):
        """The items in a shuffled order, over and over, so that all come up equally often."""
        if not self.turn.get(name):
            self.turn[name] = self.rng.sample(items, len(items))
        return self.turn[name].pop()

    def wrap(self, question, lang, share=0.4):
        if self.rng.random() > share:
            return "plain", question
        name, text = self.pick("wrap", lang)
        return name, text.format(q=question)

    def lead(self, answer, lang, share=0.12):
        """Now and then a friendly word before the answer."""
        if self.rng.random() > share:
            return "plain", answer
        name, text = self.pick("lead", lang, "=")
        return name, text.format(s=answer)

    def fact_row(self, fact, lang, number):
        """A question about a fact in its training wording of that number."""
        wording, question = fact.texts(lang, "?")[number]
        style, answer = self.rng.choice(fact.texts(lang, "="))
        self.accept = fact.accept(lang)
        wrapping, question = self.wrap(question, lang)
        friendly, answer = self.lead(answer, lang)
        return question, answer, f"{wording}+{wrapping}+{style}+{friendly}"

    def fact(self, lang):
        fact = self.deal(f"fact {lang}", [fact for fact in self.facts if lang in fact.langs])
        return self.fact_row(fact, lang, self.rng.randrange(len(fact.block[lang]["?"])))

    def yes_no(self, lang):
        relation = self.rng.choice(["country.continent", "animal.class", "fruit.colour", "country.capital"])
        fact, other = self.rng.sample([fact for fact in self.facts if fact.key == relation], 2)
        slots, value = fact.slots(lang), other.slots(lang) if self.rng.random() < 0.5 else fact.slots(lang)
        true = slots["v"] == value["v"]
        ask, tell = {"country.continent": ("Is {n} in {v}?", "{n} is in {v}."), "animal.class": ("Is {n} {av}?", "{n} is {av}."),
                     "fruit.colour": ("Is {n} {v}?", "{n} is {v}."), "country.capital": ("Is {v} the capital of {n}?", "the capital of {n} is {v}.")}[relation]
        if lang == "zh":
            ask, tell = {"country.continent": ("{n}在{v}吗？", "{n}在{v}。"), "animal.class": ("{n}是{v}吗？", "{n}是{v}。"),
                         "fruit.colour": ("{n}是{v}的吗？", "{n}是{v}的。"), "country.capital": ("{v}是{n}的首都吗？", "{n}的首都是{v}。")}[relation]
        question = ask.format(n=slots["n"], v=value["v"], av=value["av"])
        head = {"en": ("Yes, ", "No, "), "zh": ("是的，", "不是，")}[lang][not true]
        self.accept = [head[:-1].rstrip(",，")]
        return question, head + tell.format(**slots), f"yes_no.{relation}.{lang}"

    def word(self, lang):
        english, chinese = self.deal(f"word {lang}", self.words)
        slots = {"s": english, "t": chinese} if lang == "en" else {"s": chinese, "t": english}
        self.accept = [slots["t"]]
        wording, question = self.pick("word", lang)
        style, answer = self.pick("word", lang, "=")
        friendly, answer = self.lead(answer.format(**slots), lang, 0.08)
        return question.format(**slots), answer, f"{wording}+{style}+{friendly}"

    def sum(self, lang):
        expression, worked, result = arithmetic.sum_of(self.rng, lang)
        self.accept = [str(result)]
        wording, question = self.pick("sum", lang)
        sign = worked.split()[1]
        friendly, answer = self.lead(worked + (". " if lang == "en" else "。").strip(), lang, 0.08)
        return question.format(e=expression), answer, f"{wording}+sum{sign}.{lang}+{friendly}"

    def problem(self, lang, kind):
        frame = self.deal(f"{kind} {lang}", [frame for frame in self.frames if frame[1] == lang])
        question, worked = arithmetic.problem(frame, self.rng)
        self.accept = [str(worked[-1][3])]
        wording, text = self.pick(kind, lang)
        answer, style = (arithmetic.direct if kind == "direct" else arithmetic.by_steps)(worked, lang, self.rng)
        friendly, answer = self.lead(answer, lang, 0.08)
        return text.format(q=question), answer, f"{frame[2]}+{'plain' if text == '{q}' else wording}+{style}+{friendly}"

    def direct(self, lang):
        return self.problem(lang, "direct")

    def steps(self, lang):
        return self.problem(lang, "steps")

    def rewrite(self, lang):
        kind, _, sentence, rewritten = self.deal(f"rewrite {lang}", [row for row in self.rewrites if row[1] == lang])
        wording, question = self.pick(kind, lang)
        self.accept = []
        friendly, answer = self.lead(rewritten, lang, 0.05)
        return question.format(s=sentence), answer, f"{wording}+{friendly}"

    def scripted(self, prefix, lang):
        texts = [(name, number) for name in self.blocks if name.startswith(prefix + ".") for number in range(len(self.blocks[name][lang]["?"]))]
        name, number = self.deal(f"{prefix} {lang}", texts)
        question, made = self.blocks[name][lang]["?"][number], made_up(self.rng, lang)
        style, answer = self.pick(name, lang, "=")
        slots = {"made": made, "Made": made.capitalize()}
        self.accept = {"ask": ["?"], "talk": [], "unknown": ["sorry", "对不起"], "list": self.blocks[name][lang]["@"]}[prefix]
        wrapping, question = self.wrap(question.format(**slots), lang, 0.25) if prefix != "talk" else ("plain", question)
        friendly, answer = self.lead(answer.format(**slots), lang, 0.1 if prefix in ("ask", "list") else 0)
        return question, answer, f"{name}.{lang}?{number}+{wrapping}+{style}+{friendly}"

    def ask(self, lang):
        return self.scripted("ask", lang)

    def talk(self, lang):
        return self.scripted("talk", lang)

    def unknown(self, lang):
        return self.scripted("unknown", lang)

    def list(self, lang):
        return self.scripted("list", lang)


def parts_of(wording):
    """The wordings that a conversation is made of, except the bare question and the bare answer."""
    return {part for part in wording.split("+") if part != "plain"}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default=str(DATA / "sft.jsonl"))
    parser.add_argument("--seed", type=int, default=11)
    args = parser.parse_args()
    teacher, heldout = Teacher(args.seed), heldout_grams()
    rows, seen, used, dropped = [], set(), Counter(), 0
    limit = 60

    def add(kind, lang, question, answer, wording):
        nonlocal dropped
        parts = parts_of(wording)
        if (question, answer) in seen or any(used[part] >= limit for part in parts) or heldout & grams(question + "\n" + answer):
            dropped += 1
            return False
        seen.add((question, answer))
        used.update(parts)
        rows.append({"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}], "lang": lang, "kind": kind, "wording": wording})
        return True

    for fact in teacher.facts:
        for lang in fact.langs:
            wordings = list(range(len(fact.block[lang]["?"])))
            teacher.rng.shuffle(wordings)
            # The invented people must be learnt from nothing, so they are asked about in all wordings.
            for number in wordings[: len(wordings) if fact.kind == "person" else 3 if not fact.row else 2]:
                for _ in range(4):
                    if add("fact", lang, *teacher.fact_row(fact, lang, number)):
                        break
    for kind, count in PLAN.items():
        made = tries = 0
        while made < count and tries < 30 * count:
            tries += 1
            lang = LANGS[made % 2]
            made += add(kind, lang, *getattr(teacher, kind)(lang))
    teacher.rng.shuffle(rows)
    with open(args.out, "w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    print(len(rows), Counter(row["kind"] for row in rows), Counter(row["lang"] for row in rows), "dropped", dropped)
    print("largest share of a wording:", used.most_common(3), used.most_common(1)[0][1] / len(rows), "wordings:", len(used))


if __name__ == "__main__":
    main()
