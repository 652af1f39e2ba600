use super::*;
use crate::state::testing::token;

fn row(blocks: u32, ids: [u32; 2], target: bool) -> Arc<Answer> {
    let ranks = if target { vec![blocks + 1, 9] } else { Vec::new() };
    Arc::new(Answer::Lens(LensRow {
        blocks,
        first: 3,
        top: ids.map(|id| token(id, &format!(" t{id}"))).to_vec(),
        probabilities: vec![0.25, 0.5],
        logits: vec![1.0, 2.0],
        log_sums: [(1.0, 0.25), (2.0, 0.5)].map(|(logit, p): (f32, f32)| logit - p.ln()).to_vec(),
        target_probabilities: ranks.iter().map(|rank| 1.0 / *rank as f32).collect(),
        target_ranks: ranks,
    }))
}

fn names() -> Vec<String> {
    ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec()
}

#[test]
fn neighbours_share_their_window_and_the_last_is_full() {
    assert_eq!(window(3, 10), (0, 10));
    assert_eq!(window(23, 100), (0, 24));
    assert_eq!(window(24, 100), (24, 24));
    assert_eq!(window(99, 100), (76, 24));
    assert_eq!(window(0, 0), (0, 0));
}

#[test]
fn a_window_stays_while_its_tokens_are_followed() {
    assert_eq!(window_from(None, 99, 100), (76, 24));
    assert_eq!(window_from(Some((76, 24)), 80, 100), (76, 24), "alone it would be 72 to 95");
    assert_eq!(window_from(Some((76, 24)), 75, 100), (72, 24));
    assert_eq!(window_from(Some((76, 24)), 80, 90), (66, 24), "the text is shorter now");
    assert_eq!(window_from(Some((0, 10)), 3, 12), (0, 12), "the text has grown");
}

#[test]
fn the_lens_is_drawn_as_far_as_it_has_come() {
    assert_eq!(Lens::of(&[], 2), None);
    let whole = Lens::of(&[row(0, [1, 2], false)], 1).expect("a row");
    let seen = whole.seen(1, 0).expect("the second token");
    assert!(((seen.logit - seen.log_sum).exp() - seen.probability).abs() < 1e-6);
    let lens = Lens::of(&[row(0, [1, 2], false), row(2, [5, 2], false)], 2).expect("two rows");
    assert_eq!((lens.blocks, lens.count, lens.come()), (3, 2, 2));
    let grid = lens.grid(LensMode::Top, &names(), "emb").expect("two tokens");
    assert_eq!((grid.rows, grid.columns), (2, 3));
    assert_eq!((grid.values[0], grid.values[2]), (0.25, 0.25));
    assert!(grid.values[1].is_nan(), "what was not computed is no number");
    assert_eq!(grid.texts[2], "t5", "a space at the beginning is left out");
    assert_eq!(grid.row_names, ["d", "e"]);
    assert_eq!(grid.column_names, ["emb", "1", "2"]);
}

#[test]
fn the_target_is_followed_by_its_rank() {
    let parts = [row(0, [1, 2], true), row(1, [1, 2], true)];
    let lens = Lens::of(&parts, 1).expect("two rows");
    let grid = lens.grid(LensMode::Target, &names(), "emb").expect("two tokens");
    assert_eq!(grid.texts, ["#1", "#2", "#9", "#9"]);
    assert_eq!(grid.values[1], 0.5);
    let csv = lens.csv(&names());
    assert!(csv.contains("3,\"d\",1,\" t1\",1,0.25,2,0.5\r\n"), "{csv}");
    assert_eq!(csv.lines().count(), 5);
}

#[test]
fn a_guess_settles_where_it_stays_to_the_end() {
    let parts = [row(0, [5, 2], false), row(1, [1, 2], false), row(2, [5, 2], false)];
    let lens = Lens::of(&parts, 2).expect("three rows");
    assert_eq!(lens.settles(0), Some(2), "the same guess before another one does not count");
    assert_eq!(lens.settles(1), Some(0));
    assert_eq!(Lens::of(&parts[..2], 2).expect("two").settles(1), None);
}

#[test]
fn tokens_have_cells_within_the_window() {
    let lens = Lens::of(&[row(0, [1, 2], false)], 2).expect("a row");
    assert_eq!(lens.cell(4, 2), Some(Cell { row: 1, column: 2 }));
    assert_eq!(lens.cell(2, 0), None);
    assert_eq!(lens.cell(5, 0), None);
    assert_eq!(lens.cell(4, 3), None);
}

#[test]
fn contributions_add_up_and_have_a_row_for_each_layer() {
    let parts = Contributions {
        token: 0,
        target: token(4, "x"),
        embedding: 0.5,
        attention: vec![1.0, -2.0],
        feed_forward: vec![0.25, 3.0],
        logit: 2.75,
        probability: 0.1,
    };
    assert_eq!(sums(&parts), (-1.0, 3.25, 2.75));
    let chart = contributions(&parts, ["e", "a", "f"], |layer| format!("L{layer}"), 1);
    let names: Vec<&str> = chart.bars.iter().map(|bar| bar.name.as_str()).collect();
    assert_eq!(names, ["e", "L0", "L1"]);
    assert_eq!(chart.bars[0].values, [None, None, Some(0.5)]);
    assert_eq!(chart.bars[2].values, [Some(-2.0), Some(3.0), None]);
    assert!(chart.bars[2].is_chosen && !chart.bars[1].is_chosen);
}

#[test]
fn lengths_are_read_at_one_token() {
    let answer = Answer::Norms {
        residual: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
        attention: vec![0.1, 0.2, 0.3, 0.4],
        feed_forward: vec![0.5, 0.6, 0.7, 0.8],
    };
    let lengths = Lengths::at(&answer, 1).expect("norms");
    assert_eq!(lengths.stream, [2.0, 4.0, 6.0]);
    assert_eq!(lengths.attention, [0.2, 0.4]);
    let chart = lengths.chart(["s", "a", "f", "e"], |layer| format!("L{layer}"));
    assert_eq!(chart.bars[0].values, [Some(2.0), None, None]);
    assert_eq!(chart.bars[2].values, [Some(6.0), Some(0.4), Some(0.8)]);
    assert_eq!(chart.bars[2].name, "L1");
    assert_eq!(Lengths::at(&answer, 2), None, "a token that is not there");
    assert_eq!(Lengths::at(&Answer::Ended { stopped: true }, 0), None);
}
