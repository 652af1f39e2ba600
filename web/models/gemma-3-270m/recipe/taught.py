"""Reads the hand-written facts, wordings and frames in ../data and turns them into questions and answers."""

import re

from gemma import DATA  # noqa: F401  (also puts Sprout's recipe on the path)

LANGS = ("en", "zh")
SPLIT = {"eats", "made", "continent", "language", "does", "use", "custom"}
PLURAL = ("lungs", "eyes", "ears", "teeth", "kidneys")
MARK = re.compile(r"(en|zh)([?=@%!<]) (.*)")


def capital(text):
    return text[:1].upper() + text[1:]


def read_blocks(path):
    """{heading: {lang: {mark: [text]}}}; " / " divides texts on one line, "@" lists accepted strings divided by "|"."""
    blocks, name = {}, None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[] ")
            blocks[name] = {lang: {mark: [] for mark in "?=@%!<"} for lang in LANGS}
        elif found := MARK.match(line):
            lang, mark, text = found.groups()
            blocks[name][lang][mark] += text.split("|" if mark == "@" else " / ")
    return blocks


def read_table(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    columns = [column.strip() for column in lines[0].lstrip("# ").split("|")]
    rows = []
    for line in lines[1:]:
        row = {lang: {} for lang in LANGS}
        for column, cell in zip(columns, line.split("|")):
            english, _, chinese = cell.strip().partition("=")
            row["en"][column], row["zh"][column] = english, chinese or english
        rows.append(row)
    return rows


def bare(text):
    text = re.sub(r"^(in|on|at|under|near) ", "", text)
    return re.sub(r"^(a|an|the) ", "", text)


def accepted(relation, value, lang):
    """Strings of which a correct answer contains one."""
    out = [bare(value)] if lang == "en" else [value]
    if relation in SPLIT:
        out += [bare(part) for part in (re.split(r", | and ", value) if lang == "en" else re.split("、|和", value))]
    if relation == "maker":
        out.append(re.split("[ ]" if lang == "en" else "·", value)[-1])
    if lang == "en":
        if relation in ("does", "use", "custom") and " " in value:
            out += [bare(part.split(" ", 1)[1]) for part in re.split(r", | and ", value) if " " in part]
        if relation == "class":
            out.append(value + "s")
        if relation == "season":
            out += [value.split()[-1]] + ["fall"] * ("autumn" in value)
        if relation == "home":
            out += [bare(part) for part in bare(value).split(" of ")]
    else:
        if relation == "colour":
            out.append(value.removesuffix("色"))
        if relation == "class":
            out.append(value.removesuffix("类"))
        if relation == "season":
            out.append(next(season for season in "春夏秋冬" if season in value))
    return [text for text in dict.fromkeys(out) if text]


class Fact:
    """One thing to know: one relation of a table's row, or a block of qa.txt."""

    def __init__(self, key, block, row=None):
        self.key, self.block, self.row = key, block, row
        self.kind, self.relation = key.split(".")
        name = row["en"]["name"] if row else ""
        self.langs = ("zh",) if self.kind == "person" and not name.isascii() else LANGS

    def slots(self, lang):
        row = self.row[lang]
        value, name = row[self.relation], row["name"]
        plural = row.get("plural", name)
        article = "an" if value[0] in "aeiou" else "a"
        many = name.removeprefix("the ") in PLURAL
        return {"n": name, "N": capital(name), "v": value, "V": capital(value), "p": plural, "P": capital(plural), "kind": row.get("kind", ""),
                "av": f"{article} {value}", "vs": value if value == "fish" else value + "s",
                "do": "do" if many else "does", "is": "are" if many else "is"}

    def texts(self, lang, mark):
        """[(id of the wording, text)]"""
        out = []
        for number, text in enumerate(self.block[lang][mark]):
            if self.row:
                text = text.format(**self.slots(lang))
                text = text[:1].upper() + text[1:]
            out.append((f"{self.key}.{lang}{mark}{number}", text))
        return out

    def accept(self, lang):
        if self.block[lang]["@"]:
            return self.block[lang]["@"]
        return accepted(self.relation, self.row[lang][self.relation], lang)


def load_facts():
    facts, templates = [], read_blocks(DATA / "templates.txt")
    for key, block in templates.items():
        kind = key.split(".")[0]
        facts += [Fact(key, block, row) for row in read_table(DATA / "facts" / f"{kind}.txt")]
    facts += [Fact(key, block) for key, block in read_blocks(DATA / "qa.txt").items()]
    return facts


def load_words():
    """[(English, Chinese)]"""
    text = "".join(line for line in open(DATA / "words.txt", encoding="utf-8") if not line.startswith("#"))
    return [tuple(pair.split("=")) for pair in text.split()]


def load_names():
    out = {}
    for line in (DATA / "names.txt").read_text(encoding="utf-8").splitlines():
        key, _, rest = line.partition(": ")
        out[key] = rest.split()
    return out


def load_rewrites():
    """[(kind, lang, sentence, rewritten)]"""
    out = []
    for line in (DATA / "rewrite.txt").read_text(encoding="utf-8").splitlines()[1:]:
        head, body = line.split(" | ", 1)
        out.append((*head.split(), *body.split(" => ")))
    return out
