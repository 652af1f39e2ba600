//! Numbers as a reader wants to see them. Language-neutral; words come from `i18n`.

/// Decimal sizes, as file managers and download bars show them: `98 MB`.
pub(crate) fn bytes(count: u64) -> String {
    const UNITS: [&str; 4] = ["B", "kB", "MB", "GB"];
    let mut value = count as f64;
    let mut unit = 0;
    // 999.5 would be shown as "1000".
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let digits = usize::from(unit > 0 && value < 9.95);
    format!("{value:.digits$} {}", UNITS[unit])
}

/// `12 MB/s`
pub(crate) fn rate(bytes_per_second: f64) -> String {
    format!("{}/s", bytes(bytes_per_second.max(0.0) as u64))
}

/// A probability in percent; what is too small for the digits shown is not shown as zero.
pub(crate) fn percent(probability: f64) -> String {
    let value = probability * 100.0;
    match value {
        v if v <= 0.0 => "0%".to_owned(),
        v if v < 0.01 => "<0.01%".to_owned(),
        v if v < 9.995 => format!("{v:.2}%"),
        v => format!("{v:.1}%"),
    }
}

/// Surprisal −log₂ p in bits, from a natural logarithm.
pub(crate) fn surprisal(logprob: f32) -> f64 {
    // Adding zero turns a negative zero into zero.
    (-f64::from(logprob) / std::f64::consts::LN_2).max(0.0) + 0.0
}

/// How strongly a chip is shaded: whole bits, at most 8.
pub(crate) fn shade(bits: f64) -> u8 {
    if bits.is_nan() { 0 } else { bits.clamp(0.0, 8.0) as u8 }
}

/// `1,234,567`
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `135M`, `1.2B`: a parameter count.
pub(crate) fn parameters(count: u64) -> String {
    match count {
        c if c >= 1_000_000_000 => format!("{:.1}B", c as f64 / 1e9),
        c if c >= 1_000_000 => format!("{:.0}M", c as f64 / 1e6),
        c => grouped(c),
    }
}

/// `812 ms` or `5.7 s`
pub(crate) fn duration(ms: f64) -> String {
    if ms < 999.5 { format!("{:.0} ms", ms.max(0.0)) } else { format!("{:.1} s", ms / 1000.0) }
}

/// `12.3`, for tokens per second.
pub(crate) fn speed(per_second: f64) -> String {
    if per_second >= 99.95 { format!("{per_second:.0}") } else { format!("{per_second:.1}") }
}

/// `+1.50`, `−0.25`: a reward.
pub(crate) fn signed(value: f32) -> String {
    let sign = if value < 0.0 { '−' } else { '+' };
    format!("{sign}{:.2}", value.abs())
}

/// `2.31`: bits.
pub(crate) fn bits(bits: f64) -> String {
    format!("{bits:.2}")
}

/// `0.0123`, `−4.56`, `128`: any number, with three digits that count.
pub(crate) fn number(value: f32) -> String {
    let amount = f64::from(value.abs());
    let sign = if value < 0.0 { "−" } else { "" };
    match amount {
        0.0 => "0".to_owned(),
        a if a < 0.0001 => format!("{sign}{a:.0e}"),
        a if a < 0.01 => format!("{sign}{a:.5}"),
        a if a < 0.1 => format!("{sign}{a:.4}"),
        a if a < 9.995 => format!("{sign}{a:.3}"),
        a if a < 99.95 => format!("{sign}{a:.1}"),
        a => format!("{sign}{a:.0}"),
    }
}

/// Bytes in hexadecimal: `e4 bd a0`.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_like_a_download_bar() {
        assert_eq!(bytes(0), "0 B");
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(1_000), "1.0 kB");
        assert_eq!(bytes(98_362_432), "98 MB");
        assert_eq!(bytes(999_600), "1.0 MB");
        assert_eq!(bytes(9_960_000), "10 MB");
        assert_eq!(bytes(u64::MAX), "18446744074 GB");
        assert_eq!(rate(12_300_000.0), "12 MB/s");
        assert_eq!(rate(f64::NAN), "0 B/s");
    }

    #[test]
    fn small_probabilities_are_not_zero() {
        assert_eq!(percent(0.0), "0%");
        assert_eq!(percent(0.00001), "<0.01%");
        assert_eq!(percent(0.0312), "3.12%");
        assert_eq!(percent(0.09999), "10.0%");
        assert_eq!(percent(1.0), "100.0%");
    }

    #[test]
    fn surprisal_is_in_bits() {
        assert!((surprisal(0.25f32.ln()) - 2.0).abs() < 1e-6);
        assert_eq!(surprisal(0.0), 0.0);
        assert!(surprisal(1e-7) >= 0.0, "rounding above certainty is not a negative surprise");
        assert_eq!(shade(0.99), 0);
        assert_eq!(shade(3.2), 3);
        assert_eq!(shade(40.0), 8);
        assert_eq!(shade(f64::NAN), 0);
    }

    #[test]
    fn counts_and_times() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(262_144), "262,144");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(parameters(134_515_008), "135M");
        assert_eq!(parameters(1_236_000_000), "1.2B");
        assert_eq!(duration(812.4), "812 ms");
        assert_eq!(duration(5_712.0), "5.7 s");
        assert_eq!(speed(12.34), "12.3");
        assert_eq!(speed(120.4), "120");
        assert_eq!(hex(&[0xe4, 0xbd]), "e4 bd");
        assert_eq!((signed(1.5), signed(-0.25)), ("+1.50".into(), "−0.25".into()));
        assert_eq!(bits(2.3149), "2.31");
        assert_eq!(
            (number(0.0), number(-0.25), number(12.34)),
            ("0".into(), "−0.250".into(), "12.3".into())
        );
        assert_eq!(
            (number(0.00321), number(2e-6), number(1234.5)),
            ("0.00321".into(), "2e-6".into(), "1234".into())
        );
    }
}
