"""Word problems put together from the pieces in ../data/problems.txt, with direct answers and with worked steps."""

import re

from world import DATA, by_mark, capital, load_words, read_blocks

WORDS = load_words()
SIGNS = {"+": "+", "-": "-", "*": "×", "/": "÷"}
PIECES = {role: by_mark(lines) for role, lines in read_blocks(DATA / "problems.txt")}
PLACES = {"en": ["in the box", "on the table", "in the basket", "in the bowl", "on the shelf", "in the bag", "in the drawer", "on the tray"],
          "zh": ["盒子里", "桌上", "篮子里", "碗里", "架子上", "袋子里", "抽屉里", "盘子上"]}
CONTAINERS = {"en": ["boxes", "bags", "baskets", "bowls", "rows", "plates", "drawers"], "zh": ["个盒子", "个篮子", "个碗", "袋", "排", "盒", "盘"]}
LEAD_SHARE = 0.3


def load_frames():
    """[(name, steps, roles)]: what happens in a problem, in both languages and for every kind of piece."""
    text = (DATA / "problems.txt").read_text(encoding="utf-8").split("[plots]\n", 1)[1].split("\n\n", 1)[0]
    rows = [[cell.strip() for cell in line.split("|")] for line in text.splitlines()]
    return [(name, steps, roles.split()) for name, steps, roles in rows]


def numbers(steps, rng):
    """a, b, c and the worked steps; small, never negative."""
    times = "*" in steps or "/" in steps
    while True:
        a, b, c = (rng.randint(2, 9 if times else 30 if ";" in steps else 45) for _ in range(3))
        if steps == "a/b":
            a *= b
        if times and ";" in steps:
            c = rng.randint(2, 90 if "c-t" in steps else 20)
        values = {"a": a, "b": b, "c": c}
        worked = []
        for step in steps.split(";"):
            left, sign, right = values[step[0]], step[1], values[step[2]]
            result = {"+": left + right, "-": left - right, "*": left * right, "/": left // max(right, 1)}[sign]
            worked.append((left, SIGNS[sign], right, result))
            values["t"] = result
        if all(0 < step[3] < 100 for step in worked):
            return {"a": a, "b": b, "c": c}, worked


def problem(frame, lang, rng, mark=":"):
    """(question, worked steps, wording): pieces of one mark, ":" for training, "~" for development, "!" held out."""
    _, steps, roles = frame
    if rng.random() < LEAD_SHARE:
        roles = ["lead", *roles]
    values, worked = numbers(steps, rng)
    first, second = rng.sample(WORDS[f"names {lang}"], 2)
    thing = rng.choice([thing for thing in WORDS[f"things {lang}"] if "coins" not in roles or thing not in ("coins", "枚:硬币")])
    at, boxes = rng.choice(PLACES[lang]), rng.choice(CONTAINERS[lang])
    slots = {**values, "n": first, "f": second, "x": thing, "at": at, "At": capital(at), "boxes": boxes, "box": boxes}
    texts, names = [], []
    for role in roles:
        pieces = PIECES[role][lang][mark]
        number = rng.randrange(len(pieces))
        names.append(f"{role}.{lang}{mark}{number}")
        text = re.sub(r"\(([^()]*\|[^()]*)\)", lambda match: rng.choice(match[1].split("|")), pieces[number])
        if lang == "zh":
            measure, noun = thing.split(":")
            # "{a}{x}" takes the measure word between number and noun, "多少{x}" needs none.
            text = re.sub(r"(\{[abc]\})\{x\}", rf"\1{measure}{noun}", text)
            slots.update(x=noun, m=measure)
        texts.append(text.format(**slots))
    return (" " if lang == "en" else "").join(texts), worked, "+".join(names)


def direct(worked, lang):
    return f"The answer is {worked[-1][3]}." if lang == "en" else f"答案是{worked[-1][3]}。"


def by_steps(worked, lang):
    sums = [f"{a} {sign} {b} = {c}" for a, sign, b, c in worked]
    if lang == "en":
        heads = ["First, ", "Then, "] if len(sums) > 1 else [""]
        return "".join(f"{head}{text}. " for head, text in zip(heads, sums)) + direct(worked, lang)
    heads = ["先算", "再算"] if len(sums) > 1 else [""]
    return "".join(f"{head}{text}。" for head, text in zip(heads, sums)) + direct(worked, lang)
