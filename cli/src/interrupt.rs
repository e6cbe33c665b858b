//! Being interrupted (SIGINT, SIGTERM): reading ends as if the capture did, so that what was read until then is written whole.
//! Who interrupts again means it: then the program ends at once.

#[cfg(unix)]
pub(crate) use unix::{Live, is_asked, taken, watch};

#[cfg(unix)]
mod unix {
    use rustix::event::{PollFd, PollFlags, poll};
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::{flag, low_level};
    use std::fs::File;
    use std::io::{self, Read};
    use std::os::unix::net::UnixStream;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, OnceLock};

    /// What a signal leaves.
    struct Watch {
        asked: Arc<AtomicBool>,
        /// There is a byte in it for each signal, for who waits.
        bell: UnixStream,
    }

    static WATCH: OnceLock<Option<Watch>> = OnceLock::new();

    impl Watch {
        fn begin() -> io::Result<Watch> {
            let asked = Arc::new(AtomicBool::new(false));
            let (bell, ring) = UnixStream::pair()?;
            for signal in [SIGINT, SIGTERM] {
                // In this order: the first signal leaves a mark, the second finds it and ends the program.
                flag::register_conditional_default(signal, Arc::clone(&asked))?;
                flag::register(signal, Arc::clone(&asked))?;
                low_level::pipe::register(signal, ring.try_clone()?)?;
            }
            Ok(Watch { asked, bell })
        }
        fn current() -> Option<&'static Watch> {
            WATCH.get().and_then(Option::as_ref)
        }
    }

    /// Watches for signals from here on. Where that can't be, they end the program as ever.
    pub(crate) fn watch() {
        WATCH.get_or_init(|| Watch::begin().ok());
    }

    /// Whether somebody asked to end.
    #[inline]
    pub(crate) fn is_asked() -> bool {
        Watch::current().is_some_and(|watch| watch.asked.load(Ordering::Relaxed))
    }

    /// Whether somebody asked to end; what was asked is done by that.
    pub(crate) fn taken() -> bool {
        Watch::current().is_some_and(|watch| watch.asked.swap(false, Ordering::Relaxed))
    }

    /// What may make its reader wait: it ends when somebody asks to end.
    pub(crate) struct Live(pub(crate) File);

    impl Read for Live {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some(watch) = Watch::current() else { return self.0.read(buffer) };
            loop {
                let mut fds = [PollFd::new(&watch.bell, PollFlags::IN), PollFd::new(&self.0, PollFlags::IN)];
                match poll(&mut fds, None) {
                    Err(rustix::io::Errno::INTR) => {}
                    Ok(_) if !fds[0].revents().is_empty() => return Ok(0),
                    // What can't be waited for is read all the same.
                    Ok(_) | Err(_) => return self.0.read(buffer),
                }
            }
        }
    }
}

#[cfg(not(unix))]
mod other {
    /// Signals end the program as ever.
    pub(crate) fn watch() {}

    pub(crate) fn is_asked() -> bool {
        false
    }

    pub(crate) fn taken() -> bool {
        false
    }
}

#[cfg(not(unix))]
pub(crate) use other::{is_asked, taken, watch};
