//! `fs`: files, the synchronous half of Node's.
//!
//! All paths go through [`Access`]; all errors read as Node's.

mod access;
mod error;

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::time::UNIX_EPOCH;

use rhai::{Array, Dynamic, Engine, EvalAltResult, ImmutableString};

use super::arguments::{Arguments, Returned, method};
use super::buffer::{Buffer, Encoding, bytes_of};
use super::error::ErrorValue;
use super::host_value::{self, HostValue, Shown};
use super::permissions::{Last, leads_to};
use super::text::to_text;
use super::view::{View, truthy, view};
pub use access::{Access, Unread};

/// The object `fs`.
#[derive(Clone)]
pub struct Fs;

/// What `statSync` returns.
#[derive(Clone)]
struct Stats {
    size: i64,
    modified_ms: f64,
    mode: i64,
    file: bool,
    directory: bool,
}

impl HostValue for Stats {
    const NAME: &'static str = "Stats";

    fn shown(&self) -> Shown {
        Shown::Record {
            name: "Stats".to_owned(),
            fields: vec![
                ("mode".into(), self.mode.into()),
                ("size".into(), self.size.into()),
                ("mtimeMs".into(), self.modified_ms.into()),
            ],
        }
    }
}

/// A path: text or a Buffer.
fn path(arguments: &Arguments, index: usize, name: &str) -> Result<ImmutableString, Box<EvalAltResult>> {
    match view(arguments.get(index)) {
        View::Text(path) => Ok(path.clone()),
        View::Other if arguments.get(index).is::<Buffer>() => Ok(arguments.text(index)),
        _ => Err(arguments.wrong(index, name, "text")),
    }
}

/// An entry of an option map.
fn option(arguments: &Arguments, index: usize, name: &str) -> Dynamic {
    match view(arguments.get(index)) {
        View::Map(map) => map.get(name).cloned().unwrap_or(Dynamic::UNIT),
        _ => Dynamic::UNIT,
    }
}

fn encoding(arguments: &Arguments, index: usize) -> Result<Option<Encoding>, Box<EvalAltResult>> {
    let name = match view(arguments.get(index)) {
        View::Map(_) => option(arguments, index, "encoding"),
        _ => arguments.get(index).clone(),
    };
    if name.is_unit() || to_text(&name) == "buffer" {
        return Ok(None);
    }
    let name = to_text(&name);
    Encoding::named(&name).map(Some).ok_or_else(|| {
        let message = format!("The argument 'encoding' is invalid encoding. Received '{name}'");
        ErrorValue::new(message).with_class("TypeError").with("code", "ERR_INVALID_ARG_VALUE").raise()
    })
}

fn read(access: &Access, arguments: &Arguments) -> Returned {
    let name = path(arguments, 0, "path")?;
    let encoding = encoding(arguments, 1)?;
    let file = access.check_read(&name)?;
    let bytes = fs::read(file).map_err(|error| {
        // Opening a directory works, reading it does not.
        match error.kind() {
            std::io::ErrorKind::IsADirectory => error::raise(&error, "read", "", None),
            _ => error::raise(&error, "open", &name, None),
        }
    })?;
    Ok(match encoding {
        Some(Encoding::Utf8) => match String::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(bytes) => Encoding::Utf8.decode(bytes.as_bytes()).into(),
        },
        Some(encoding) => encoding.decode(&bytes).into(),
        None => Dynamic::from(Buffer::from(bytes)),
    })
}

fn write(access: &Access, arguments: &Arguments, append: bool) -> Returned {
    let name = path(arguments, 0, "path")?;
    let encoding = encoding(arguments, 2)?.unwrap_or(Encoding::Utf8);
    let data = match view(arguments.get(1)) {
        View::Text(_) | View::Blob(_) | View::Other => bytes_of(arguments.get(1), encoding),
        View::Int(_) | View::Float(_) | View::Bool(_) => Some(arguments.text(1).as_bytes().to_vec().into()),
        _ => None,
    };
    let data = data.ok_or_else(|| arguments.wrong(1, "data", "text or a Buffer"))?;
    let flag = option(arguments, 2, "flag");
    let append = append || to_text(&flag).starts_with('a');
    let file = access.check_write(&name)?;
    let mut options = OpenOptions::new();
    options.create(true).append(append);
    if !append {
        options.write(true).truncate(true);
    }
    options
        .open(file)
        .and_then(|mut file| file.write_all(&data))
        .map(|()| Dynamic::UNIT)
        .map_err(|error| error::raise(&error, "open", &name, None))
}

fn stat(access: &Access, arguments: &Arguments) -> Returned {
    let name = path(arguments, 0, "path")?;
    let file = access.check_read(&name)?;
    let data = fs::metadata(file).map_err(|error| error::raise(&error, "stat", &name, None))?;
    #[cfg(unix)]
    let mode = i64::from(std::os::unix::fs::MetadataExt::mode(&data));
    #[cfg(not(unix))]
    let mode = 0;
    let modified = data.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    Ok(Dynamic::from(Stats {
        size: i64::try_from(data.len()).unwrap_or(i64::MAX),
        modified_ms: modified.as_micros() as f64 / 1000.0,
        mode,
        file: data.is_file(),
        directory: data.is_dir(),
    }))
}

