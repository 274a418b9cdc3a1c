//! Everything, or a list.

/// What a flag allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant<T> {
    /// Everything: the flag without a value.
    All,
    /// Only these.
    Only(Vec<T>),
}

impl<T> Grant<T> {
    /// What a flag that was not given allows.
    pub const NOTHING: Self = Self::Only(Vec::new());

    /// Whether `fits` holds for anything that is allowed; true where everything is.
    pub fn allows(&self, fits: impl Fn(&T) -> bool) -> bool {
        match self {
            Self::All => true,
            Self::Only(list) => list.iter().any(fits),
        }
    }

    /// What either allows.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Only(mut list), Self::Only(more)) => {
                list.extend(more);
                Self::Only(list)
            }
            _ => Self::All,
        }
    }

    /// Reads the value of a flag: parts between commas, a doubled comma stands for one that belongs to a part.
    ///
    /// # Errors
    /// A part is empty, or `read` refuses it.
    pub fn parse(value: &str, mut read: impl FnMut(&str) -> Result<T, String>) -> Result<Self, String> {
        let parts = split(value);
        if parts.iter().any(String::is_empty) {
            return Err("there is an empty name in it; leave out `=` to allow everything".into());
        }
        parts.iter().map(|part| read(part)).collect::<Result<_, _>>().map(Self::Only)
    }
}

fn split(value: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut rest = value.chars().peekable();
    while let Some(character) = rest.next() {
        if character == ',' && rest.next_if_eq(&',').is_none() {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::{Grant, split};

    #[test]
    fn values_are_split_at_single_commas() {
        assert_eq!(split("a"), ["a"]);
        assert_eq!(split("a,b"), ["a", "b"]);
        assert_eq!(split("a,,b,c"), ["a,b", "c"]);
        assert_eq!(split("a,"), ["a", ""]);
    }

    #[test]
    fn an_empty_part_is_a_mistake() {
        let read = |value| Grant::parse(value, |part| Ok(part.to_owned()));
        assert!(read("").is_err());
        assert!(read("a,").is_err());
        assert_eq!(read("a,b"), Ok(Grant::Only(vec!["a".to_owned(), "b".to_owned()])));
    }

    #[test]
    fn grants_add_up() {
        let only = |list: &[i32]| Grant::Only(list.to_vec());
        assert_eq!(only(&[1]).or(only(&[2])), only(&[1, 2]));
        assert_eq!(only(&[1]).or(Grant::All), Grant::All);
        assert_eq!(Grant::All.or(only(&[1])), Grant::All);
        assert!(!Grant::<i32>::NOTHING.allows(|_| true));
        assert!(Grant::<i32>::All.allows(|_| false));
    }
}
