"""Writes the pretraining corpus: one JSON document a line ({"lang", "kind", "text"}), from a seed."""

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from multiprocessing import Pool

import problems
from world import DATA, EVAL, by_mark, capital, grams, load_facts, load_stories, load_words, read_blocks, slots

CHAT_TURN = "<|im_start|>user\n{}<|im_end|>\n"

PLACES = {
    "en": ["to the park", "to the river", "to the forest", "to the beach", "to the garden", "to the hill", "to the zoo"],
    "at": ["in the park", "by the river", "in the forest", "at the beach", "in the garden", "on the hill", "near the lake"],
    "zh": ["公园", "河边", "森林里", "海边", "花园里", "小山上", "湖边"],
}
WEATHER = {"en": ["warm", "cold", "rainy", "sunny", "windy"], "zh": ["很暖和", "很冷", "一直下雨", "晴朗", "刮大风"]}
COLOURS = {"en": ["red", "blue", "green", "yellow", "black", "white"], "zh": ["红色", "蓝色", "绿色", "黄色", "黑色", "白色"]}
TITLES = {
    "fruit": ("Fruit", "水果"), "vegetable": ("Vegetables", "蔬菜"), "animal": ("Animals", "动物"), "country": ("Countries", "国家"),
    "thing": ("Colours of things", "事物的颜色"), "festival": ("Festivals", "节日"), "food": ("Food and drink", "食物和饮料"), "job": ("Jobs", "职业"),
    "tool": ("Useful things", "有用的东西"), "body": ("The body", "身体"), "planet": ("Planets", "行星"), "opposite": ("Opposites", "反义词"),
    "calendar": ("Days, months and seasons", "日期、月份和季节"), "person": ("People of the village", "村里的人"),
}
SMALL_TALK = {
    "en": [("Good morning!", "Good morning! How are you?"), ("Hello!", "Hello! Nice to see you."), ("How are you?", "I am fine, thank you."),
           ("I want to buy a new car.", "What kind of car do you want to buy?"), ("I want to cook something.", "What do you like to eat?"),
           ("I need a present.", "Who is the present for?"), ("I want to travel.", "Where do you want to go?"), ("I am bored.", "What do you like to do?"),
           ("I want to read a book.", "What kind of book do you like?"), ("I am going to bed.", "Good night! Sleep well."), ("Thank you!", "You are welcome!")],
    "zh": [("早上好！", "早上好！你好吗？"), ("你好！", "你好！很高兴见到你。"), ("你好吗？", "我很好，谢谢你。"), ("我想买一辆新车。", "你想买什么样的车？"),
           ("我想做点吃的。", "你喜欢吃什么？"), ("我要买一份礼物。", "礼物是送给谁的？"), ("我想去旅行。", "你想去哪里？"), ("我好无聊。", "你喜欢做什么？"),
           ("我想看书。", "你喜欢什么样的书？"), ("我要睡觉了。", "晚安！睡个好觉。"), ("谢谢你！", "不客气！")],
}


