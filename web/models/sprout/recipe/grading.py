"""What counts as correct, and how shares are reported."""

import math
import re
import unicodedata

SUFFIX = {"direct": {"en": "", "zh": ""}, "steps": {"en": " Let's think step by step.", "zh": "让我们一步一步地想。"}}


def fold(text):
    return unicodedata.normalize("NFKC", text).casefold()


def is_correct(text, accept):
    """Contains an accepted string, as a whole word or number in Latin script."""
    text = fold(text)
    for string in map(fold, accept):
        edge = r"(?<![a-z0-9]){}(?![a-z0-9])" if string.isascii() else "{}"
        if re.search(edge.format(re.escape(string)), text):
            return True
    return False


def final_answer(text):
    """What a worked solution ends with; the whole text if it says no such thing."""
    found = re.findall(r"(?:answer is|答案是)\s*(-?\d+)", text)
    return found[-1] if found else text


def language(text):
    chinese, latin = len(re.findall("[\u4e00-\u9fff]", text)), len(re.findall("[A-Za-z]+", text))
    return None if chinese + latin == 0 else "zh" if chinese > latin else "en"


def interval(hits, n):
    """Wilson's 95 % interval."""
    if n == 0:
        return [0.0, 0.0]
    z, share = 1.96, hits / n
    centre, spread = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return [round((centre - spread) / (1 + z * z / n), 4), round((centre + spread) / (1 + z * z / n), 4)]


def rate(flags):
    return {"n": len(flags), "share": round(sum(flags) / max(len(flags), 1), 4), "interval": interval(sum(flags), len(flags))}
