//! What commands print. `println!` panics when the reader has gone, as in `greencap accounts list | head`.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write as _};
use std::sync::OnceLock;

/// Why output was lost, if it was: not because its reader had enough.
static LOST: OnceLock<String> = OnceLock::new();

/// Prints a line to standard output. Nothing is printed any more once the reader has gone; any other error fails the
/// command when it ends.
pub(super) fn line(text: Arguments<'_>) {
    let mut stdout = io::stdout().lock();
    if let Err(error) = writeln!(stdout, "{text}").and_then(|()| stdout.flush())
        && error.kind() != ErrorKind::BrokenPipe
    {
        // Only the first is told.
        let _ = LOST.set(error.to_string());
    }
}

/// Why output was lost, if it was.
pub(super) fn lost() -> Option<&'static str> {
    LOST.get().map(String::as_str)
}

/// Prints a note or an error to standard error.
pub(super) fn note(text: impl std::fmt::Display) {
    // There is nowhere left to say that this failed.
    let _ = writeln!(io::stderr(), "greencap: {text}");
}

/// Prints a line like `println!`; see [`line`].
macro_rules! say {
    ($($words:tt)*) => {
        $crate::cli::out::line(format_args!($($words)*))
    };
}
pub(super) use say;