class Writer:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.facts = load_facts()
        self.words = load_words()
        self.stories = load_stories()
        self.frames = problems.load_frames()
        self.wraps = by_mark(dict(read_blocks(DATA / "assistant.txt"))["wrap"])
        self.of_kind = defaultdict(list)
        self.of_name = defaultdict(list)
        self.of_key = defaultdict(list)
        for fact in self.facts:
            self.of_kind[fact.kind].append(fact)
            self.of_name[fact.kind, fact.name].append(fact)
            if fact.row:
                self.of_key[fact.key].append(fact)
        self.cache = {}

    def texts(self, fact, lang, mark):
        key = (id(fact), lang, mark)
        if key not in self.cache:
            self.cache[key] = [text for _, text in fact.texts(lang, mark)]
        return self.cache[key]

    def say(self, fact, lang, mark=":"):
        text = self.rng.choice(self.texts(fact, lang, mark))
        # Now and then within a few more words: a question is more than its first word.
        if mark == "?" and self.rng.random() < 0.25:
            return self.wrap(text, lang)[1]
        return text

    def wrap(self, question, lang):
        """A question within a few more words, with the id of the wrapping; {q} the question, {p} the question without its mark."""
        texts = self.wraps[lang]["?"]
        while True:
            number = self.rng.randrange(len(texts))
            if "{p}" not in texts[number]:
                return f"wrap.{lang}?{number}", texts[number].format(q=question)
            if question.endswith("？") and not question.startswith(("请", "你知道")) and "，" not in question:
                return f"wrap.{lang}?{number}", texts[number].format(p=question[:-1])

    def fact(self, lang):
        """Any fact; people and free facts more often, since each has few sentences."""
        while True:
            fact = self.rng.choice(self.facts)
            if self.rng.random() < 0.08:
                fact = self.rng.choice(self.of_kind["person"])
            elif self.rng.random() < 0.05:
                fact = self.rng.choice([fact for fact in self.facts if not fact.row])
            if lang in fact.langs:
                return fact

    def related(self, lang, count):
        """Facts that share a relation, a thing or a kind."""
        first = self.fact(lang)
        choice = self.rng.random()
        if not first.row:
            pool = [fact for fact in self.facts if not fact.row and fact.kind == first.kind]
        elif choice < 0.45:
            pool = self.of_key[first.key]
        elif choice < 0.8:
            pool = self.of_kind[first.kind]
        else:
            pool = self.facts
        pool = [fact for fact in pool if lang in fact.langs and fact is not first]
        return [first] + self.rng.sample(pool, min(count - 1, len(pool)))

    # Each kind of document.

    def article(self, lang):
        start = self.fact(lang)
        space = " " if lang == "en" else ""
        facts = [fact for fact in (self.of_name[start.kind, start.name] if start.row else self.of_kind[start.kind]) if lang in fact.langs]
        if start.kind in ("person", "thing", "opposite", "body"):
            facts = [start] + self.rng.sample([f for f in self.of_kind[start.kind] if lang in f.langs and f is not start], 4)
        head = [fact for fact in facts if fact.relation in ("definition", "feature")]
        rest = [fact for fact in facts if fact not in head]
        self.rng.shuffle(rest)
        sentences = [self.say(fact, lang) for fact in head + rest]
        # Not for people: a sentence about a child right after one that ends with the mother's name would teach the way back.
        if start.kind != "person" and self.rng.random() < 0.5:
            sentences += [self.say(fact, lang) for fact in self.rng.sample(facts, min(len(facts), 3))]
        title = ""
        if start.row and self.rng.random() < 0.3 and start.kind not in ("person", "thing", "opposite", "body"):
            title = capital(start.row[lang]["name"]) + "\n\n"
        return title + space.join(sentences)

    def facts_text(self, lang):
        facts = self.related(lang, self.rng.randint(3, 8))
        lines = [self.say(fact, lang) for fact in facts]
        return self.rng.choice(["\n", " " if lang == "en" else ""]).join(lines)

    def single(self, lang):
        return self.say(self.fact(lang), lang)

    def table(self, lang):
        first = self.fact(lang)
        while not first.row or first.relation == "child":
            first = self.fact(lang)
        facts = [fact for fact in self.of_key[first.key] if lang in fact.langs]
        facts = self.rng.sample(facts, min(len(facts), self.rng.randint(5, 10)))
        sign = self.rng.choice([": ", " -> ", " - ", " = "] if lang == "en" else ["：", " -> ", "——", " = "])
        lines = [fact.row[lang]["name"] + sign + fact.row[lang][fact.relation] for fact in facts]
        title = f"{TITLES[first.kind][lang == 'zh']}\n" if self.rng.random() < 0.4 else ""
        return title + "\n".join(lines)

    def title(self, fact, lang):
        name = TITLES.get(fact.kind, ("Bees and other things", "蜜蜂和其他"))[lang == "zh"]
        if lang == "en":
            return self.rng.choice([f"Questions about: {name.lower()}", f"{name}: questions", f"Quiz: {name.lower()}", "Questions for children", "Test your knowledge"])
        return self.rng.choice([f"关于{name}的问题", f"{name}问答", f"小测验：{name}", "给孩子们的问题", "考考你"])

    def question_list(self, lang):
        facts = self.related(lang, self.rng.randint(4, 9))
        lines = [self.say(fact, lang, "?") for fact in facts]
        style = self.rng.random()
        if style < 0.25:
            lines = [f"{number}. {line}" for number, line in enumerate(lines, 1)]
        elif style < 0.35:
            lines = [f"- {line}" for line in lines]
        if self.rng.random() < 0.3:
            lines.insert(0, self.title(facts[0], lang))
        return "\n".join(lines)

    def marks(self, pairs):
        """What stands before question and answer; half of the time on a line of its own, as an English word at the start of a line is
        another token than after a space."""
        pair = self.rng.choice(pairs)
        return pair if self.rng.random() < 0.5 else tuple(mark.rstrip() + "\n" for mark in pair)

    def faq(self, lang):
        facts = self.related(lang, self.rng.randint(3, 7))
        q, a = self.marks([("Q: ", "A: "), ("Question: ", "Answer: ")] if lang == "en" else [("问：", "答："), ("问题：", "回答：")])
        gap = self.rng.choice(["\n", "\n\n"])
        answer = lambda fact: fact.answer(lang) if self.rng.random() < 0.7 else self.say(fact, lang)
        return gap.join(f"{q}{self.say(fact, lang, '?')}\n{a}{answer(fact)}" for fact in facts)

    def dialogue(self, lang):
        one, two = self.rng.sample(self.words[f"names {lang}"], 2)
        colon = self.rng.choice([":\n", ": "] if lang == "en" else ["：\n", "："])
        lines = []
        for _ in range(self.rng.randint(2, 5)):
            if self.rng.random() < 0.3:
                question, answer = self.rng.choice(SMALL_TALK[lang])
            else:
                fact = self.fact(lang)
                question, answer = self.say(fact, lang, "?"), fact.answer(lang)
            lines += [f"{one}{colon}{question}", f"{two}{colon}{answer}"]
            if self.rng.random() < 0.3:
                one, two = two, one
        return "\n".join(lines)

    def chat_room(self, lang):
        """Turns of people who only ask or tell: the markup of a chat, but nobody who answers."""
        turns = [self.say(fact, lang, self.rng.choice("?:")) for fact in self.related(lang, self.rng.randint(2, 5))]
        return "".join(CHAT_TURN.format(turn) for turn in turns).rstrip("\n")

    def story_parts(self, lang):
        name, text, summary = self.rng.choice(self.stories[lang])
        first, second = self.rng.sample(self.words[f"names {lang}"], 2)
        animal, animal2 = self.rng.sample([f.row for f in self.of_key["animal.definition"]], 2)
        fruit = self.rng.choice(self.of_key["fruit.definition"]).row
        country = self.rng.choice(self.of_key["country.capital"]).row[lang]
        food = self.rng.choice(self.of_key["food.definition"]).row
        goes = re.search(r"went\|walked|\|went ", text)
        values = {
            "n": first, "f": second, "animal": animal[lang]["name"], "animal2": animal2[lang]["name"],
            "animals": slots("animal", animal, lang)["ns"], "fruit": fruit[lang]["name"], "fruits": slots("fruit", fruit, lang)["ns"],
            "food": food[lang]["name"], "place": self.rng.choice(PLACES["zh" if lang == "zh" else "en" if goes else "at"]),
            "weather": self.rng.choice(WEATHER[lang]), "colour": self.rng.choice(COLOURS[lang]), "num": self.rng.randint(2, 30),
            "country": country["name"], "capital": country["capital"],
        }
        while "(" in text:
            text = re.sub(r"\(([^()]*)\)", lambda match: self.rng.choice(match[1].split("|")), text)
        return tuple(self.articles(part.format(**values)) for part in (text, summary))

    @staticmethod
    def articles(text):
        return re.sub(r"\b([Aa]) (?=[aeiou])(?!one\b)", r"\1n ", text)

    def story(self, lang):
        text, summary = self.story_parts(lang)
        if self.rng.random() < 0.2:
            text += f"\n\nIn short: {summary}" if lang == "en" else f"\n\n总之：{summary}"
        return text

    def sum(self):
        rng = self.rng
        sign = rng.choice("++--×÷")
        if sign == "+":
            a, b = rng.randint(1, 60), rng.randint(1, 39)
            return a, sign, b, a + b
        if sign == "-":
            a = rng.randint(2, 99)
            b = rng.randint(1, a)
            return a, sign, b, a - b
        a, b = rng.randint(1, 10), rng.randint(1, 10)
        return (a, sign, b, a * b) if sign == "×" else (a * b, sign, b, a)

    def arithmetic(self, lang):
        style = self.rng.random()
        lines = []
        for _ in range(self.rng.randint(6, 14)):
            a, sign, b, c = self.sum()
            if style < 0.6:
                lines.append(f"{a} {sign} {b} = {c}")
            elif lang == "en":
                word = {"+": "plus", "-": "minus", "×": "times", "÷": "divided by"}[sign]
                lines.append(f"{a} {word} {b} is {c}." if style < 0.75 else f"Q: What is {a} {self.rng.choice([word, sign])} {b}?\nA: {a} {sign} {b} = {c}.")
            else:
                word = {"+": "加", "-": "减", "×": "乘", "÷": "除以"}[sign]
                lines.append(f"{a}{word}{b}等于{c}。" if style < 0.75 else f"问：{a}{self.rng.choice([word, ' ' + sign + ' '])}{b}等于多少？\n答：{a} {sign} {b} = {c}。")
        return "\n".join(lines)

    def word_problems(self, lang):
        style = self.rng.random()
        q, a = self.marks([("Q: ", "A: "), ("Problem: ", "Solution: ")] if lang == "en" else [("问：", "答："), ("题目：", "解：")])
        parts = []
        for _ in range(self.rng.randint(1, 3)):
            question, worked, _ = problems.problem(self.rng.choice(self.frames), lang, self.rng)
            if style < 0.06:
                parts.append(question)
                continue
            answer = problems.direct(worked, lang) if style < 0.3 else problems.by_steps(worked, lang)
            parts.append(f"{q}{question}\n{a}{answer}")
        return "\n\n".join(parts) if style >= 0.06 else "\n".join(parts)

    def dictionary(self, lang):
        facts = self.rng.sample([fact for fact in self.facts if fact.row and fact.kind != "person"], self.rng.randint(5, 10))
        sign = self.rng.choice([" = ", ": ", " - "])
        pairs = []
        for fact in facts:
            column = self.rng.choice(["name", "name", fact.relation])
            pair = fact.row["en"][column], fact.row["zh"][column]
            pairs.append(pair if lang == "en" else pair[::-1])
        return "\n".join(sign.join(pair) for pair in pairs)

    # Share of each kind of document, by number.
    MIX = {"article": 12, "facts_text": 9, "single": 4, "table": 4, "question_list": 9, "faq": 18, "dialogue": 10, "chat_room": 3,
           "story": 6, "arithmetic": 8, "word_problems": 26, "dictionary": 2}

    def document(self):
        lang = self.rng.choice(("en", "zh"))
        kind = self.rng.choices(list(self.MIX), self.MIX.values())[0]
        return {"lang": lang, "kind": kind, "text": getattr(self, kind)(lang)}


