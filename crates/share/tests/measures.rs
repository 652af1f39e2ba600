//! Numbers and texts of a run, and the claims made of them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use share::lesson::{
    Choice, Claim, LabResult, LensLayer, Measure, Observed, ObservedColumn, ObservedHead,
    ObservedToken, Outcome, Similarity, TextMeasure,
};

fn token(id: u32, text: &str) -> ObservedToken {
    let alternatives = [(text, 0.75), (" other", 0.125)]
        .map(|(text, probability)| Choice { text: text.to_owned(), probability })
        .to_vec();
    let (logprob, entropy) = (Some(0.75f64.ln()), Some(2f64.ln()));
    ObservedToken { id, text: text.to_owned(), logprob, entropy, alternatives }
}

fn observed() -> Observed {
    let column = |words: &[(u32, &str)], reward| ObservedColumn {
        prompt: vec![token(1, "A"), token(2, " banana"), token(3, " is")],
        answer: words.iter().map(|&(id, text)| token(id, text)).collect(),
        finished: true,
        reward: Some(reward),
        ..ObservedColumn::default()
    };
    let mut ended = column(&[(7, " a"), (9, " fruit")], 2.0);
    ended.ended = true;
    Observed {
        columns: vec![column(&[(7, " a"), (8, " long"), (9, " fruit")], -1.0), ended],
        samples: ["yes", "no", "yes "].map(str::to_owned).to_vec(),
        heads: vec![
            ObservedHead {
                column: 0,
                layer: 1,
                head: 2,
                rows: vec![vec![1.0], vec![0.75, 0.25], vec![0.125, 0.625, 0.25]],
            },
            ObservedHead {
                column: 0,
                layer: 0,
                head: 0,
                rows: vec![vec![1.0], vec![0.5, 0.5], vec![0.5, 0.25, 0.25]],
            },
        ],
        similarities: vec![Similarity { a: " red".to_owned(), b: " blue".to_owned(), cosine: 0.5 }],
        lens: ["x", "y", "z", "z"]
            .map(|top| LensLayer { top: top.to_owned(), probability: 0.5 })
            .to_vec(),
        moved: Some(0.25),
        influence: vec![0.5, 3.0, 1.0],
        results: vec![LabResult { right: 3, count: 4 }, LabResult::default()],
    }
}

