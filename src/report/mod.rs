//! Report: the files of a run and the tables on the screen; nothing is computed here.

pub mod attribution_files;
pub mod csv_files;
pub mod difference_files;
mod exceedance;
pub mod figures;
pub mod files;
pub mod finished;
pub mod inputs;
pub mod names;
mod needed;
pub mod number;
mod payer_figures;
pub mod pooling_files;
pub mod publish;
pub mod record;
mod runs_out;
pub mod screen;
pub mod screen_attribution;
pub mod screen_budget;
pub mod screen_difference;
pub mod screen_published;
pub mod screen_sensitivity;
pub mod screen_solve;
pub mod screen_uncertainty;
pub mod screen_verify;
pub mod screen_why;
pub mod screen_winners;
pub mod sensitivity;
pub mod sensitivity_files;
pub mod solve_files;
pub mod solved;
pub mod table;
pub mod tables;
pub mod taper;
pub mod trials;
pub mod trials_read;
pub mod typed;
mod values;
pub mod verify;
pub mod waterfalls;
pub mod waiting_files;
pub mod winners_charts;
pub mod winners_files;
pub mod write;

#[cfg(test)]
mod tests;
