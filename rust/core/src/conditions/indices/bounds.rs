//! Bounds on an index, token by token.
//!
//! An index is one token up to 999, else a token for its count of groups and the groups. Whatever
//! was read of it, the tokens that may come next are an interval of ids.

/// The largest index.
pub(in crate::conditions) const LARGEST: u32 = 999_999_999;

const ONE_TOKEN: u32 = 999;
const TWO_GROUPS: u32 = 999_999;

/// How many tokens an index takes beside its first.
pub(in crate::conditions) fn more_tokens(index: u32) -> u32 {
    match index {
        0..=ONE_TOKEN => 0,
        1000..=TWO_GROUPS => 2,
        _ => 3,
    }
}

/// An index that is being read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::conditions) struct Prefix {
    /// What its groups say so far.
    pub value: u32,
    /// How many groups are to come; 0 before its first token.
    pub left: u32,
}

impl Prefix {
    /// It and one more token, by its offset in the block; with no groups left it is complete.
    pub fn after(self, token: u32) -> Prefix {
        match (self.left, token) {
            (0, ..=ONE_TOKEN) => Prefix { value: token, left: 0 },
            // The tokens of two and of three groups.
            (0, _) => Prefix { value: 0, left: token - ONE_TOKEN + 1 },
            (left, _) => Prefix { value: self.value * 1000 + token, left: left - 1 },
        }
    }

    /// The offsets of the tokens that may come next, so that the index lies between two bounds.
    pub fn next(self, low: u32, high: u32) -> Option<(u32, u32)> {
        let first = |index: u32| match index {
            0..=ONE_TOKEN => index,
            1000..=TWO_GROUPS => ONE_TOKEN + 1,
            _ => ONE_TOKEN + 2,
        };
        let tokens = if self.left == 0 {
            (first(low), first(high))
        } else {
            let unit = 1000_u32.pow(self.left - 1);
            let before = self.value * 1000;
            // Which group follows so that the bound is reached; beyond 999 none does.
            let low = (low / unit).saturating_sub(before);
            let high = (high / unit).checked_sub(before)?;
            (low, high.min(ONE_TOKEN))
        };
        (low <= high && tokens.0 <= tokens.1).then_some(tokens)
    }

    /// The least index that begins so and is not below a bound.
    pub fn least(self, low: u32) -> u32 {
        let groups = self.value * 1000_u32.pow(self.left);
        // The first of several groups is not zero.
        let leading =
            if self.value == 0 && self.left > 0 { 1000_u32.pow(self.left - 1) } else { 0 };
        groups.max(leading).max(low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The offsets of the tokens of an index.
    fn tokens(index: u32) -> Vec<u32> {
        let groups = [index / 1_000_000, index / 1000 % 1000, index % 1000];
        match index {
            0..=ONE_TOKEN => vec![index],
            1000..=TWO_GROUPS => vec![1000, groups[1], groups[2]],
            _ => vec![1001, groups[0], groups[1], groups[2]],
        }
    }

    #[test]
    fn exactly_the_indices_between_the_bounds_are_read() {
        let near = |x: u32| [x.saturating_sub(1), x, (x + 1).min(LARGEST)];
        let all: Vec<u32> = [0, 5, 998, 999, 1000, 1999, 2000, 54_321, 999_999, 1_000_000]
            .into_iter()
            .chain([1_000_999, 1_001_000, 123_456_789, 999_000_000, LARGEST])
            .flat_map(near)
            .collect();
        for &low in &all {
            for &high in &all {
                for &index in &all {
                    let mut prefix = Prefix::default();
                    let mut is_read = true;
                    for token in tokens(index) {
                        let next = prefix.next(low, high);
                        is_read &= next.is_some_and(|(a, b)| a <= token && token <= b);
                        prefix = prefix.after(token);
                    }
                    assert_eq!(prefix, Prefix { value: index, left: 0 });
                    assert_eq!(is_read, low <= index && index <= high, "{index} {low} {high}");
                }
            }
        }
    }

    #[test]
    fn no_prefix_is_stuck() {
        for (low, high) in [(0, 0), (999, 1000), (1000, 1000), (1_999, 2_000), (999_999, 1_000_000)]
        {
            let mut waiting = vec![Prefix::default()];
            while let Some(prefix) = waiting.pop() {
                let (first, last) = prefix.next(low, high).expect("some token");
                for token in [first, last] {
                    let after = prefix.after(token);
                    assert!(after.left == 0 || (low..=high).contains(&after.least(low)));
                    if after.left > 0 {
                        waiting.push(after);
                    }
                }
            }
        }
    }
}
