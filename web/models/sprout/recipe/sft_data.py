"""Writes ../data/sft.jsonl: conversations of one question and one answer ({"messages", "lang", "kind", "wording"}), from a seed."""

import argparse
import json
import random
import re
from collections import Counter

import problems
from corpus import Writer, heldout_grams
from world import DATA, LANGS, by_mark, capital, grams, read_blocks

SHARE = 0.02
# How many conversations of each kind, in both languages together.
PLAN = {"fact": 6500, "yes_no": 400, "word": 300, "sum": 800, "direct": 1000, "steps": 1500, "summary": 260, "polite": 120, "ask_form": 160,
        "ask": 260, "talk": 120, "unknown": 400}
ORDERS = {
    "en": ["Give me the {}.", "Open the {}.", "Bring me the {}.", "Show me the {}.", "Close the {}.", "Wash the {}.", "Find the {}."],
    "zh": ["给我{}。", "打开{}。", "拿{}来。", "让我看看{}。", "把{}收好。", "去洗{}。", "找到{}。"],
}
OBJECTS = {"en": ["book", "door", "window", "key", "map", "lamp", "bag", "cup", "box", "pen", "clock", "knife"],
           "zh": ["书", "门", "窗户", "钥匙", "地图", "台灯", "袋子", "杯子", "盒子", "钢笔", "时钟", "刀"]}
SYLLABLES = {"en": "bla zor fim gup tal vex nim quo rab lun dre pok wiz sha mub".split(), "zh": list("布扎菲古塔维尼卡拉伦德波兹莎姆")}


def parts_of(wording):
    """A wording and the wordings it is made of, except the bare question."""
    parts = [part for part in wording.split("+") if part != "plain"]
    return set(parts + [wording])


