//! The front part of a store file: what was written since the last transaction of the database, record after record.
//!
//! A record is out of the process when the call that wrote it returns, so it survives the end of the process, whatever
//! ends it. Records are numbered without a gap. Those that the database has taken are written over from the beginning;
//! what is still behind the last record then has lower numbers.

use std::fs::File;
use std::io;
use std::sync::Arc;

use bytes::{Buf, BufMut, Bytes, BytesMut};

use crate::mqtt::store::database::Fault;
use crate::mqtt::store::entry::{stage_byte, stage_of};
use crate::mqtt::store::file::Side;
use crate::mqtt::store::place::{read_at, write_at};
use crate::mqtt::store::{Change, Entry};

/// Length, checksum, number.
const HEAD: usize = 4 + 4 + 8;

/// A larger buffer is given back after one use, bytes.
const LARGEST_BUFFER: usize = 64 << 10;

/// A change with the side it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Which side.
    pub side: Side,
    /// What happens there.
    pub change: Change,
}

/// See the module.
#[derive(Debug)]
pub struct Front {
    file: Arc<File>,
    start: u64,
    size: usize,
    /// Where the next record goes, from `start`.
    at: usize,
    /// The number of the last record.
    last: u64,
    buffer: BytesMut,
}

impl Front {
    /// Reads the front part at `start`; `moved` is the number of the last record that the database has. Also gives the
    /// changes of the records that it does not have, in order.
    ///
    /// # Errors
    /// It cannot be read, or what is in it was not written there.
    pub fn open(file: Arc<File>, start: u64, size: usize, moved: u64) -> Result<(Self, Vec<Recorded>), Fault> {
        let mut bytes = vec![0; size];
        read_at(&file, start, &mut bytes)?;
        let bytes = Bytes::from(bytes);
        let mut records = Vec::new();
        let (mut at, mut last) = (0, None);
        while let Some((number, body)) = record_at(&bytes, at) {
            // What follows was written before the last beginning.
            if last.is_some_and(|last| number != last + 1) {
                break;
            }
            if last.is_none() && number > moved + 1 {
                return Err(Fault::Damaged("records are missing".into()));
            }
            at += HEAD + body.len();
            if number > moved {
                let changes = changes_of(body).ok_or_else(|| Fault::Damaged("a record cannot be read".into()))?;
                records.extend(changes);
            }
            last = Some(number);
        }
        let newest = last.unwrap_or(0).max(moved);
        let at = if newest > moved { at } else { 0 };
        Ok((Self { file, start, size, at, last: newest, buffer: BytesMut::new() }, records))
    }

    /// The number of the last record.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Writes a record; false when it does not fit.
    ///
    /// # Errors
    /// It cannot be written, or a message cannot be expressed in MQTT; it is not in the store then.
    pub fn write(&mut self, side: Side, changes: &[Change]) -> io::Result<bool> {
        self.buffer.clear();
        self.buffer.put_bytes(0, HEAD - 8);
        self.buffer.put_u64(self.last + 1);
        for change in changes {
            write_change(side, change, &mut self.buffer)?;
        }
        let fits = self.buffer.len() <= self.size - self.at;
        if fits {
            let length = u32::try_from(self.buffer.len() - HEAD).map_err(io::Error::other)?;
            let checksum = crc32fast::hash(&self.buffer[8..]);
            self.buffer[..4].copy_from_slice(&length.to_be_bytes());
            self.buffer[4..8].copy_from_slice(&checksum.to_be_bytes());
            write_at(&self.file, self.start + self.at as u64, &self.buffer)?;
            self.at += self.buffer.len();
            self.last += 1;
        }
        if self.buffer.capacity() > LARGEST_BUFFER {
            self.buffer = BytesMut::new();
        }
        Ok(fits)
    }

    /// The database has every record.
    pub fn begin_again(&mut self) {
        self.at = 0;
    }
}

/// The record at a place: its number and its changes.
fn record_at(bytes: &Bytes, at: usize) -> Option<(u64, Bytes)> {
    let mut head = bytes.get(at..at + HEAD)?;
    let (length, checksum, number) = (head.get_u32() as usize, head.get_u32(), head.get_u64());
    let end = (at + HEAD).checked_add(length).filter(|end| *end <= bytes.len())?;
    let is_whole = length > 0 && crc32fast::hash(&bytes[at + 8..end]) == checksum;
    is_whole.then(|| (number, bytes.slice(at + HEAD..end)))
}

const PUT: u8 = 1;
const MARK: u8 = 2;
const REMOVE: u8 = 3;

fn write_change(side: Side, change: &Change, out: &mut BytesMut) -> io::Result<()> {
    let (kind, key) = match change {
        Change::Put(entry) => (PUT, entry.key),
        Change::Mark { key, .. } => (MARK, *key),
        Change::Remove(key) => (REMOVE, *key),
    };
    out.put_u8(kind);
    out.put_u8(side as u8);
    out.put_u64(key);
    match change {
        Change::Put(entry) => {
            let at = out.len();
            out.put_u32(0);
            entry.write(out).map_err(io::Error::other)?;
            let length = u32::try_from(out.len() - at - 4).map_err(io::Error::other)?;
            out[at..at + 4].copy_from_slice(&length.to_be_bytes());
        }
        Change::Mark { stage, id, .. } => {
            out.put_u8(stage_byte(*stage));
            out.put_u16(*id);
        }
        Change::Remove(_) => {}
    }
    Ok(())
}

fn changes_of(mut body: Bytes) -> Option<Vec<Recorded>> {
    let mut changes = Vec::new();
    while !body.is_empty() {
        changes.push(read_change(&mut body)?);
    }
    Some(changes)
}

fn read_change(body: &mut Bytes) -> Option<Recorded> {
    if body.len() < 10 {
        return None;
    }
    let kind = body.get_u8();
    let side = Side::of(body.get_u8())?;
    let key = body.get_u64();
    let change = match kind {
        PUT if body.len() >= 4 => {
            let length = body.get_u32() as usize;
            if length > body.len() {
                return None;
            }
            Change::Put(Entry::read(key, body.split_to(length))?)
        }
        MARK if body.len() >= 3 => Change::Mark { key, stage: stage_of(body.get_u8())?, id: body.get_u16() },
        REMOVE => Change::Remove(key),
        _ => return None,
    };
    Some(Recorded { side, change })
}
