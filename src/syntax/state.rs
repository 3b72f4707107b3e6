//! The parser's state: arc-hybrid moves over a stack kept as a shared linked list, so that the states of a beam can
//! part without copying.

/// A move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Move {
    /// The next word goes on the stack.
    Shift = 0,
    /// The top of the stack becomes a child of the next word.
    Left = 1,
    /// The top of the stack becomes a child of the word below it.
    Right = 2,
}

impl Move {
    /// All of them by number.
    pub const ALL: [Move; 3] = [Move::Shift, Move::Left, Move::Right];
}

/// No word.
pub const NONE: u16 = u16::MAX;
/// No node.
pub const NIL: u32 = u32::MAX;

/// The children of a word as far as features ask: outermost and second on each side, and how many.
#[derive(Clone, Copy, Debug)]
pub struct Kids {
    /// Outermost left child.
    pub l1: u16,
    /// The left child next to it.
    pub l2: u16,
    /// Outermost right child.
    pub r1: u16,
    /// The right child next to it.
    pub r2: u16,
    /// Left children.
    pub left: u8,
    /// Right children.
    pub right: u8,
}

impl Kids {
    /// None yet.
    pub const NEW: Kids = Kids { l1: NONE, l2: NONE, r1: NONE, r2: NONE, left: 0, right: 0 };
}

/// One place of a stack.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// The word.
    pub word: u16,
    /// Its children.
    pub kids: Kids,
    /// The node below.
    pub below: u32,
}

/// One state of the beam.
#[derive(Clone, Copy, Debug)]
pub struct State {
    /// Top of the stack, or [`NIL`].
    pub top: u32,
    /// The next word; the number of words stands for the root.
    pub next: u16,
    /// Words on the stack.
    pub depth: u16,
    /// Children of the next word.
    pub kids: Kids,
    /// Sum of the scores of the moves so far.
    pub score: f32,
    /// Its last move in the history, or [`NIL`].
    pub last: u32,
}

impl State {
    /// Before the first move.
    pub const START: State = State { top: NIL, next: 0, depth: 0, kids: Kids::NEW, score: 0.0, last: NIL };

    /// Whether a move is open in a sentence of `n` words. The root, behind the last word, takes exactly one child.
    #[inline]
    pub fn allows(&self, m: Move, n: usize) -> bool {
        match m {
            Move::Shift => (self.next as usize) < n,
            Move::Left => self.depth >= 1 && ((self.next as usize) < n || self.depth == 1),
            Move::Right => self.depth >= 2,
        }
    }

    /// The state after a move; new nodes go to `nodes`. Score and history are the caller's.
    pub fn after(&self, m: Move, nodes: &mut Vec<Node>) -> State {
        let mut state = *self;
        match m {
            Move::Shift => {
                nodes.push(Node { word: self.next, kids: self.kids, below: self.top });
                state.top = nodes.len() as u32 - 1;
                state.next += 1;
                state.depth += 1;
                state.kids = Kids::NEW;
            }
            Move::Left => {
                let top = nodes[self.top as usize];
                state.kids.l2 = state.kids.l1;
                state.kids.l1 = top.word;
                state.kids.left = state.kids.left.saturating_add(1);
                state.top = top.below;
                state.depth -= 1;
            }
            Move::Right => {
                let top = nodes[self.top as usize];
                let mut below = nodes[top.below as usize];
                below.kids.r2 = below.kids.r1;
                below.kids.r1 = top.word;
                below.kids.right = below.kids.right.saturating_add(1);
                nodes.push(below);
                state.top = nodes.len() as u32 - 1;
                state.depth -= 1;
            }
        }
        state
    }
}
