//! Reading and writing at a place of a file.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::mqtt::store::database::Fault;

/// Writes a number with its checksum.
pub fn write_mark(file: &File, place: u64, number: u64) -> io::Result<()> {
    let mut mark = [0; 12];
    mark[..8].copy_from_slice(&number.to_be_bytes());
    mark[8..].copy_from_slice(&crc32fast::hash(&number.to_be_bytes()).to_be_bytes());
    write_at(file, place, &mark)
}

/// The number at a place.
///
/// # Errors
/// It cannot be read, or its checksum is another.
pub fn read_mark(file: &File, place: u64) -> Result<u64, Fault> {
    let (mut number, mut checksum) = ([0; 8], [0; 4]);
    read_at(file, place, &mut number)?;
    read_at(file, place + 8, &mut checksum)?;
    let is_whole = crc32fast::hash(&number).to_be_bytes() == checksum;
    if is_whole { Ok(u64::from_be_bytes(number)) } else { Err(Fault::Damaged("a mark cannot be read".into())) }
}

/// Names this start of the system; empty where it does not tell.
pub fn this_system() -> Vec<u8> {
    let mut id = std::fs::read("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    id.truncate(36);
    id
}

/// Syncs the folder of a new file to the disk: without its name, a file that survives the end of the system is lost.
#[cfg(unix)]
pub fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Folders cannot be synced there.
#[cfg(windows)]
pub fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Reads all of `out` from a place of the file.
#[cfg(unix)]
pub fn read_at(file: &File, place: u64, out: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, out, place)
}

/// Writes all of `bytes` at a place of the file.
#[cfg(unix)]
pub fn write_at(file: &File, place: u64, bytes: &[u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, place)
}

/// Reads all of `out` from a place of the file.
#[cfg(windows)]
pub fn read_at(file: &File, mut place: u64, mut out: &mut [u8]) -> io::Result<()> {
    while !out.is_empty() {
        let count = std::os::windows::fs::FileExt::seek_read(file, out, place)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        out = &mut out[count..];
        place += count as u64;
    }
    Ok(())
}

/// Writes all of `bytes` at a place of the file.
#[cfg(windows)]
pub fn write_at(file: &File, mut place: u64, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let count = std::os::windows::fs::FileExt::seek_write(file, bytes, place)?;
        bytes = &bytes[count..];
        place += count as u64;
    }
    Ok(())
}
