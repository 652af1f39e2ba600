//! Chat templates: exact results, and templates that mean harm.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::time::{Duration, Instant};

use common::{build, byte_level, sentencepiece, set};
use text::{Message, Overrides, TemplateError, Tokenizer};

/// As in the file of SmolLM2.
const CHATML: &str = "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

fn with_template(template: &str) -> Tokenizer {
    let mut header = byte_level();
    set(&mut header, "tokenizer.chat_template", template);
    build(&header)
}

fn messages(turns: &[(&str, &str)]) -> Vec<Message> {
    let message =
        |&(role, content): &(&str, &str)| Message { role: role.into(), content: content.into() };
    turns.iter().map(message).collect()
}

fn render(template: &str) -> Result<String, TemplateError> {
    with_template(template).render_chat(&messages(&[("user", "Hi <there>")]), true)
}

#[test]
fn chatml() {
    let tokenizer = with_template(CHATML);
    assert!(tokenizer.has_chat_template());
    let turns = [("user", "Hi"), ("assistant", " Hello!\n"), ("user", "香蕉")];
    assert_eq!(
        tokenizer.render_chat(&messages(&turns), true).unwrap(),
        "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n\
         <|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n Hello!\n<|im_end|>\n\
         <|im_start|>user\n香蕉<|im_end|>\n<|im_start|>assistant\n"
    );
    let turns = [("system", "Be brief."), ("user", "Hi")];
    let text = tokenizer.render_chat(&messages(&turns), false).unwrap();
    assert_eq!(text, "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n");
    // The strings of the template become control tokens.
    let ids = tokenizer.encode_prompt(&text);
    assert_eq!(ids.iter().filter(|&&id| id == 1).count(), 2);
    assert_eq!(ids.iter().filter(|&&id| id == 2).count(), 2);
}

#[test]
fn the_template_of_the_gemma_manifest() {
    let manifest = include_str!("../../../web/models/gemma-3-270m.json");
    let manifest = formats::manifest::parse(manifest).unwrap();
    let chat_template = Overrides::from(&manifest).chat_template;
    assert_eq!(Overrides::from(&manifest).stop, [1, 106]);
    let overrides = Overrides { chat_template, stop: Vec::new() };
    let tokenizer = Tokenizer::from_gguf(&sentencepiece(), &overrides).unwrap();
    let turns = [("user", " Hi "), ("assistant", "Hello!"), ("user", "Bye")];
    // This vocabulary's BOS is "<s>".
    let text = tokenizer.render_chat(&messages(&turns), true).unwrap();
    assert_eq!(
        text,
        "<s><start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\nHello!<end_of_turn>\n\
         <start_of_turn>user\nBye<end_of_turn>\n<start_of_turn>model\n"
    );
    let ids = tokenizer.encode_prompt(&text);
    assert_eq!(ids.iter().filter(|&&id| id == 1).count(), 1);
}

#[test]
fn whitespace_is_trimmed_as_hugging_face_does() {
    assert_eq!(render("{% if true %}\n  {{ 'a' }}\n  {% endif %}\nb\n").unwrap(), "  a\nb");
    assert_eq!(render("a  {%- if true -%}  b{% endif %}").unwrap(), "ab");
}

#[test]
fn what_templates_of_hugging_face_use() {
    for (template, expected) in [
        ("{{ bos_token }}|{{ eos_token }}", "<|im_start|>|<|im_end|>"),
        ("{{ ' a '.strip() }}{{ 'b'.upper() }}{{ 'a,b'.split(',')[1] }}", "aBb"),
        ("{{ messages[0].content.startswith('Hi') }}", "True"),
        ("{{ messages[0]['content'] | tojson }}", "\"Hi <there>\""),
        ("{{ {'a': [1, 'é']} | tojson(ensure_ascii=False) }}", "{\"a\": [1, \"é\"]}"),
        ("{{ [1, []] | tojson(indent=2) }}", "[\n  1,\n  []\n]"),
        ("{% for i in range(9) %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}", "012"),
        (
            "{% set ns = namespace(n=0) %}{% for m in messages %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}",
            "1",
        ),
        ("{% if tools is not none %}tools{% endif %}{% if tools %}tools{% endif %}", ""),
        (
            "{% if strftime_now is defined %}{{ strftime_now('%Y') }}{% else %}no date{% endif %}",
            "no date",
        ),
        ("{{ messages[0].name }}{{ messages[0]['tool_calls'] is defined }}", "False"),
        ("{{ messages[0].content }}", "Hi <there>"),
    ] {
        assert_eq!(render(template).as_deref(), Ok(expected), "{template}");
    }
}

#[test]
fn failures_have_their_own_words() {
    let tokenizer = build(&byte_level());
    assert!(!tokenizer.has_chat_template());
    assert_eq!(tokenizer.render_chat(&[], true), Err(TemplateError::Missing));
    assert_eq!(
        render("{{ raise_exception('Roles must alternate') }}"),
        Err(TemplateError::Refused { message: "Roles must alternate".into() })
    );
    assert_eq!(render("{{ strftime_now('%d %b %Y') }}"), Err(TemplateError::NoClock));
    assert!(matches!(render("a\n{% if %}"), Err(TemplateError::Syntax { line: Some(2), .. })));
    assert!(matches!(render("{{ 'a'.nonsense() }}"), Err(TemplateError::Failed { .. })));
    assert!(matches!(render("{{ 1 + 'a' }}"), Err(TemplateError::Failed { .. })));
}

#[test]
fn hostile_templates_are_stopped() {
    let nested_loops =
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}";
    assert_eq!(render(nested_loops), Err(TemplateError::TooMuchWork));
    for template in [
        "{% for i in range(1000000000) %}x{% endfor %}",
        "{{ 'x' * 1000000000 }}",
        "{{ range(99999) | list | tojson * 99999 }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% set ns = namespace(x='xxxxxxxx') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{% set ns = namespace(x='xxxxxxxx') %}{% for i in range(60) %}{% set ns.x = ns.x.replace('x', 'xx') %}{% endfor %}",
        // The same list twice in a list, sixty times over: 2^60 items when written out.
        "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x | tojson }}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(99999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}",
    ] {
        let start = Instant::now();
        let result = render(template);
        assert!(result.is_err(), "{template} gave {} bytes", result.unwrap_or_default().len());
        assert!(start.elapsed() < Duration::from_secs(5), "{template} took {:?}", start.elapsed());
    }
}

#[test]
fn long_conversations_are_no_hostile_work() {
    let long = "word ".repeat(100_000);
    let turns: Vec<(&str, &str)> = ["user", "assistant"]
        .into_iter()
        .cycle()
        .take(400)
        .map(|role| (role, "short"))
        .chain([("user", long.as_str())])
        .collect();
    let text = with_template(CHATML).render_chat(&messages(&turns), true).unwrap();
    assert_eq!(text.matches("<|im_end|>").count(), 402);
    assert!(text.contains(&long));
}
