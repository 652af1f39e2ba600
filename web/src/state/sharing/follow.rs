//! Following a branch that a link describes: the same way that its maker went, from choice to choice.
//!
//! Wherever the model draws another token than the branch has, the branch's token is taken from the list of
//! alternatives, as the reader took it there. So every number along the way was computed here.

use share::scene::Branch;

use crate::state::run::{Generated, Run};

/// What comes next.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Next {
    /// The whole branch has been followed, and the text went on after it.
    Done,
    /// The token of the branch at this place is not among the alternatives.
    Lost(usize),
    /// Go on after these tokens. `left`: so many of the branch are still to come; 0 for the free text after it.
    Go { kept: Vec<Generated>, left: usize },
}

/// What follows after a run along the branch has ended.
pub(crate) fn next(run: &Run, branch: &Branch) -> Next {
    let prefix = &branch.prefix.0;
    let ids = run.ids();
    let same = prefix.iter().zip(&ids).take_while(|(a, b)| a == b).count();
    let fixed = run.asked.as_ref().map_or(0, |asked| asked.prefix.len());
    if same == prefix.len() {
        if fixed == prefix.len() {
            return Next::Done;
        }
        return Next::Go { kept: kept(run, branch, same), left: 0 };
    }
    let taken = run.tokens.get(same).and_then(|token| token.taking(prefix[same]));
    let Some(taken) = taken else { return Next::Lost(same) };
    let mut kept = kept(run, branch, same);
    kept.push(taken);
    let left = prefix.len() - kept.len();
    Next::Go { kept, left }
}

/// The first tokens, with those marked that the reader chose.
fn kept(run: &Run, branch: &Branch, count: usize) -> Vec<Generated> {
    let mut kept: Vec<Generated> = run.tokens.iter().take(count).cloned().collect();
    for place in &branch.chosen {
        if let Some(token) = kept.get_mut(*place as usize) {
            token.chosen = true;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::ColumnRequest;
    use crate::state::testing::{asked, generated};
    use share::scene::Ids;

    /// A run that was asked for with `fixed` tokens given and wrote these. Its alternatives are `id` to `id + 9`.
    fn run(fixed: &[u32], ids: &[u32]) -> Run {
        let mut run = Run::default();
        let asked = ColumnRequest { prefix: fixed.to_vec(), ..asked("base") };
        run.begin(1, asked, ids.iter().map(|&id| generated(id, "x")).collect());
        run
    }

    fn branch(prefix: &[u32], chosen: &[u32]) -> Branch {
        Branch { prefix: Ids(prefix.to_vec()), chosen: chosen.to_vec() }
    }

    fn go(next: Next) -> (Vec<u32>, Vec<bool>, usize) {
        match next {
            Next::Go { kept, left } => {
                let ids = kept.iter().map(|token| token.token.id).collect();
                (ids, kept.iter().map(|token| token.chosen).collect(), left)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_way_is_gone_from_choice_to_choice() {
        let branch = branch(&[10, 25, 30, 43], &[1, 3]);
        let first = go(next(&run(&[], &[10, 20, 21, 22]), &branch));
        assert_eq!(first, (vec![10, 25], vec![false, true], 2));
        let second = go(next(&run(&[10, 25], &[10, 25, 30, 40]), &branch));
        assert_eq!(second, (vec![10, 25, 30, 43], vec![false, true, false, true], 0));
        let last = run(&[10, 25, 30, 43], &[10, 25, 30, 43, 50, 51]);
        assert_eq!(next(&last, &branch), Next::Done);
    }

    #[test]
    fn a_choice_that_the_model_makes_itself_is_still_a_choice() {
        let branch = branch(&[10, 25], &[1]);
        let next = go(next(&run(&[], &[10, 25]), &branch));
        assert_eq!(next, (vec![10, 25], vec![false, true], 0));
    }

    #[test]
    fn a_token_that_is_not_listed_is_not_made_up() {
        let branch = branch(&[10, 99], &[1]);
        assert_eq!(next(&run(&[], &[10, 20]), &branch), Next::Lost(1));
        assert_eq!(next(&run(&[], &[10]), &branch), Next::Lost(1), "the answer ended before");
        assert_eq!(next(&Run::default(), &branch), Next::Lost(0));
    }
}
