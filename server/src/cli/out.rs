//! What commands print. `println!` panics when the reader has gone, as in `greencap accounts list | head`.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write as _};
use std::sync::OnceLock;

/// Why output was lost, if it was: not because its reader had enough.
static LOST: OnceLock<String> = OnceLock::new();

/// Prints a line to standard output. Nothing is printed any more once the reader has gone; any other error fails the
/// command when it ends.
pub(super) fn line(text: Arguments<'_>) {
    print(format!("{text}\n").as_bytes());
}

/// Prints bytes to standard output as they are; otherwise like [`line`].
pub(super) fn print(bytes: &[u8]) {
    let mut stdout = io::stdout().lock();
    if let Err(error) = stdout.write_all(bytes).and_then(|()| stdout.flush())
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

/// Asks a question on standard error, where the output of a command does not end up in a file; without a line break, so
/// that the answer is typed beside it.
pub(super) fn ask(question: impl std::fmt::Display) {
    let mut stderr = io::stderr();
    // A question that cannot be shown can still be answered.
    let _ = write!(stderr, "{question}").and_then(|()| stderr.flush());
}

/// Prints a line like `println!`; see [`line`].
macro_rules! say {
    ($($words:tt)*) => {
        $crate::cli::out::line(format_args!($($words)*))
    };
}
pub(super) use say;
