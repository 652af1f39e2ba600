//! A tree of thoughts as it is drawn: each thought with those that follow it.

use lab::technique::Thought;

/// A node with what grows out of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) thought: Thought,
    /// It lies on the path that became the answer.
    pub(crate) best: bool,
    pub(crate) children: Vec<Node>,
}

/// The roots. `best` is the last thought of the best path.
pub(crate) fn tree(thoughts: &[Thought], best: Option<usize>) -> Vec<Node> {
    let mut path = Vec::new();
    let mut at = best;
    // Parents come before children: the path ends, whatever a file says.
    while let Some(index) = at.filter(|index| *index < thoughts.len()) {
        path.push(index);
        at = thoughts[index].parent.filter(|parent| *parent < index);
    }
    grown(thoughts, None, &path)
}

fn grown(thoughts: &[Thought], parent: Option<usize>, path: &[usize]) -> Vec<Node> {
    let own = |(index, thought): &(usize, &Thought)| {
        thought.parent == parent && parent.is_none_or(|parent| parent < *index)
    };
    thoughts
        .iter()
        .enumerate()
        .filter(own)
        .map(|(index, thought)| Node {
            thought: thought.clone(),
            best: path.contains(&index),
            children: grown(thoughts, Some(index), path),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thought(parent: Option<usize>, text: &str) -> Thought {
        let (score, kept, answers) = (Some(5.0), true, false);
        Thought { parent, depth: 1, text: text.into(), score, kept, answers }
    }

    #[test]
    fn thoughts_grow_out_of_their_parents() {
        let thoughts = [
            thought(None, "a"),
            thought(None, "b"),
            thought(Some(0), "c"),
            thought(Some(2), "d"),
            thought(Some(0), "e"),
        ];
        let roots = tree(&thoughts, Some(3));
        assert_eq!(roots.len(), 2);
        let texts: Vec<&str> =
            roots[0].children.iter().map(|node| node.thought.text.as_str()).collect();
        assert_eq!(texts, ["c", "e"]);
        assert!(
            roots[0].best && roots[0].children[0].best && roots[0].children[0].children[0].best
        );
        assert!(!roots[1].best && !roots[0].children[1].best);
    }

    #[test]
    fn a_circle_ends() {
        let thoughts = [thought(Some(1), "a"), thought(Some(0), "b"), thought(Some(2), "c")];
        assert!(tree(&thoughts, Some(2)).is_empty());
        assert_eq!(tree(&[], Some(7)), []);
    }
}
