//! Contrast of the page's colours, computed from `theme.css` (WCAG 2.2: 4.5 for text, 3 for what is drawn).

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result, ensure};

const TEXT: f64 = 4.5;
const DRAWN: f64 = 3.0;
/// What is written with, and what it is written on.
const INKS: [&str; 9] =
    ["ink", "ink-soft", "accent", "danger", "part", "query", "key", "value", "attention"];
const GROUNDS: [&str; 3] = ["paper", "sheet", "sunk"];
/// Lines, bars and marks that mean something.
const MARKS: [&str; 2] = ["rule-strong", "accent-fill"];
/// How see-through a placeholder is.
const PLACEHOLDER: f64 = 0.85;

/// Codes for cameras are black on white, whatever the theme.
const FOR_CAMERAS: [&str; 2] = ["fill: #fff;", "fill: #000;"];

/// Red, green and blue, 0 to 255.
type Colour = [f64; 3];

/// The colours of one theme, by name.
type Theme = BTreeMap<String, Colour>;

#[test]
fn every_pair_can_be_read_in_both_themes() {
    let mut found = Vec::new();
    for (name, theme) in themes().unwrap() {
        found.extend(weak(&theme).into_iter().map(|pair| format!("{name}: {pair}")));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn colours_have_names() {
    let found = literals().unwrap();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn ratios_are_those_of_the_standard() {
    let (black, white) = ([0.0; 3], [255.0; 3]);
    assert!((ratio(black, white) - 21.0).abs() < 1e-9);
    assert!((ratio(white, white) - 1.0).abs() < 1e-9);
    // The classic grey that just passes on white.
    assert!((ratio(parse("#767676").unwrap(), white) - 4.54).abs() < 0.01);
    assert_eq!(over(white, black, 0.5), [127.5; 3]);
    assert_eq!((parse("#fff"), parse("#12"), parse("fff")), (Some(white), None, None));
}

#[test]
fn weak_pairs_are_found() {
    let (_, mut light) = themes().unwrap().swap_remove(0);
    light.insert("ink-soft".to_owned(), parse("#aaaaaa").unwrap());
    let found = weak(&light);
    assert!(found.iter().any(|pair| pair.starts_with("ink-soft on paper")), "{found:?}");
}

/// Pairs that are used and too weak.
fn weak(theme: &Theme) -> Vec<String> {
    let colour = |name: &str| *theme.get(name).unwrap_or_else(|| panic!("--{name} is missing"));
    let mut found = Vec::new();
    let mut need = |what: String, front: Colour, back: Colour, least: f64| {
        let ratio = ratio(front, back);
        if ratio < least {
            found.push(format!("{what}: {ratio:.2}, needed {least}"));
        }
    };
    for ground in GROUNDS {
        for ink in INKS {
            need(format!("{ink} on {ground}"), colour(ink), colour(ground), TEXT);
        }
        for mark in MARKS {
            need(format!("{mark} on {ground}"), colour(mark), colour(ground), DRAWN);
        }
    }
    // Buttons that are filled.
    for ground in ["ink", "accent"] {
        need(format!("paper on {ground}"), colour("paper"), colour(ground), TEXT);
    }
    let placeholder = over(colour("ink-soft"), colour("sheet"), PLACEHOLDER);
    need("a placeholder on sheet".to_owned(), placeholder, colour("sheet"), TEXT);
    // Tokens on their shades.
    for ground in ["paper", "sheet"] {
        for share in shares() {
            let shade = over(colour("heat"), colour(ground), share);
            need(format!("ink on {share} of heat on {ground}"), colour("ink"), shade, TEXT);
        }
    }
    found
}

fn styles(name: &str) -> Result<String> {
    let path = checks::root()?.join("web/styles").join(name);
    fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))
}

/// How much of the heat colour the shades of a token have, from `chips.css`.
fn shares() -> Vec<f64> {
    let css = styles("chips.css").expect("chips.css is there");
    let shares: Vec<f64> = css
        .split("--heat-share: ")
        .skip(1)
        .filter_map(|rest| rest.split_once('%')?.0.parse::<f64>().ok())
        .map(|percent| percent / 100.0)
        .collect();
    assert!(shares.len() >= 9, "{shares:?}");
    shares
}

/// Both themes, on the screen and as they are presented.
fn themes() -> Result<Vec<(&'static str, Theme)>> {
    let (mut light, mut dark) = (Theme::new(), Theme::new());
    read(&styles("theme.css")?, &mut light, &mut dark);
    ensure!(light.len() >= INKS.len() + GROUNDS.len(), "theme.css has too few colours");
    let mut themes = vec![("light", light.clone()), ("dark", dark.clone())];
    read(&styles("nav.css")?, &mut light, &mut dark);
    ensure!(light != themes[0].1 && dark != themes[1].1, "nav.css has no colours for presenting");
    themes.extend([("light, presented", light), ("dark, presented", dark)]);
    Ok(themes)
}

/// Takes over the colours that a stylesheet defines.
fn read(css: &str, light: &mut Theme, dark: &mut Theme) {
    for line in css.lines() {
        let pair = line.trim().strip_prefix("--").and_then(|rest| {
            let (name, value) = rest.split_once(": light-dark(")?;
            let (light, dark) = value.split_once(')')?.0.split_once(", ")?;
            Some((name.to_owned(), parse(light)?, parse(dark)?))
        });
        if let Some((name, bright, dim)) = pair {
            light.insert(name.clone(), bright);
            dark.insert(name, dim);
        }
    }
}

/// Colours that are written out in a stylesheet other than the theme. Shadows behind dialogs are no pair.
fn literals() -> Result<Vec<String>> {
    let mut found = Vec::new();
    for path in checks::files()? {
        let Some(name) = path.strip_prefix("web/styles/").filter(|name| *name != "theme.css")
        else {
            continue;
        };
        for (number, line) in styles(name)?.lines().enumerate() {
            if FOR_CAMERAS.contains(&line.trim()) {
                continue;
            }
            let value = line.split_once(": ").map_or("", |(_, value)| value);
            if !line.trim_start().starts_with("--") && value.split([' ', '(']).any(is_literal) {
                found.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    Ok(found)
}

fn is_literal(word: &str) -> bool {
    let digits = word.trim_end_matches([';', ',', ')']).strip_prefix('#');
    digits.is_some_and(|digits| {
        [3, 4, 6, 8].contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_hexdigit())
    })
}

/// A colour from `#rrggbb` or `#rgb`.
fn parse(text: &str) -> Option<Colour> {
    let digits = text.strip_prefix('#')?;
    let doubled: String = match digits.len() {
        3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
        6 => digits.to_owned(),
        _ => return None,
    };
    let part = |at: usize| u8::from_str_radix(doubled.get(at..at + 2)?, 16).ok().map(f64::from);
    Some([part(0)?, part(2)?, part(4)?])
}

/// A colour that lets some of the ground through.
fn over(front: Colour, back: Colour, alpha: f64) -> Colour {
    [0, 1, 2].map(|i| front[i] * alpha + back[i] * (1.0 - alpha))
}

fn luminance(colour: Colour) -> f64 {
    let [r, g, b] = colour.map(|part| {
        let part = part / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn ratio(a: Colour, b: Colour) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}
