//! Where printed text goes: standard output and standard error of the process, in order and without flushing each line.
//!
//! On a terminal a line appears at once; into a file or pipe text is gathered until the event loop is about to sleep,
//! until 64 KB came together, or until something goes to standard error.

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};

/// So much is gathered at most.
const FULL: usize = 64 * 1024;

struct Output {
    gathered: Vec<u8>,
    at_once: bool,
    /// The reader has gone; what follows is dropped.
    broken: bool,
    /// Taken instead of written, for tests: (standard output, standard error).
    captured: Option<(String, String)>,
}

thread_local! {
    static OUTPUT: RefCell<Output> = RefCell::new(Output {
        gathered: Vec::new(),
        at_once: io::stdout().is_terminal(),
        broken: false,
        captured: None,
    });
}

/// Writes one line to standard output.
pub fn out(line: &str) {
    OUTPUT.with_borrow_mut(|output| {
        if let Some((out, _)) = &mut output.captured {
            out.push_str(line);
            out.push('\n');
            return;
        }
        if output.broken {
            return;
        }
        output.gathered.extend_from_slice(line.as_bytes());
        output.gathered.push(b'\n');
        if output.at_once || output.gathered.len() >= FULL {
            output.flush();
        }
    });
}

/// Writes text without a line end to standard output.
pub fn out_raw(text: &str) {
    OUTPUT.with_borrow_mut(|output| {
        if let Some((out, _)) = &mut output.captured {
            out.push_str(text);
        } else if !output.broken {
            output.gathered.extend_from_slice(text.as_bytes());
            if output.at_once || output.gathered.len() >= FULL {
                output.flush();
            }
        }
    });
}

/// Writes one line to standard error, after everything printed before it.
pub fn err(line: &str) {
    OUTPUT.with_borrow_mut(|output| {
        if let Some((_, err)) = &mut output.captured {
            err.push_str(line);
            err.push('\n');
            return;
        }
        output.flush();
        // Nobody is left to tell that standard error is closed.
        drop(writeln!(io::stderr().lock(), "{line}"));
    });
}

/// Writes what was gathered. The event loop calls it before it sleeps and at exit.
pub fn flush() {
    OUTPUT.with_borrow_mut(Output::flush);
}

/// Whether the reader of standard output has gone (`mqttscript ... | head`); further output is dropped.
pub fn broken_pipe() -> bool {
    OUTPUT.with_borrow(|output| output.broken)
}

/// Runs `body` and returns its result with what it printed on this thread: (standard output, standard error).
pub fn capture<R>(body: impl FnOnce() -> R) -> (R, String, String) {
    let outer = OUTPUT.with_borrow_mut(|output| output.captured.replace(Default::default()));
    let result = body();
    let (out, err) =
        OUTPUT.with_borrow_mut(|output| std::mem::replace(&mut output.captured, outer)).unwrap_or_default();
    (result, out, err)
}

impl Output {
    fn flush(&mut self) {
        if !self.gathered.is_empty() {
            self.flush_to(&mut io::stdout().lock());
        }
    }

    fn flush_to(&mut self, stdout: &mut impl Write) {
        if !self.broken && stdout.write_all(&self.gathered).and_then(|()| stdout.flush()).is_err() {
            self.broken = true;
        }
        self.gathered.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, ErrorKind, Write};

    use super::Output;

    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn output(text: &str) -> Output {
        Output { gathered: text.into(), at_once: false, broken: false, captured: None }
    }

    #[test]
    fn what_was_gathered_is_written_once() {
        let (mut output, mut written) = (output("a\n"), Vec::new());
        output.flush_to(&mut written);
        output.flush_to(&mut written);
        assert_eq!(written, b"a\n");
    }

    #[test]
    fn a_reader_that_has_gone_ends_output_and_not_the_program() {
        let mut output = output("a\n");
        output.flush_to(&mut Closed);
        assert!(output.broken && output.gathered.is_empty());
        let mut written = Vec::new();
        output.gathered.extend_from_slice(b"b\n");
        output.flush_to(&mut written);
        assert!(written.is_empty());
    }
}