fn list(access: &Access, arguments: &Arguments) -> Returned {
    let name = if arguments.values.is_empty() { ".".into() } else { path(arguments, 0, "path")? };
    let folder = access.check_read(&name)?;
    let names = fs::read_dir(folder)
        .and_then(|entries| {
            entries
                .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
                .collect::<Result<Vec<_>, _>>()
        })
        .map_err(|error| error::raise(&error, "scandir", &name, None))?;
    let mut names = names;
    names.sort();
    Ok(names.into_iter().map(Dynamic::from).collect::<Array>().into())
}

fn make_folder(access: &Access, arguments: &Arguments) -> Returned {
    let name = path(arguments, 0, "path")?;
    let folder = access.check_write(&name)?;
    let recursive = truthy(&option(arguments, 1, "recursive"));
    // The way there, as it was allowed: `new/../../x` would leave `new` behind.
    let made = if recursive { fs::create_dir_all(leads_to(&folder, Last::Followed)) } else { fs::create_dir(folder) };
    made.map(|()| Dynamic::UNIT).map_err(|error| error::raise(&error, "mkdir", &name, None))
}

fn remove(access: &Access, arguments: &Arguments) -> Returned {
    let name = path(arguments, 0, "path")?;
    let target = access.check_replace(&name)?;
    let recursive = truthy(&option(arguments, 1, "recursive"));
    let force = truthy(&option(arguments, 1, "force"));
    let data = match fs::symlink_metadata(&target) {
        Ok(data) => data,
        Err(_) if force => return Ok(Dynamic::UNIT),
        Err(error) => return Err(error::raise(&error, "stat", &name, None)),
    };
    let removed = match data.is_dir() {
        true if recursive => fs::remove_dir_all(&target),
        true => {
            let message = format!("Path is a directory: rm returned EISDIR (is a directory) {name}");
            return Err(ErrorValue::new(message).with("code", "ERR_FS_EISDIR").raise());
        }
        false => fs::remove_file(&target),
    };
    removed.map(|()| Dynamic::UNIT).map_err(|error| error::raise(&error, "rm", &name, None))
}

fn two_paths(
    access: &Access,
    arguments: &Arguments,
    call: &str,
    act: fn(&std::path::Path, &std::path::Path) -> std::io::Result<()>,
    moves: bool,
) -> Returned {
    let (from, to) = (path(arguments, 0, "from")?, path(arguments, 1, "to")?);
    let (source, target) = if moves {
        (access.check_move(&from)?, access.check_replace(&to)?)
    } else {
        (access.check_read(&from)?, access.check_write(&to)?)
    };
    act(&source, &target).map(|()| Dynamic::UNIT).map_err(|error| error::raise(&error, call, &from, Some(&to)))
}

/// Registers `fs`; every path goes through `access`.
pub fn register(engine: &mut Engine, access: &Access) {
    /// One function of `fs`.
    type Body = fn(&Access, &Arguments) -> Returned;
    host_value::register::<Stats>(engine);
    engine
        .register_type_with_name::<Fs>("fs")
        .register_get("size", |stats: &mut Stats| stats.size)
        .register_get("mode", |stats: &mut Stats| stats.mode)
        .register_get("mtimeMs", |stats: &mut Stats| stats.modified_ms)
        .register_fn("isFile", |stats: &mut Stats| stats.file)
        .register_fn("isDirectory", |stats: &mut Stats| stats.directory);
    let functions: [(&str, std::ops::RangeInclusive<usize>, Body); 12] = [
        ("readFileSync", 1..=2, read),
        ("writeFileSync", 2..=3, |access, arguments| write(access, arguments, false)),
        ("appendFileSync", 2..=3, |access, arguments| write(access, arguments, true)),
        ("existsSync", 1..=1, |access, arguments| {
            let Ok(name) = path(arguments, 0, "path") else { return Ok(false.into()) };
            Ok(access.check_read(&name)?.exists().into())
        }),
        ("readdirSync", 0..=1, list),
        ("mkdirSync", 1..=2, make_folder),
        ("unlinkSync", 1..=1, |access, arguments| {
            let name = path(arguments, 0, "path")?;
            let removed = fs::remove_file(access.check_replace(&name)?);
            removed.map(|()| Dynamic::UNIT).map_err(|error| error::raise(&error, "unlink", &name, None))
        }),
        ("rmSync", 1..=2, remove),
        ("rmdirSync", 1..=2, |access, arguments| {
            let name = path(arguments, 0, "path")?;
            let removed = fs::remove_dir(access.check_replace(&name)?);
            removed.map(|()| Dynamic::UNIT).map_err(|error| error::raise(&error, "rmdir", &name, None))
        }),
        ("statSync", 1..=1, stat),
        ("renameSync", 2..=2, |access, arguments| {
            two_paths(access, arguments, "rename", |from, to| fs::rename(from, to), true)
        }),
        ("copyFileSync", 2..=2, |access, arguments| {
            two_paths(access, arguments, "copyfile", |from, to| fs::copy(from, to).map(drop), false)
        }),
    ];
    for (name, arity, body) in functions {
        let access = access.clone();
        method::<Fs>(engine, name, arity, move |_, arguments| body(&access, &arguments));
    }
}

#[cfg(test)]
mod tests;
