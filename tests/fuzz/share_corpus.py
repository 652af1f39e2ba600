"""Seeds for the readers of crate `share`; `make_corpus.py` calls this."""

import base64
import json
import pathlib
import zlib

GOLDEN = pathlib.Path(__file__).parent / "../../crates/share/tests/golden"

SCENES = {
    "empty": {},
    "prompt": {"prompt": {"text": "A banana is", "system": "Be brief."}, "max_tokens": 32, "embed": True},
    "parts": {"prompt": {"parts": [{"kind": "example", "text": "2+2?", "steps": "2 and 2", "answer": "4", "off": True},
                                   {"kind": "closing", "text": "Let's think step by step."}]}},
    "columns": {"columns": [{"model": "sprout", "stage": "sft", "file": "0123abcd", "form": "raw",
                             "sampler": {"temperature": 0.0, "seed": 7},
                             "branch": {"prefix": "AF_oBw", "chosen": [0, 2]}}], "sampler": {"top_p": 0.5}},
    "inside": {"view": {"page": "inside", "panel": "attention", "layer": 1, "head": 2, "token": 3, "key": 1,
                        "switches": [{"part": "head", "layer": 0, "index": 1, "scale": 0.5}],
                        "patch": {"layer": 1, "token": 2, "source": "x", "source_token": 0}}},
    "lab": {"view": {"page": "lab", "techniques": ["few-shot"], "shots": 4, "set": "antonyms", "problems": 20, "seed": 3}},
    "plan": {"view": {"page": "lab", "techniques": ["plain"], "set": "held-out-questions", "set_model": "sprout",
                      "plan": [{"id": "few_shot", "shots": 2}, {"id": "tree", "depth": 1, "temperature": 0.5},
                               {"id": "custom", "parts": [{"kind": "question"}], "labels": True}],
                      "stages": [{"model": "sprout", "stage": "base"}], "languages": ["en", "zh"], "max_tokens": 48,
                      "batch": 4, "temperature": 0.7, "rule": "pattern", "pattern": "(\\d+)"}},
    "expected": {"expected": {"backend": "cpu", "columns": ["EawC_z8", ""]}, "lesson": {"id": "tokens", "step": 2}},
    "wrong": {"max_tokens": -1, "sampler": {"temperature": 1e300}, "columns": [{"model": ""}]},
}

LESSON = """# A *lesson*

Intro with [a link](https://example.org) and <b>HTML</b>.

## Step one

1. first **strong**
2. second
   - inner `code`

> quote

```scene
{"prompt": {"text": "A banana is"}}
```

```highlight
{"place": "token", "column": 0, "token": 1}
```

```question
{"ask": "Which *token*?", "answer": {"text": {"of": {"alternative": {"rank": 1}}}}, "nudge": "Look.", "because": "So."}
```

```question
{"ask": "Which?", "answer": {"which": {"options": ["a", "b"], "of": [{"reward": {}}, {"entropy": {"column": 1}}],
 "want": "least"}}, "nudge": "n", "because": "b"}
```

```claim
[{"range": {"of": {"probability": {"at": 2}}, "min": 0.5}}, {"lacks": {"of": {"answer": {}}, "any": ["x"]}},
 {"differ": {"of": {"token": {}}, "from": {"token": {"column": 1}}}}]
```

## Step two

```widget
{"lookup": {"key": "cm", "value": "kg", "keys": [1, 2], "values": [3, 4], "query": 1.5, "width": 1}}
```

![picture](https://example.org/x.png) [bad](javascript:x)
"""

LESSONS = {
    "whole": LESSON,
    "no-title": "text\n\n## Step",
    "early": "# A\n\n```claim\n[]\n```\n",
    "deep": "> " * 40 + "x",
    "marks": "# A\n\n## B\n\n" + "*_`[](<![" * 40,
}


def link(text: bytes) -> bytes:
    return base64.urlsafe_b64encode(zlib.compress(text, 9)).rstrip(b"=")


def share(put) -> None:
    for path in sorted(GOLDEN.glob("*.link")):
        put("link", path.stem, path.read_bytes())
    for name, scene in SCENES.items():
        text = json.dumps(scene, ensure_ascii=False)
        put("scene", name, text)
        # Without its mark, so that mutations stay links.
        put("link", f"data-{name}", link(f'{{"scene":{text}}}'.encode()))
    file = {"glassbox": 1, "scenes": {"title": "set", "scenes": [{"name": "a", "saved": 5, "scene": SCENES["prompt"]}]}}
    put("link", "file", json.dumps(file, indent=2))
    put("link", "future", '{"glassbox": 9}')
    put("link", "bomb", link(b'{"scene":{"prompt":{"text":"' + b"x" * (4 << 20) + b'"}}}'))
    for name, text in LESSONS.items():
        put("lesson", name, text)
