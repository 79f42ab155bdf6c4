//! A finished run's folder is opened again to put documents into it, by the rules under which a run is written.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use serde_json::value::RawValue;

use super::{Replace, RunFolder, WriteError, entries, hash, parent_of, resolved};
use crate::file;
use crate::report::record;

impl RunFolder {
    /// Opens the folder of a finished run, to write documents of the given names into it: everything else is there
    /// already. To be called before the documents are made, so that a refusal costs nothing.
    ///
    /// # Errors
    /// A document that must not be replaced, another run to the folder, or what the system says.
    pub fn reopen(named: &Path, documents: &[&str], replace: Replace) -> Result<Self, WriteError> {
        let folder = Self::locked(named, resolved(named)?)?;
        folder.tidy()?;
        folder.may_replace_documents(documents, replace)?;
        fs::create_dir(&folder.partial).map_err(WriteError::at(&folder.partial))?;
        for name in entries(&folder.target)? {
            if name != record::FILE && !documents.contains(&name.as_str()) {
                folder.bring(&name)?;
            }
        }
        Ok(folder)
    }

    /// Whether documents of the given names could be written once the run is in its place: to be called right after the
    /// folder was begun, so that neither a simulation nor the earlier run is lost to a file of somebody else.
    ///
    /// # Errors
    /// A file under the name of a document that this program did not write.
    pub fn leaves_room_for(&self, documents: &[&str]) -> Result<(), WriteError> {
        let known = record::held(&self.target).map(|held| held.files).unwrap_or_default();
        let is_there = |name: &str| fs::symlink_metadata(self.target.join(name)).is_ok();
        let foreign = documents.iter().filter(|name| !known.contains_key(**name) && is_there(name));
        let files: Vec<String> = foreign.map(|name| (*name).to_owned()).collect();
        if files.is_empty() { Ok(()) } else { Err(WriteError::Foreign { path: self.named.clone(), files }) }
    }

    fn may_replace_documents(&self, documents: &[&str], replace: Replace) -> Result<(), WriteError> {
        let path = self.named.clone();
        let Some(held) = record::held(&self.target) else { return Err(WriteError::NotARun { path }) };
        let (mut there, mut changed, mut foreign) = (Vec::new(), Vec::new(), Vec::new());
        for name in documents.iter().filter(|name| fs::symlink_metadata(self.target.join(name)).is_ok()) {
            let now = hash(&self.target.join(name)).ok();
            match held.files.get(*name) {
                None => foreign.push((*name).to_owned()),
                Some(known) if now.as_ref() != Some(known) => changed.push((*name).to_owned()),
                Some(_) => there.push((*name).to_owned()),
            }
        }
        if !foreign.is_empty() {
            return Err(WriteError::Foreign { path, files: foreign });
        }
        if !changed.is_empty() {
            return Err(WriteError::Changed { path, files: changed });
        }
        if !there.is_empty() && replace == Replace::Refuse {
            return Err(WriteError::HasDocuments { path, files: there });
        }
        Ok(())
    }

    /// Links (or copies) a file of the folder as it was into the one that will take its place.
    pub(super) fn bring(&self, name: &str) -> Result<(), WriteError> {
        let (from, to) = (self.target.join(name), self.partial.join(name));
        let folder = parent_of(&to);
        fs::create_dir_all(&folder).map_err(WriteError::at(&folder))?;
        if fs::symlink_metadata(&from).is_ok_and(|kind| kind.is_dir()) {
            fs::create_dir(&to).map_err(WriteError::at(&to))?;
        } else if fs::hard_link(&from, &to).is_err() {
            // A file system without links: a copy does as well, but not of what is no file and may never end.
            file::open(&from).map_err(|refused| WriteError::at(&from)(refused.into()))?;
            fs::copy(&from, &to).map_err(WriteError::at(&to))?;
        }
        Ok(())
    }

    /// Puts the folder with its documents in place; the record names them with their hashes, so that they are the
    /// run's own files from now on. Returns where they are.
    ///
    /// # Errors
    /// What the system says; the folder is then as it was.
    pub fn finish_documents(self, documents: &[&str]) -> Result<Vec<PathBuf>, WriteError> {
        let path = self.target.join(record::FILE);
        let text = file::read_text(&path, file::MOST_OF_A_RUN)
            .map_err(|refused| WriteError::at(&path)(refused.into()))?;
        let unreadable = |error: serde_json::Error| WriteError::at(&path)(error.into());
        // Only the list of files is written anew: all other keys stay as they were, to the byte.
        let mut keys: IndexMap<String, Box<RawValue>> = serde_json::from_str(&text).map_err(unreadable)?;
        let mut files: BTreeMap<String, String> = keys
            .get("files")
            .map_or(Ok(BTreeMap::new()), |files| serde_json::from_str(files.get()))
            .map_err(unreadable)?;
        files.retain(|name, _| fs::symlink_metadata(self.partial.join(name)).is_ok());
        for name in documents {
            let written = self.partial.join(name);
            files.insert((*name).to_owned(), hash(&written).map_err(WriteError::at(&written))?);
        }
        let mut list = Vec::new();
        let indented = serde_json::ser::PrettyFormatter::new();
        let mut serializer = serde_json::Serializer::with_formatter(&mut list, indented);
        serde::Serialize::serialize(&files, &mut serializer).map_err(unreadable)?;
        let list = String::from_utf8_lossy(&list).replace('\n', "\n  ");
        keys.insert("files".to_owned(), RawValue::from_string(list).map_err(unreadable)?);
        self.write(record::FILE, |out| {
            serde_json::to_writer_pretty(&mut *out, &keys).map_err(std::io::Error::from)?;
            std::io::Write::write_all(out, b"\n")
        })?;
        let written = documents.iter().copied().chain([record::FILE]).map(ToOwned::to_owned);
        self.sync(&written.collect::<Vec<_>>())?;
        let named = self.named.clone();
        self.put_in_place()?;
        Ok(documents.iter().map(|name| named.join(name)).collect())
    }
}
