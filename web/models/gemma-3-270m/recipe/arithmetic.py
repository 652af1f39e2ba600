"""Sums, and word problems from the frames in ../data/problems.txt, with direct answers and with worked steps."""

from gemma import DATA
from taught import LANGS, load_names, read_blocks

NAMES = load_names()
SIGNS = {"+": "+", "-": "-", "*": "×", "/": "÷"}
SPOKEN = {"en": {"+": "plus", "-": "minus", "×": "times", "÷": "divided by"}, "zh": {"+": "加", "-": "减", "×": "乘", "÷": "除以"}}


def load_frames(mark):
    """[(steps, lang, id, text)]"""
    return [(steps, lang, f"problem.{steps}.{lang}{mark}{number}", text)
            for steps, block in read_blocks(DATA / "problems.txt").items() for lang in LANGS for number, text in enumerate(block[lang][mark])]


def numbers(steps, rng):
    """a, b, c and the worked steps; all results between 1 and 99."""
    while True:
        times = "*" in steps or "/" in steps
        a, b, c = (rng.randint(2, 9 if times else 40) for _ in range(3))
        if steps == "a/b":
            a *= b
        if steps == "a-b;t-c":
            a = rng.randint(20, 80)
        if times and ";" in steps:
            c = rng.randint(2, 90 if "c-t" in steps else 20)
        values, worked = {"a": a, "b": b, "c": c}, []
        for step in steps.split(";"):
            left, sign, right = values[step[0]], step[1], values[step[2]]
            result = {"+": left + right, "-": left - right, "*": left * right, "/": left // right}[sign]
            worked.append((left, SIGNS[sign], right, result))
            values["t"] = result
        if all(0 < step[3] < 100 for step in worked):
            return {key: values[key] for key in "abc"}, worked


def problem(frame, rng, heldout=False):
    """(question, worked steps)"""
    steps, lang, _, text = frame
    values, worked = numbers(steps, rng)
    first, second = rng.sample(NAMES[f"{lang} held" if heldout else lang], 2)
    thing = rng.choice(NAMES[f"things {lang}"])
    if lang == "en":
        return text.format(**values, n=first, f=second, x=thing), worked
    measure, noun = thing.split(":")
    for letter in "abc":
        # A number takes its measure word before the noun; 多少 needs none.
        text = text.replace("{" + letter + "}{x}", "{" + letter + "}" + measure + noun)
    return text.format(**values, n=first, f=second, x=noun, m=measure, u=measure), worked


DIRECT = {"en": ["The answer is {r}.", "{r}.", "It is {r}.", "That makes {r}.", "The result is {r}.", "Answer: {r}."],
          "zh": ["答案是{r}。", "{r}。", "是{r}。", "一共是{r}。", "结果是{r}。", "答：{r}。"]}
ONE_STEP = {"en": ["{0}. The answer is {r}.", "We work out {0}. The answer is {r}.", "{0}, so the answer is {r}.", "Step 1: {0}. The answer is {r}."],
            "zh": ["{0}。答案是{r}。", "我们算{0}。答案是{r}。", "{0}，所以答案是{r}。", "第一步：{0}。答案是{r}。"]}
TWO_STEPS = {"en": ["First, {0}. Then, {1}. The answer is {r}.", "{0}. {1}. The answer is {r}.", "Step 1: {0}. Step 2: {1}. The answer is {r}.",
                    "We start with {0}. Next, {1}. The answer is {r}.", "First {0}, then {1}. The answer is {r}.", "{0}, and then {1}. So the answer is {r}."],
             "zh": ["先算{0}。再算{1}。答案是{r}。", "{0}。{1}。答案是{r}。", "第一步：{0}。第二步：{1}。答案是{r}。", "首先{0}，然后{1}。答案是{r}。",
                    "先是{0}，接着{1}。答案是{r}。", "{0}，再{1}。所以答案是{r}。"]}


def direct(worked, lang, rng):
    """(answer, id of its form)"""
    number = rng.randrange(len(DIRECT[lang]))
    return DIRECT[lang][number].format(r=worked[-1][3]), f"direct.{lang}={number}"


def by_steps(worked, lang, rng):
    forms = (TWO_STEPS if len(worked) > 1 else ONE_STEP)[lang]
    number = rng.randrange(len(forms))
    sums = [f"{a} {sign} {b} = {c}" for a, sign, b, c in worked]
    return forms[number].format(*sums, r=worked[-1][3]), f"steps{len(worked)}.{lang}={number}"


def sum_of(rng, lang):
    """(spoken or written expression, "a + b = c", result)"""
    sign = rng.choice("+-×÷")
    a, b = rng.randint(2, 60), rng.randint(2, 39)
    if sign == "-":
        a, b = max(a, b) + 1, min(a, b)
    if sign in "×÷":
        a, b = rng.randint(2, 9), rng.randint(2, 9)
    if sign == "÷":
        a *= b
    result = {"+": a + b, "-": a - b, "×": a * b, "÷": a // b}[sign]
    spoken = SPOKEN[lang][sign]
    expression = f"{a} {sign} {b}" if rng.random() < 0.6 else f"{a} {spoken} {b}" if lang == "en" else f"{a}{spoken}{b}"
    return expression, f"{a} {sign} {b} = {result}", result
