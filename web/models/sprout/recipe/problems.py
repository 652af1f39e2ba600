"""Word problems from the frames in ../data/problems.txt, with direct answers and with worked steps."""

import re

from world import DATA, load_words, read_blocks, by_mark

WORDS = load_words()
SIGNS = {"+": "+", "-": "-", "*": "×", "/": "÷"}


def load_frames(mark):
    """[(steps, lang, id, text)]; mark ":" for training, "!" for the held-out frames."""
    return [
        (steps, lang, f"problem.{steps}.{lang}{mark}{number}", text)
        for steps, lines in read_blocks(DATA / "problems.txt")
        for lang, marks in by_mark(lines).items()
        for number, text in enumerate(marks[mark])
    ]


def numbers(steps, rng):
    """a, b, c and the results of the steps; small, never negative."""
    while True:
        times = "*" in steps or "/" in steps
        a, b, c = (rng.randint(2, 9 if times else 40) for _ in range(3))
        if steps == "a/b":
            a *= b
        if times and ";" in steps:
            c = rng.randint(2, 90 if "c-t" in steps else 20)
        values = {"a": a, "b": b, "c": c}
        worked = []
        for step in steps.split(";"):
            left, sign, right = values[step[0]], step[1], values[step[2]]
            result = {"+": left + right, "-": left - right, "*": left * right, "/": left // right}[sign]
            worked.append((left, SIGNS[sign], right, result))
            values["t"] = result
        if all(0 < step[3] < 100 for step in worked):
            return values, worked


def problem(frame, rng, heldout=False):
    """(question, worked steps)"""
    steps, lang, _, text = frame
    # "(a|b|c)" is a choice, as in the stories.
    text = re.sub(r"\(([^()]*\|[^()]*)\)", lambda match: rng.choice(match[1].split("|")), text)
    values, worked = numbers(steps, rng)
    first, second = rng.sample(WORDS[f"{'heldout ' if heldout else ''}names {lang}"], 2)
    thing = rng.choice(WORDS[f"things {lang}"])
    slots = {**values, "n": first, "f": second, "x": thing}
    if lang == "zh":
        measure, noun = thing.split(":")
        question = text
        # "{a}{x}" takes the measure word between number and noun, "多少{x}" needs none.
        for letter in "abc":
            question = question.replace("{" + letter + "}{x}", "{" + letter + "}" + measure + noun)
        question = question.format(**{**slots, "x": noun, "m": measure, "m1": measure})
    else:
        question = text.format(**slots)
    return question, worked


def direct(worked, lang):
    return f"The answer is {worked[-1][3]}." if lang == "en" else f"答案是{worked[-1][3]}。"


def by_steps(worked, lang):
    sums = [f"{a} {sign} {b} = {c}" for a, sign, b, c in worked]
    if lang == "en":
        heads = ["First, ", "Then, "] if len(sums) > 1 else [""]
        return "".join(f"{head}{text}. " for head, text in zip(heads, sums)) + direct(worked, lang)
    heads = ["先算", "再算"] if len(sums) > 1 else [""]
    return "".join(f"{head}{text}。" for head, text in zip(heads, sums)) + direct(worked, lang)
