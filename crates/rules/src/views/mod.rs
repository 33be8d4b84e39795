//! What each desk sees, as pure folds of the state.
