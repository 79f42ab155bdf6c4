//! fundcast: a Monte Carlo projection of medical-assistance spending.
//!
//! A [`scenario`] is loaded, a [`population`] drawn, each person's year of [`illness`] drawn, the [`policy`] settles
//! who pays, the [`simulation`] repeats it over replicates, outcomes become a [`projection`], which is drawn as
//! [`chart`]s and written as a [`report`]; of a finished run [`document`]s are made.
//!
//! Up to the simulation everything stands in the crate `fundcast-engine`, the charts in `fundcast-chart`; both are
//! named here, so that whoever uses the library sees one house. The modules stand in reading order: each uses only
//! those above it, which a test checks. `docs/architecture.md` is the map.
//!
//! What Shangsi needs in 2025, with the error of it:
//!
//! ```
//! use std::path::Path;
//!
//! use fundcast::projection::{money::Part, simulated::simulated};
//! use fundcast::scenario::{self, load::Setting};
//! use fundcast::simulation::from_scenario::{EngineChoice, Plan};
//!
//! // A higher ratio for margin households than the document's.
//! let ratio = Setting { path: "policy.assistance.margin.ratio".to_owned(), value: "0.85".to_owned() };
//! let scenario = scenario::load(Path::new("scenarios/fangchenggang.toml"), &[ratio])?;
//! let county = scenario.place.counties.iter().position(|county| county.code == 450_621).expect("Shangsi");
//! let plan = Plan {
//!     years: scenario.years(),
//!     warm_up_years: scenario.settings.run.warm_up_years,
//!     first_replicate: 0,
//!     n_replicates: 8,
//!     seed: scenario.settings.run.seed,
//!     engine: EngineChoice::default(),
//!     observer: &(),
//! };
//! let projection = simulated(&scenario, &[county], plan)?;
//! let spending = projection.spending(Some(county), 2025, Part::TOTAL).expect("a county that was simulated");
//! println!("{:.0} ± {:.0} yuan", spending.yuan.mean, spending.yuan.margin_95().unwrap_or(f64::NAN));
//! # assert!(spending.yuan.mean > 1e6 && spending.yuan.margin_95().is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
pub use fundcast_chart as chart;
pub use fundcast_engine::{
    file, illness, instruction_set, lang, policy, population, raw, rng, scenario, shown, simulation, stats,
    units,
};

pub mod cases;
pub mod draft;
pub mod projection;
pub mod shard;
pub mod report;
pub mod document;
pub mod cli;