#[test]
fn measures_are_what_their_names_say() {
    let value = |json: &str| {
        let measure: Measure = serde_json::from_str(json).unwrap();
        measure.value(&observed())
    };
    for (json, expected) in [
        (r#"{"prompt_tokens": {}}"#, 3.0),
        (r#"{"characters_per_token": {}}"#, 11.0 / 3.0),
        (r#"{"answer_tokens": {"column": 1}}"#, 2.0),
        (r#"{"ended": {}}"#, 0.0),
        (r#"{"ended": {"column": 1}}"#, 1.0),
        (r#"{"probability": {"rank": 1}}"#, 0.125),
        (r#"{"top_share": {"count": 2}}"#, 0.875),
        (r#"{"entropy": {"at": 1}}"#, 1.0),
        (r#"{"surprisal": {}}"#, -(0.75f64.log2())),
        (r#"{"diverges_at": {"against": 1}}"#, 1.0),
        (r#"{"reward": {"column": 1}}"#, 2.0),
        (r#""distinct_samples""#, 2.0),
        (r#"{"attention": {"layer": 1, "head": 2, "query": 2, "key": 1}}"#, 0.625),
        (r#"{"previous_token": {}}"#, (0.75 + 0.625) / 2.0),
        (r#"{"first_token": {}}"#, 0.5),
        (r#"{"similarity": {"a": " blue", "b": " red"}}"#, 0.5),
        (r#""settles""#, 2.0),
        (r#""moved""#, 0.25),
        (r#"{"accuracy": {}}"#, 0.75),
    ] {
        let found = value(json).unwrap();
        assert!((found - expected).abs() < 1e-12, "{json}: {found}");
    }
    for json in [
        r#"{"prompt_tokens": {"column": 2}}"#,
        r#"{"probability": {"rank": 9}}"#,
        r#"{"top_share": {"count": 3}}"#,
        r#"{"entropy": {"at": 9}}"#,
        r#"{"diverges_at": {"against": 0}}"#,
        r#"{"bits_per_character": {}}"#,
        r#"{"kl": {}}"#,
        r#"{"attention": {"layer": 1, "head": 2, "query": 1, "key": 2}}"#,
        r#"{"attention": {"layer": 9, "head": 2, "query": 1, "key": 0}}"#,
        r#"{"previous_token": {"column": 1}}"#,
        r#"{"similarity": {"a": " red", "b": " red"}}"#,
        r#"{"accuracy": {"technique": 1}}"#,
    ] {
        assert_eq!(value(json), None, "{json}");
    }
}

#[test]
fn texts_are_what_their_names_say() {
    let value = |json: &str| {
        let measure: TextMeasure = serde_json::from_str(json).unwrap();
        (measure.value(&observed()).unwrap(), measure.options(&observed()))
    };
    let prompt = [" banana", " is", "A"];
    let cases: [(&str, &str, &[&str]); 8] = [
        (r#"{"answer": {"column": 1}}"#, " a fruit", &[" a fruit", " a long fruit"]),
        (r#"{"token": {"at": 1}}"#, " long", &[" long", " other"]),
        (r#"{"alternative": {"rank": 1}}"#, " other", &[" a", " other"]),
        (r#"{"prompt_token": {"at": 1}}"#, " banana", &prompt),
        (r#"{"attended": {"layer": 1, "head": 2, "query": 2}}"#, " banana", &prompt),
        (r#"{"influential": {}}"#, " banana", &prompt),
        (r#"{"lens": {"layer": 1}}"#, "y", &["x", "y", "z"]),
        (r#""common_sample""#, "yes", &["no", "yes"]),
    ];
    for (json, text, options) in cases {
        let (found, offered) = value(json);
        assert_eq!(found, text, "{json}");
        assert_eq!(offered, options, "{json}");
    }
}

#[test]
fn claims_hold_fail_or_were_not_observed() {
    let check = |json: &str, observed: &Observed| {
        let claim: Claim = serde_json::from_str(json).unwrap();
        claim.check(observed)
    };
    let pairs = [
        (
            r#"{"range": {"of": {"probability": {}}, "min": 0.75, "max": 0.75}}"#,
            r#"{"range": {"of": {"probability": {}}, "max": 0.5}}"#,
        ),
        (
            r#"{"more": {"of": {"reward": {"column": 1}}, "than": {"reward": {}}, "by": 2.5}}"#,
            r#"{"more": {"of": {"reward": {"column": 1}}, "than": {"reward": {}}, "by": 3}}"#,
        ),
        (
            r#"{"is": {"of": {"token": {}}, "any": ["the", "a"]}}"#,
            r#"{"is": {"of": {"token": {}}, "any": ["the", "A"]}}"#,
        ),
        (
            r#"{"contains": {"of": {"answer": {}}, "any": ["berry", "fruit"]}}"#,
            r#"{"contains": {"of": {"answer": {}}, "any": ["berry"]}}"#,
        ),
        (
            r#"{"lacks": {"of": {"answer": {}}, "any": ["berry"]}}"#,
            r#"{"lacks": {"of": {"answer": {}}, "any": ["berry", "fruit"]}}"#,
        ),
        (
            r#"{"differ": {"of": {"answer": {}}, "from": {"answer": {"column": 1}}}}"#,
            r#"{"differ": {"of": {"token": {}}, "from": {"token": {"column": 1}}}}"#,
        ),
        (
            r#"{"same": {"of": {"token": {}}, "with": {"token": {"column": 1}}}}"#,
            r#"{"same": {"of": {"answer": {}}, "with": {"answer": {"column": 1}}}}"#,
        ),
    ];
    for (holds, fails) in pairs {
        assert_eq!(check(holds, &observed()), Outcome::Holds, "{holds}");
        assert!(matches!(check(fails, &observed()), Outcome::Fails(_)), "{fails}");
        assert_eq!(check(holds, &Observed::default()), Outcome::NotObserved, "{holds}");
    }
    // An answer that is still being written proves nothing.
    let mut running = observed();
    running.columns[0].finished = false;
    let lacks = r#"{"lacks": {"of": {"answer": {}}, "any": ["berry"]}}"#;
    assert_eq!(check(lacks, &running), Outcome::NotObserved);
}