def heldout_grams():
    """The 8-grams of the held-out questions and word problems."""
    out = set()
    for name in ("questions", "word_problems"):
        for line in (EVAL / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            out |= grams(json.loads(line)["prompt"])
    return out


def shard(job):
    """Some of the documents, as lines, from a seed of their own."""
    seed, documents = job
    writer, heldout, lines, dropped = Writer(seed), heldout_grams(), [], 0
    for _ in range(documents):
        document = writer.document()
        if heldout & grams(document["text"]):
            dropped += 1
        else:
            lines.append(json.dumps(document, ensure_ascii=False))
    return lines, dropped


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True)
    parser.add_argument("--documents", type=int, default=225_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--smoke", action="store_true")
    args = parser.parse_args()
    shards = 3 if args.smoke else 25
    jobs = [(args.seed * 1000 + number, (3000 if args.smoke else args.documents) // shards) for number in range(shards)]
    count, dropped = Counter(), 0
    with open(args.out, "w", encoding="utf-8") as out, Pool(args.processes) as pool:
        for lines, missing in pool.imap(shard, jobs):
            dropped += missing
            out.writelines(line + "\n" for line in lines)
            for document in map(json.loads, lines):
                count[document["lang"]] += 1
                count[document["kind"]] += len(document["text"].encode())
    print(dict(count), "dropped because of a held-out 8-gram:", dropped)


if __name__ == "__main__":
    main()
