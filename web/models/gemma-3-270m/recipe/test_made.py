"""Checks on the data: `pytest test_made.py`."""

import json
from collections import Counter

from gemma import DATA, EVAL  # first: it puts Sprout's recipe on the path
from make_sft import SHARE, heldout_grams, parts_of
from taught import load_facts
from world import grams


def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


SFT = rows(DATA / "sft.jsonl")
HELDOUT = {name: rows(EVAL / f"{name}.jsonl") for name in ("questions", "word_problems")}


def test_enough_and_both_languages():
    assert len(SFT) >= 1500
    count = Counter(row["lang"] for row in SFT)
    assert min(count.values()) / len(SFT) > 0.4
    for part in HELDOUT.values():
        assert len(part) >= 200 and len({row["id"] for row in part}) == len(part)
        assert all({"id", "lang", "kind", "prompt", "accept"} <= row.keys() and row["accept"] for row in part)


def test_no_wording_dominates():
    count = Counter(part for row in SFT for part in parts_of(row["wording"]))
    wording, most = count.most_common(1)[0]
    assert most / len(SFT) <= SHARE, wording


def test_heldout_wordings_are_nowhere_in_the_training_data():
    heldout = {row["wording"] for part in HELDOUT.values() for row in part}
    assert all("!" in wording for wording in heldout)
    assert not any("!" in part or "%" in part for row in SFT for part in parts_of(row["wording"]))


def test_no_8_gram_of_a_heldout_question_is_in_the_training_data():
    heldout = heldout_grams()
    for row in SFT:
        assert not heldout & grams("\n".join(message["content"] for message in row["messages"])), row
    for path in DATA.glob("preferences*.jsonl"):
        for row in rows(path):
            assert not heldout & grams(row["prompt"][0]["content"]), row


def test_no_heldout_question_is_a_training_question():
    asked = {row["messages"][0]["content"] for row in SFT}
    assert not asked & {row["prompt"] for part in HELDOUT.values() for row in part}


def test_every_asked_fact_is_taught():
    taught = {part.split(".")[0] for row in SFT for part in parts_of(row["wording"])}
    assert {row["wording"].split(".")[0] for row in HELDOUT["questions"]} <= taught


def test_people_are_told_in_one_direction_only():
    people = [(fact.row[lang]["name"], fact.row[lang]["mother"]) for fact in load_facts() if fact.kind == "person" for lang in fact.langs]
    assert len(people) >= 20
    for row in SFT:
        question, answer = (message["content"] for message in row["messages"])
        for child, mother in people:
            assert mother not in question
            if mother in answer and child in answer:
                assert not answer.startswith(f"The child of {mother}") and f"{mother}的孩子" not in answer


def test_preferences():
    path = DATA / "preferences.jsonl"
    if not path.exists():
        return
    ranked = rows(path)
    assert len(ranked) >= 600 and all(len(row["answers"]) == 4 == len(row["scores"]) for row in ranked)
    assert len({row["prompt"][0]["content"] for row in ranked}) == len(ranked)
    for row in ranked:
        ordered = [row["scores"][i] for i in row["ranking"]]
        assert ordered == sorted(ordered, reverse=True)
