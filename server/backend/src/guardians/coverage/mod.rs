//! Which current students have no adult who can sign in, and why.
