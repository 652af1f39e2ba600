//! What to do with a part that is already here, and with what the server answers. No I/O.

/// Where the bytes of a file come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// Everything from the server.
    Fresh,
    /// The first bytes are here; the server has the rest.
    Resume(u64),
    /// Everything is here, and not yet verified.
    Whole,
}

/// Plans a load from the bytes of a part that is here (0: none) and the manifest's size.
pub(super) fn start(part_bytes: u64, total: u64) -> Start {
    match part_bytes {
        0 => Start::Fresh,
        bytes if bytes < total => Start::Resume(bytes),
        bytes if bytes == total => Start::Whole,
        // Longer than the file: the part of another one.
        _ => Start::Fresh,
    }
}

/// What an answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The body continues at the byte asked for.
    Continues,
    /// The body is the whole file: start over with it.
    Whole,
    /// Not what was asked for: ask again, for the whole file.
    AskForWhole,
    /// The server will not give it.
    Refused,
}

/// Judges the answer to a request for the bytes from `from` on (0: no range was asked for).
pub(super) fn judge(status: u16, content_range: Option<&str>, from: u64, total: u64) -> Answer {
    match status {
        200 if from == 0 => Answer::Continues,
        200 => Answer::Whole,
        206 => match content_range.and_then(parse_content_range) {
            Some((first, file_bytes))
                if first == from && file_bytes.is_none_or(|bytes| bytes == total) =>
            {
                Answer::Continues
            }
            _ if from > 0 => Answer::AskForWhole,
            _ => Answer::Refused,
        },
        // The part reaches beyond the server's file.
        416 if from > 0 => Answer::AskForWhole,
        _ => Answer::Refused,
    }
}

/// `bytes FIRST-LAST/TOTAL` (RFC 9110, 14.4): first byte and, unless it is `*`, the total.
fn parse_content_range(header: &str) -> Option<(u64, Option<u64>)> {
    let (range, total) = header.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let first = first.trim().parse().ok()?;
    let last: u64 = last.trim().parse().ok()?;
    let total = match total.trim() {
        "*" => None,
        total => Some(total.parse().ok()?),
    };
    (first <= last).then_some((first, total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_resumed_unless_it_is_none_or_too_long() {
        assert_eq!(start(0, 100), Start::Fresh);
        assert_eq!(start(1, 100), Start::Resume(1));
        assert_eq!(start(99, 100), Start::Resume(99));
        assert_eq!(start(100, 100), Start::Whole);
        assert_eq!(start(101, 100), Start::Fresh);
        assert_eq!(start(0, 0), Start::Fresh);
    }

    #[test]
    fn a_range_is_taken_only_where_it_fits() {
        let fits = Some("bytes 40-99/100");
        assert_eq!(judge(206, fits, 40, 100), Answer::Continues);
        assert_eq!(judge(206, Some("bytes 40-99/*"), 40, 100), Answer::Continues);
        assert_eq!(judge(206, fits, 40, 120), Answer::AskForWhole);
        assert_eq!(judge(206, fits, 41, 100), Answer::AskForWhole);
        assert_eq!(judge(206, None, 40, 100), Answer::AskForWhole);
        assert_eq!(judge(206, Some("octets 40"), 40, 100), Answer::AskForWhole);
        assert_eq!(judge(416, Some("bytes */30"), 40, 100), Answer::AskForWhole);
    }

    #[test]
    fn a_server_without_ranges_sends_the_whole_file() {
        assert_eq!(judge(200, None, 40, 100), Answer::Whole);
        assert_eq!(judge(200, None, 0, 100), Answer::Continues);
    }

    #[test]
    fn asking_for_the_whole_never_leads_to_asking_again() {
        for status in [100, 204, 206, 301, 403, 404, 416, 500, 503] {
            let answer = judge(status, Some("bytes 7-9/10"), 0, 10);
            assert_eq!(answer, Answer::Refused, "{status}");
        }
        assert_eq!(judge(206, Some("bytes 0-9/10"), 0, 10), Answer::Continues);
        assert_eq!(judge(404, None, 40, 100), Answer::Refused);
    }

    #[test]
    fn content_ranges_are_read_and_nonsense_is_not() {
        assert_eq!(parse_content_range("bytes 0-9/10"), Some((0, Some(10))));
        assert_eq!(parse_content_range(" bytes 5-9/* "), Some((5, None)));
        for nonsense in ["", "bytes", "bytes */10", "bytes 9-5/10", "bytes -9/10", "bytes 1-2/x"] {
            assert_eq!(parse_content_range(nonsense), None, "{nonsense}");
        }
    }
}
