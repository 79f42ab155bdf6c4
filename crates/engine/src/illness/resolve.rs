//! From the file as typed to the model: every fault at once, then the tables.

use super::admission::Admission;
use super::bill::{Catalogue, Chronic, Outpatient};
use super::condition::Conditions;
use super::cost::Cost;
use super::disease::Diseases;
use super::fault::{Fault, Faults, missing};
use super::math::NormalTable;
use super::ordinary::Nodes;
use super::risk::Risk;
use super::stay::{Places, Season};
use super::tile::tables::Tables;
use super::{Group, IllnessModel};
use crate::lang::{Words, words};
use crate::raw::model::{RawModel, RawShock, RawUncertainty};
use crate::raw::settings::Source;

impl IllnessModel {
    /// Checks a model file and computes its tables.
    ///
    /// # Errors
    /// All values that are not allowed, with their keys.
    pub fn new(raw: &RawModel) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        let groups = groups(raw, &mut faults);
        let factors = |of: fn(&Group) -> f64| groups.iter().map(of).collect::<Vec<_>>();
        let admission = Admission::new(&raw.admission, &mut faults);
        check_spreads(&raw.shock, &raw.uncertainty, &mut faults);
        let costly_stay_yuan = raw.ordinary.costly_stay_yuan;
        faults.within("ordinary.costly_stay_yuan", costly_stay_yuan, (0.0, 1e6));
        let mut model = Self {
            season: Season::new(&raw.stay.month_weights, &mut faults),
            places: Places::new(&raw.stay, &mut faults),
            cost: Cost::new(&raw.cost, &raw.stay, &mut faults),
            catalogue: Catalogue::new(&raw.out_of_catalogue, &mut faults),
            risk: Risk::new(&raw.risk, &mut faults),
            chronic: Chronic::new(&raw.chronic, &factors(|g| g.chronic), &admission.standard, &mut faults),
            conditions: Conditions::new(&raw.condition, &factors(|g| g.conditions), &mut faults),
            diseases: Diseases::new(raw, &mut faults),
            outpatient: Outpatient::new(&raw.outpatient, &mut faults),
            shock: raw.shock.clone(),
            uncertainty: raw.uncertainty.clone(),
            normal: NormalTable::new(),
            nodes: Nodes::new(raw.risk.admission_loading),
            costly_stay_yuan,
            groups,
            admission,
            tables: Tables::empty(),
        };
        let extra = model.extra_stays();
        if faults.0.is_empty() && extra >= model.admission.rate.least() {
            let allowed = words!(
                "每年都大于重特大疾病本身带来的住院次数：{extra}",
                "above the stays that conditions add by themselves, in every year: {extra}"
            );
            faults.add("admission.rate_by_year", model.admission.rate.least(), allowed);
        }
        if !faults.0.is_empty() {
            return Err(faults.0);
        }
        model.tables = Tables::new(&model);
        Ok(model)
    }

    /// Takes a source of uncertainty out: all that belongs to it is then as on average. Whether there was anything of it.
    pub fn switch_off(&mut self, source: Source) -> bool {
        let (shock, sd) = (&mut self.shock, &mut self.uncertainty);
        let of_source = match source {
            Source::YearShocks => vec![&mut shock.year_admissions_log_sd, &mut shock.year_cost_log_sd],
            Source::CountyShocks => vec![
                &mut shock.county_year_admissions_log_sd,
                &mut shock.county_year_cost_log_sd,
                &mut sd.county_admissions_log_sd,
                &mut sd.county_cost_log_sd,
            ],
            Source::Parameters => vec![
                &mut sd.admissions_log_sd,
                &mut sd.cost_log_sd,
                &mut sd.admissions_growth_sd,
                &mut sd.cost_growth_sd,
                &mut sd.tail_index_log_sd,
                &mut sd.category_admissions_log_sd,
                &mut sd.chronic_visits_log_sd,
            ],
            // Not of this model.
            Source::Counts | Source::Revenue => Vec::new(),
        };
        let was_on = of_source.iter().any(|sd| **sd > 0.0);
        of_source.into_iter().for_each(|sd| *sd = 0.0);
        was_on
    }
}

/// Ordinary first, default second, then the listed categories by id.
fn groups(raw: &RawModel, faults: &mut Faults) -> Vec<Group> {
    if raw.category.len() > 200 {
        faults.add("category", raw.category.len(), Words::new("至多200个人员类别", "at most 200 categories"));
    }
    faults.within("behaviour.response_to_generosity", raw.behaviour.response_to_generosity, (0.2, 5.0));
    let mut ids = vec!["ordinary", "default"];
    ids.extend(raw.category.keys().map(String::as_str).filter(|id| *id != "ordinary" && *id != "default"));
    let mut groups = Vec::new();
    for id in ids {
        let Some(row) = raw.category.get(id) else {
            let allowed = Words::new("一张系数表", "a table of factors");
            faults.said(&format!("category.{id}"), missing(), allowed);
            continue;
        };
        for (name, value) in [
            ("admissions", row.admissions),
            ("cost", row.cost),
            ("chronic", row.chronic),
            ("conditions", row.conditions),
        ] {
            faults.within(&format!("category.{id}.{name}"), value, (0.05, 20.0));
        }
        let response = if id == "ordinary" { 1.0 } else { raw.behaviour.response_to_generosity };
        groups.push(Group {
            id: id.into(),
            admissions: row.admissions * response,
            cost: row.cost,
            chronic: row.chronic,
            conditions: row.conditions,
            log_cost: libm::log(row.cost.max(0.05)),
        });
    }
    groups
}

fn check_spreads(shock: &RawShock, sd: &RawUncertainty, faults: &mut Faults) {
    faults.within("shock.year_correlation", shock.year_correlation, (-1.0, 1.0));
    for (key, value) in [
        ("shock.year_admissions_log_sd", shock.year_admissions_log_sd),
        ("shock.year_cost_log_sd", shock.year_cost_log_sd),
        ("shock.county_year_admissions_log_sd", shock.county_year_admissions_log_sd),
        ("shock.county_year_cost_log_sd", shock.county_year_cost_log_sd),
        ("uncertainty.admissions_log_sd", sd.admissions_log_sd),
        ("uncertainty.cost_log_sd", sd.cost_log_sd),
        ("uncertainty.county_admissions_log_sd", sd.county_admissions_log_sd),
        ("uncertainty.county_cost_log_sd", sd.county_cost_log_sd),
        ("uncertainty.admissions_growth_sd", sd.admissions_growth_sd),
        ("uncertainty.cost_growth_sd", sd.cost_growth_sd),
        ("uncertainty.tail_index_log_sd", sd.tail_index_log_sd),
        ("uncertainty.category_admissions_log_sd", sd.category_admissions_log_sd),
        ("uncertainty.chronic_visits_log_sd", sd.chronic_visits_log_sd),
    ] {
        faults.within(key, value, (0.0, 1.0));
    }
}
