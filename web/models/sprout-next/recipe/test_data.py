"""Checks on the data: `pytest test_data.py` (set SPROUT_CORPUS to the corpus to check it too)."""

import json
import os
from collections import Counter

import pytest

from corpus import heldout_grams
from sft_data import SHARE, parts_of
from world import DATA, EVAL, grams, load_facts


def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


SFT = rows(DATA / "sft.jsonl")


def test_enough_and_both_languages():
    assert len(SFT) >= 3000
    count = Counter(row["lang"] for row in SFT)
    assert min(count.values()) / len(SFT) > 0.4
    for name in ("questions", "word_problems"):
        heldout = rows(EVAL / f"{name}.jsonl")
        assert len(heldout) >= 200 and len({row["id"] for row in heldout}) == len(heldout)
        assert all({"id", "lang", "kind", "prompt", "accept"} <= row.keys() and row["accept"] for row in heldout)


def test_no_wording_dominates():
    count = Counter(part for row in SFT for part in parts_of(row["wording"]))
    wording, most = count.most_common(1)[0]
    assert most / len(SFT) <= SHARE, wording


def test_heldout_wordings_are_nowhere_in_the_training_data():
    heldout = {row["wording"] for name in ("questions", "word_problems") for row in rows(EVAL / f"{name}.jsonl")}
    assert all("!" in wording for wording in heldout)
    assert not any("!" in part for row in SFT for part in parts_of(row["wording"]))


def test_no_8_gram_of_a_heldout_question_is_in_the_training_data():
    heldout = heldout_grams()
    for row in SFT:
        assert not heldout & grams("\n".join(message["content"] for message in row["messages"])), row
    for path in DATA.glob("preferences*.jsonl"):
        for row in rows(path):
            assert not heldout & grams(row["prompt"][0]["content"]), row


def test_no_heldout_question_is_a_training_question():
    asked = {row["messages"][0]["content"] for row in SFT}
    assert not asked & {row["prompt"] for name in ("questions", "word_problems") for row in rows(EVAL / f"{name}.jsonl")}


def one_way_people():
    return [fact for fact in load_facts() if fact.key == "person.mother" and fact.row["en"]["direction"] == "one"]


def told_backwards(text, names):
    """Does the text name a mother before her child?"""
    return any(mother in text and (child not in text or text.index(mother) < text.index(child)) for child, mother in names)


def test_people_are_told_in_one_direction_only():
    names = [(fact.row[lang]["name"], fact.row[lang]["mother"]) for fact in one_way_people() for lang in fact.langs]
    assert len(one_way_people()) >= 30
    for fact in one_way_people():
        for lang in fact.langs:
            for _, text in fact.texts(lang, ":") + fact.texts(lang, "="):
                assert not told_backwards(text, [(fact.row[lang]["name"], fact.row[lang]["mother"])]), text
    for row in SFT:
        assert not told_backwards(row["messages"][0]["content"], names), row


@pytest.mark.skipif("SPROUT_CORPUS" not in os.environ, reason="SPROUT_CORPUS is not set")
def test_corpus():
    heldout, tokens = heldout_grams(), Counter()
    asked = {row["prompt"] for name in ("questions", "word_problems") for row in rows(EVAL / f"{name}.jsonl")}
    with open(os.environ["SPROUT_CORPUS"], encoding="utf-8") as file:
        for line in file:
            document = json.loads(line)
            assert not heldout & grams(document["text"])
            assert not asked & set(document["text"].splitlines())
            tokens[document["lang"]] += 1
    assert min(tokens.values()) / sum(tokens.values()) > 0.4
