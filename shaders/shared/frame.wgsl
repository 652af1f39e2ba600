// What every kernel knows about the batch it runs on.

// One row of the batch: a token at a position of a sequence.
struct Row {
    token: u32,
    position: u32,
    sequence: u32,
    // 0: none; a: the machine's adapter a - 1.
    adapter: u32,
}

struct Frame {
    // Rows in this batch.
    rows: u32,
    // Rows whose logits are wanted: `logits_rows` from `logits_from`.
    logits_from: u32,
    logits_rows: u32,
    reserved: u32,
}

// The rows a kernel works on: 0: all; 1: those whose logits are wanted, of an input that holds all;
// 2: the same, of an input that holds just them.
struct RowRange {
    start: u32,
    count: u32,
}

fn row_range(frame: Frame, head: u32) -> RowRange {
    if head == 1u {
        return RowRange(frame.logits_from, frame.logits_rows);
    }
    if head == 2u {
        return RowRange(0u, frame.logits_rows);
    }
    return RowRange(0u, frame.rows);
}
