"""The taught world: reads the hand-written tables, wordings and frames in ../data and turns them into sentences."""

import re
import unicodedata
from pathlib import Path

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "data"
EVAL = HERE.parent / "eval"
LANGS = ("en", "zh")

PLURAL_FOODS = {"mooncakes", "dumplings"}
VOWELS = "aeiou"


def article(noun):
    return ("an " if noun[0].lower() in VOWELS else "a ") + noun


def capital(text):
    return text[:1].upper() + text[1:]


def read_table(path):
    """Rows of a table as {"en": {column: value}, "zh": {...}}; a cell is "English=Chinese" or one word for both."""
    lines = path.read_text(encoding="utf-8").splitlines()
    columns = [column.split()[0] for column in lines[0].lstrip("# ").split("|")]
    rows = []
    for line in lines[1:]:
        row = {"en": {}, "zh": {}}
        for column, cell in zip(columns, line.split("|")):
            english, _, chinese = cell.strip().partition("=")
            row["en"][column], row["zh"][column] = english, chinese or english
        rows.append(row)
    return rows


def read_blocks(path):
    """[(heading, [(lang, mark, text)])] of templates.txt, qa.txt and problems.txt."""
    blocks = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            blocks.append((line.strip("[] "), []))
        elif re.match(r"(en|zh)[:?=!~@] ", line):
            blocks[-1][1].append((line[:2], line[2], line[4:]))
    return blocks


def by_mark(lines):
    out = {lang: {mark: [] for mark in ":?=!~@"} for lang in LANGS}
    for lang, mark, text in lines:
        out[lang][mark].append(text)
    return out


def load_templates():
    templates = {}
    for heading, lines in read_blocks(DATA / "templates.txt"):
        name, _, source = (part.strip() for part in heading.partition("="))
        if source:
            swap = lambda text: re.sub("fruit", "vegetable", text.replace("水果", "蔬菜").replace("果农", "菜农"))
            templates[name] = {
                lang: {mark: [swap(text) for text in texts] for mark, texts in marks.items()}
                for lang, marks in templates[source].items()
            }
        else:
            templates[name] = by_mark(lines)
    return templates


def slots(kind, row, lang):
    """What the slots of a wording stand for."""
    values = dict(row[lang])
    name = values.pop("name")
    values["n"] = name
    values["ns"] = values.get("plural", name)
    if lang == "en":
        counted = kind in ("fruit", "vegetable", "animal", "job") or (kind == "tool" and name not in ("scissors", "soap"))
        values["a"] = article(name) if counted else name
        plural = name in PLURAL_FOODS
        values.update({"is": "are", "do": "do", "has": "have", "s": ""} if plural else
                      {"is": "is", "do": "does", "has": "has", "s": "s"})
        if "class" in values:
            values["class_a"] = article(values["class"])
    for key in list(values):
        values[capital(key)] = capital(values[key])
    return values


def tidy(text):
    text = re.sub("(一共)?有没有条腿", "没有腿", text)
    return text.replace("的的", "的")


def fill(template, values):
    return tidy(template.format(**values))


def accepted(kind, relation, row, lang):
    """Strings of which a correct answer contains one."""
    value = row[lang]["name" if relation == "child" else relation]
    if lang == "en":
        bare = re.sub(r"^(in|on|at|under|above|by|before) ", "", value)
        bare = re.sub(r"^(a|an|the) ", "", bare)
        digits = {"no": "no", "one": "1", "two": "2", "four": "4", "six": "6", "eight": "8"}
        return [bare] + ([digits[value]] if relation == "legs" else [])
    bare = re.sub("^一(种|个|道|锅|块|颗|片)", "", value)
    out = [bare]
    if relation == "colour":
        out.append(bare.removesuffix("色"))
    if relation == "legs":
        out += {"两": ["二", "2"], "四": ["4"], "六": ["6"], "八": ["8"], "没有": []}[value]
    return out


class Fact:
    """One relation of one thing (or one free fact of qa.txt), in both languages where both exist."""

    def __init__(self, kind, relation, wordings, row=None):
        self.kind, self.relation, self.wordings, self.row = kind, relation, wordings, row
        self.key = f"{kind}.{relation}"
        self.name = row["en"]["name"] if row else relation
        # People with Chinese names are spoken of in Chinese only.
        chinese_only = kind == "person" and not row["en"]["name"].isascii()
        self.langs = ("zh",) if chinese_only else LANGS

    def texts(self, lang, mark):
        """All sentences of one mark, each with the id of its wording."""
        out = []
        for number, template in enumerate(self.wordings[lang][mark]):
            values = slots(self.kind, self.row, lang) if self.row else {}
            text = fill(template, values) if self.row else template
            out.append((f"{self.key if self.row else self.kind + '.' + self.relation}.{lang}{mark}{number}", text))
        return out

    def answer(self, lang):
        return self.texts(lang, "=")[0][1]

    def accept(self, lang):
        if self.row:
            return accepted(self.kind, self.relation, self.row, lang)
        return self.wordings[lang]["@"][0].split("|")


def load_facts():
    facts = []
    templates = load_templates()
    for path in sorted((DATA / "facts").glob("*.txt")):
        kind = path.stem
        relations = [key.split(".")[1] for key in templates if key.split(".")[0] == kind]
        for row in read_table(path):
            for relation in relations:
                if relation == "child" and row["en"]["direction"] != "both":
                    continue
                facts.append(Fact(kind, relation, templates[f"{kind}.{relation}"], row))
    for heading, lines in read_blocks(DATA / "qa.txt"):
        facts.append(Fact(*heading.split("."), by_mark(lines)))
    return facts


def load_words():
    words = {}
    for line in (DATA / "words.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            key, _, rest = line.partition(": ")
            words[key] = rest.split()
    return words


def load_stories():
    """{lang: [(name, text, summary)]}"""
    stories = {"en": [], "zh": []}
    for block in re.split(r"\n(?=\[)", (DATA / "stories.txt").read_text(encoding="utf-8")):
        if block.startswith("["):
            head, body = block.split("\n", 1)
            lang, name = head.strip("[]").split()
            text, summary = body.strip().split("\n=> ")
            stories[lang].append((name, text.strip(), summary.strip()))
    return stories


def grams(text, size=8):
    """The word n-grams (in Chinese: character n-grams) of a text, after NFKC and case folding."""
    words = re.findall(r"[a-zà-ÿ0-9]+|[\u4e00-\u9fff]", unicodedata.normalize("NFKC", text).casefold())
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}
