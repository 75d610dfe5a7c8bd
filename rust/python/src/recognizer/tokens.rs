//! Tokens in: taken, taken back, and why one was refused.

use logos_core::recognizer::Reason;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::PyRecognizer;
use crate::array::Whole;

impl PyRecognizer {
    pub(crate) fn take(&mut self, id: u16) -> bool {
        match self.inner.accept(id) {
            Ok(()) => {
                self.refused = None;
                true
            }
            Err(refusal) => {
                self.refused = Some((id, refusal));
                false
            }
        }
    }

    pub(super) fn take_back(&mut self, n: Whole) -> PyResult<()> {
        let Whole(n) = n;
        let position = self.inner.position();
        let Some(n) = usize::try_from(n).ok().filter(|&n| n <= position) else {
            return Err(PyValueError::new_err(format!(
                "expected at most {position} tokens to take back, as many as were accepted, not {n}"
            )));
        };
        self.inner.rollback(n);
        self.refused = None;
        Ok(())
    }

    /// The code, the position and the reason of the last token, if it was refused.
    pub(super) fn refusal(&mut self) -> Option<(u8, usize, String)> {
        let (id, refusal) = self.refused?;
        let (code, reason) = match refusal.reason {
            Reason::Condition(clause) => (2, self.inner.clause(clause).to_owned()),
            Reason::Profile(reason) => (4, reason.to_owned()),
            Reason::Budget => {
                (3, "the sentence could not be completed within the budget".to_owned())
            }
            Reason::Unexpected => {
                let error = self.inner.explained(refusal.reason, id);
                (1, error.named(self.inner.lexicon()).to_string())
            }
        };
        Some((code, refusal.position, reason))
    }
}
