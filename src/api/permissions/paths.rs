//! Where a path leads.

use std::path::{Component, Path, PathBuf};

/// More links than any system follows in one path; then it is left as it is, and opening it fails.
const MOST_LINKS: usize = 256;

/// What is meant by a path whose last part is a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Last {
    /// What it leads to: to open, list or look at it.
    Followed,
    /// The link: to rename or remove it.
    Itself,
}

/// `path` from the root on, without links and `..`, as the system would follow it. What does not exist (yet) counts as
/// it is written, also where a link leads to it.
pub fn leads_to(path: &Path, last: Last) -> PathBuf {
    // `link/` and `link/.` mean what it leads to, whatever is done to it.
    let bytes = path.as_os_str().as_encoded_bytes();
    let follows_last = last == Last::Followed || bytes.ends_with(b"/") || bytes.ends_with(b"/.");
    let mut reached = PathBuf::new();
    let mut ahead = parts(&from_root(path));
    let mut links = 0;
    while let Some(part) = ahead.pop() {
        match part.components().next() {
            Some(Component::ParentDir) => {
                reached.pop();
            }
            Some(Component::Normal(name)) => {
                let next = reached.join(name);
                let target = if ahead.is_empty() && !follows_last { None } else { std::fs::read_link(&next).ok() };
                match target {
                    Some(target) if links < MOST_LINKS => {
                        links += 1;
                        ahead.extend(parts(&target));
                    }
                    _ => reached = next,
                }
            }
            // A root starts anew.
            Some(root @ (Component::Prefix(_) | Component::RootDir)) => reached.push(root),
            Some(Component::CurDir) | None => {}
        }
    }
    reached
}

/// The components of `path`, the first one last.
fn parts(path: &Path) -> Vec<PathBuf> {
    path.components().rev().map(|part| PathBuf::from(part.as_os_str())).collect()
}

fn from_root(path: &Path) -> PathBuf {
    // Without a current folder no relative path can be opened, and what stays relative is inside of nothing.
    std::env::current_dir().map_or_else(|_| path.to_path_buf(), |folder| folder.join(path))
}

/// `path` from the root on, without `.` and `..`, links as they are.
pub fn absolute(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in from_root(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            part => result.push(part),
        }
    }
    result
}

/// Whether this is a file in which the system shows the environment of a process, or all of its memory.
pub fn shows_environment(target: &Path) -> bool {
    target.starts_with("/proc") && (target.ends_with("environ") || target.ends_with("mem"))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;
    use std::path::{Path, PathBuf};

    use super::{Last, leads_to, shows_environment};

    /// A folder without links in its own path.
    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().canonicalize().expect("it exists");
        (folder, path)
    }

    fn followed(path: impl AsRef<Path>) -> PathBuf {
        leads_to(path.as_ref(), Last::Followed)
    }

    #[test]
    fn dots_go_up_and_stay() {
        for (path, wanted) in [
            ("/a/b/../c", "/a/c"),
            ("/a/./b/", "/a/b"),
            ("/../../a", "/a"),
            ("/a/..", "/"),
            ("//a//b", "/a/b"),
            ("/", "/"),
        ] {
            assert_eq!(followed(path), Path::new(wanted), "{path}");
        }
        let here = std::env::current_dir().expect("there is one").canonicalize().expect("it exists");
        assert_eq!(followed(""), here);
        assert_eq!(followed("."), here);
        assert_eq!(followed("no/such"), here.join("no/such"));
    }

    #[test]
    fn links_are_followed_wherever_they_stand() {
        let (_folder, at) = folder();
        std::fs::create_dir_all(at.join("real/deep")).expect("folders");
        symlink(at.join("real"), at.join("absolute")).expect("a link");
        symlink("real/deep", at.join("relative")).expect("a link");
        symlink("absolute/deep", at.join("double")).expect("a link");
        assert_eq!(followed(at.join("absolute/x")), at.join("real/x"));
        assert_eq!(followed(at.join("relative/x")), at.join("real/deep/x"));
        assert_eq!(followed(at.join("double")), at.join("real/deep"));
        // Up from where the link leads, not from where it stands.
        assert_eq!(followed(at.join("relative/../x")), at.join("real/x"));
    }

    #[test]
    fn a_link_to_nothing_leads_where_it_says() {
        let (_folder, at) = folder();
        symlink("/no/such/file", at.join("dangling")).expect("a link");
        assert_eq!(followed(at.join("dangling")), Path::new("/no/such/file"));
    }

    #[test]
    fn the_last_part_may_be_meant_itself() {
        let (_folder, at) = folder();
        symlink("/etc", at.join("link")).expect("a link");
        symlink(".", at.join("here")).expect("a link");
        let itself = |path: &str| leads_to(&at.join(path), Last::Itself);
        assert_eq!(itself("link"), at.join("link"));
        assert_eq!(itself("here/link"), at.join("link"));
        assert_eq!(itself("link/passwd"), Path::new("/etc/passwd"));
        for path in ["link/", "link/.", "link//", "link/./"] {
            assert_eq!(itself(path), Path::new("/etc"), "{path}");
        }
        assert_eq!(itself("link/.."), Path::new("/"));
    }

    #[test]
    fn links_in_a_circle_come_to_an_end() {
        let (_folder, at) = folder();
        symlink("b", at.join("a")).expect("a link");
        symlink("a", at.join("b")).expect("a link");
        assert!(followed(at.join("a/x")).starts_with(&at));
    }

    #[test]
    fn files_that_show_the_environment() {
        for path in ["/proc/1/environ", "/proc/1/task/1/environ", "/proc/1/mem"] {
            assert!(shows_environment(Path::new(path)), "{path}");
        }
        for path in ["/home/environ", "/proc/cpuinfo", "/procs/1/environ"] {
            assert!(!shows_environment(Path::new(path)), "{path}");
        }
    }
}
