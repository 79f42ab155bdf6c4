//! Ordinary residents by cells against the same persons followed one by one.

use super::panel::{Panel, calm, stays};
use super::*;
use crate::illness::ordinary::{Cells, Costly, CostlyYear};
use crate::policy::claim::{Claim, Kind, Sex};
use crate::units::Fen;

#[test]
fn stat_cells_agree_with_persons() {
    let model = model("guangxi");
    let n = 400_000_u32;
    let (mut admitted, mut costly, mut cost, mut stays_of_costly) = (0, 0, 0.0, 0);
    let mut panel = Panel::of_age(n, 67);
    for year in panel.year(&model, &calm(&model, 31, 2024)) {
        let stays = stays(std::slice::from_ref(&year));
        admitted += u32::from(!stays.is_empty());
        if year.0.condition == 0 && stays.iter().any(|stay| stay.total >= Fen::from_yuan(18_000)) {
            costly += 1;
            cost += stays.iter().map(|stay| stay.total.yuan()).sum::<f64>();
            stays_of_costly += stays.len();
        }
    }
    let cells = Cells { age: &[67], sex: &[Sex::Male], persons: &[n] };
    let (mut by_cells, mut costly_cells, mut cost_cells, mut stays_cells) = (0.0, 0.0, 0.0, 0.0);
    for seed in 0..10 {
        let ctx = calm(&model, seed, 2024);
        let year = model.ordinary_year(&ctx, &cells, true);
        by_cells += year.admitted as f64 / 10.0;
        let found = &year.costly.cells[0];
        costly_cells += f64::from(found.by_stay) / 10.0;
        for number in 0..found.by_stay {
            let claims = costly_claims(&model, &ctx, (&year.costly, found), number);
            assert!(claims[0].total >= Fen::from_yuan(17_999), "{:?}", claims[0]);
            cost_cells += claims.iter().map(|claim| claim.total.yuan()).sum::<f64>() / 10.0;
            stays_cells += claims.len() as f64 / 10.0;
        }
    }
    let near = |a: f64, b: f64, tolerance: f64| assert!((a / b - 1.0).abs() < tolerance, "{a} against {b}");
    near(by_cells, f64::from(admitted), 0.015);
    near(costly_cells, f64::from(costly), 0.03);
    near(stays_cells / costly_cells, stays_of_costly as f64 / f64::from(costly), 0.04);
    near(cost_cells / costly_cells, cost / f64::from(costly), 0.05);
}

fn costly_claims(
    model: &IllnessModel,
    ctx: &YearContext,
    of: (&CostlyYear, &Costly),
    number: u32,
) -> Vec<Claim> {
    let mut claims = Vec::new();
    model.costly_claims(ctx, of, number, &mut claims);
    claims
}

#[test]
fn exact_persons_with_a_condition_have_a_bill_each_quarter() {
    let model = model("guangxi");
    let ctx = calm(&model, 5, 2023);
    let cells = Cells { age: &[62, 2], sex: &[Sex::Female, Sex::Male], persons: &[40_000, 0] };
    let year = model.ordinary_year(&ctx, &cells, true).costly;
    let costly = &year.cells;
    assert!(costly[0].by_condition > 100 && costly[1].persons() == 0);
    for number in costly[0].by_stay..costly[0].persons() {
        let claims = costly_claims(&model, &ctx, (&year, &costly[0]), number);
        assert_eq!(claims.iter().filter(|claim| claim.kind == Kind::OutpatientMajor).count(), 4);
    }
}

#[test]
fn prop_costly_persons_are_some_of_those_admitted() {
    let model = model("guangxi");
    let cells = Cells { age: &[45], sex: &[Sex::Male], persons: &[300] };
    for seed in 0..500 {
        let ctx = calm(&model, seed, 2025);
        let year = model.ordinary_year(&ctx, &cells, true);
        assert!(u64::from(year.costly.cells[0].by_stay) <= year.admitted);
        let counted = model.ordinary_year(&ctx, &cells, false);
        assert_eq!((counted.admitted, counted.costly.cells.len()), (year.admitted, 0));
    }
}

#[test]
fn exact_a_threshold_of_zero_makes_every_inpatient_costly() {
    let mut raw = raw("guangxi");
    raw.ordinary.costly_stay_yuan = 0.0;
    // Without major conditions: who has one is counted among those, not by stay.
    raw.condition.values_mut().for_each(|condition| {
        condition.prevalence_per_1000_by_age.values_mut().for_each(|share| *share = 0.0)
    });
    let model = IllnessModel::new(&raw).unwrap();
    let cells = Cells { age: &[45], sex: &[Sex::Male], persons: &[30_000] };
    let ctx = calm(&model, 1, 2025);
    let year = model.ordinary_year(&ctx, &cells, true);
    assert_eq!(u64::from(year.costly.cells[0].by_stay), year.admitted);
}
