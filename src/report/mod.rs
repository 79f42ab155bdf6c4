//! Report: the files of a run and the tables on the screen; nothing is computed here.

pub mod csv_files;
pub mod difference_files;
pub mod table;
pub mod tables;