class Teacher:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.world = Writer(seed)
        self.blocks = {heading: by_mark(lines) for heading, lines in read_blocks(DATA / "assistant.txt")}
        self.facts = {lang: [fact for fact in self.world.facts if lang in fact.langs] for lang in LANGS}
        self.queue = {lang: [] for lang in LANGS}
        self.accept = []  # strings of which a correct answer to the last question contains one

    def pick(self, block, lang, mark="?"):
        texts = self.blocks[block][lang][mark]
        number = self.rng.randrange(len(texts))
        return f"{block}.{lang}{mark}{number}", texts[number]

    def made_up(self, lang):
        return "".join(self.rng.choice(SYLLABLES[lang]) for _ in range(2 if lang == "en" else 3))

    def next_fact(self, lang):
        # Every fact in turn, so that all are asked about equally often.
        if not self.queue[lang]:
            self.queue[lang] = self.rng.sample(self.facts[lang], len(self.facts[lang]))
        return self.queue[lang].pop()

    def wrap(self, question, lang):
        """The question, half of the time within a few more words."""
        if self.rng.random() < 0.5:
            return "plain", question
        return self.world.wrap(question, lang)

    def fact(self, lang):
        fact = self.next_fact(lang)
        wording, question = self.rng.choice(fact.texts(lang, "?"))
        wrapping, question = self.wrap(question, lang)
        answer, style = fact.answer(lang), self.rng.random()
        others = [other for other in self.world.of_name[fact.kind, fact.name] if other is not fact] if fact.row else []
        self.accept = fact.accept(lang)
        if style < 0.15:
            answer = self.pick("lead", lang, "=")[1].format(s=answer)
        elif style < 0.27 and len(others) > 0:
            answer += (" " if lang == "en" else "") + self.rng.choice(others).answer(lang)
        elif style < 0.37 and fact.row and fact.relation not in ("definition", "child"):
            value = fact.row[lang][fact.relation]
            answer = capital(value) + ("." if lang == "en" else "。")
        return question, answer, f"{wording}+{wrapping}"

    def yes_no(self, lang):
        relation = self.rng.choice(["fruit.colour", "vegetable.colour", "thing.colour", "country.continent", "animal.class", "fruit.taste"])
        facts = self.world.of_key[relation]
        fact, other = self.rng.sample(facts, 2)
        true, value = fact.answer(lang), fact.row[lang][fact.relation]
        claimed = self.rng.choice([value, other.row[lang][fact.relation]])
        if lang == "en":
            subject, verb, rest = re.match(r"(.+?) (is|tastes) (.+)\.$", true).groups()
            subject = subject if fact.kind == "country" else subject[0].lower() + subject[1:]
            said = rest.replace(value, claimed)
            if relation == "animal.class":
                said = ("an " if claimed[0] in "aeiou" else "a ") + claimed
            question = f"Is {subject} {said}?" if verb == "is" else f"Does {subject} taste {said}?"
            return question, f"{'Yes' if claimed == value else 'No'}, {subject} {verb} {rest}.", f"yes_no.{relation}.en"
        question = true.replace(value, claimed).rstrip("。") + "吗？"
        return question, f"{'是的' if claimed == value else '不是'}，{true}", f"yes_no.{relation}.zh"

    def word(self, lang):
        fact = self.rng.choice([fact for fact in self.world.facts if fact.row and fact.kind in ("fruit", "vegetable", "animal", "country", "food", "job", "tool", "festival")])
        names = {"en": fact.row["en"]["name"], "zh": fact.row["zh"]["name"]}
        wording, question = self.pick("word", lang)
        slots = {"s": names[lang], "t": names["zh" if lang == "en" else "en"]}
        self.accept = [slots["t"]]
        return question.format(**slots), self.blocks["word"][lang]["="][0].format(**slots), wording

    def sum(self, lang):
        a, sign, b, c = self.world.sum()
        self.accept = [str(c)]
        wording, question = self.pick("sum", lang)
        if self.rng.random() < 0.4:
            words = {"en": {"+": "plus", "-": "minus", "×": "times", "÷": "divided by"}, "zh": {"+": "加", "-": "减", "×": "乘", "÷": "除以"}}[lang]
            expression = f"{a} {words[sign]} {b}" if lang == "en" else f"{a}{words[sign]}{b}"
        else:
            expression = f"{a} {sign} {b}"
        stop = "." if lang == "en" else "。"
        return question.format(e=expression), f"{a} {sign} {b} = {c}{stop}", f"{wording}{sign}"

    def word_problem(self, lang, kind):
        question, worked, pieces = problems.problem(self.rng.choice(self.world.frames), lang, self.rng)
        self.accept = [str(worked[-1][3])]
        wording, text = self.pick(kind, lang)
        answer = problems.direct(worked, lang) if kind == "direct" else problems.by_steps(worked, lang)
        return text.format(q=question), answer, f"{pieces}+{wording}"

    def direct(self, lang):
        return self.word_problem(lang, "direct")

    def steps(self, lang):
        return self.word_problem(lang, "steps")

    def summary(self, lang):
        text, summary = self.world.story_parts(lang)
        wording, question = self.pick("summary", lang)
        return question.format(s=text), summary, wording

    def polite(self, lang):
        order = self.rng.choice(ORDERS[lang]).format(self.rng.choice(OBJECTS[lang]))
        wording, question = self.pick("polite", lang)
        answer = f"Could you please {order[0].lower()}{order[1:-1]}?" if lang == "en" else f"请{order[:-1]}，好吗？"
        return question.format(s=order), answer, wording

    def ask_form(self, lang):
        fact = self.rng.choice(self.world.of_key[self.rng.choice(["fruit.colour", "thing.colour", "country.continent"])])
        sentence = fact.answer(lang)
        if lang == "en":
            subject, rest = re.match(r"(.+?) is (.+)\.$", sentence).groups()
            subject = subject if fact.kind == "country" else subject[0].lower() + subject[1:]
            answer = f"Is {subject} {rest}?"
        else:
            answer = sentence.rstrip("。") + "吗？"
        wording, question = self.pick("ask_form", lang)
        return question.format(s=sentence), answer, wording

    def scripted(self, prefix, lang):
        block = self.rng.choice([name for name in self.blocks if name.startswith(prefix + ".")])
        wording, question = self.pick(block, lang)
        made = self.made_up(lang)
        slots = {"made": made, "Made": capital(made)}
        self.accept = {"ask": ["?"], "talk": ["!", "?"], "unknown": ["sorry", "对不起"]}[prefix]
        wrapping, question = self.wrap(question.format(**slots), lang) if prefix != "talk" else ("plain", question)
        return question, self.blocks[block][lang]["="][0].format(**slots), f"{wording}+{wrapping}"

    def ask(self, lang):
        return self.scripted("ask", lang)

    def talk(self, lang):
        return self.scripted("talk", lang)

    def unknown(self, lang):
        return self.scripted("unknown", lang)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default=str(DATA / "sft.jsonl"))
    parser.add_argument("--seed", type=int, default=11)
    args = parser.parse_args()
    teacher, heldout = Teacher(args.seed), heldout_grams()
    rows, seen, used = [], set(), Counter()
    limit = int(SHARE * sum(PLAN.values()) * 0.9)
    for kind, count in PLAN.items():
        made = tries = 0
        while made < count and tries < 30 * count:
            tries += 1
            lang = LANGS[made % 2]
            question, answer, wording = getattr(teacher, kind)(lang)
            if (question, answer) in seen or any(used[part] >= limit for part in parts_of(wording)) or heldout & grams(question + "\n" + answer):
                continue
            seen.add((question, answer))
            used.update(parts_of(wording))
            made += 1
            messages = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
            rows.append({"messages": messages, "lang": lang, "kind": kind, "wording": wording})
    teacher.rng.shuffle(rows)
    with open(args.out, "w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    print(len(rows), Counter(row["kind"] for row in rows), Counter(row["lang"] for row in rows))
    print("largest share of a wording:", used.most_common(1)[0][1] / len(rows), "wordings:", len(used))


if __name__ == "__main__":
    main()
