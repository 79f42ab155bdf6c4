//! The calibrated figures.
use super::*;
use crate::policy::claim::{Claim, Kind, Sex};
use crate::rng::Draws;
use crate::units::Fen;

struct Panel {
    number: Vec<u32>,
    age: Vec<u8>,
    sex: Vec<Sex>,
    group: Vec<u8>,
    first: Vec<u8>,
    last: Vec<u8>,
}
impl Panel {
    fn new(m: &IllnessModel, n: u32) -> Self {
        let std = &m.admission.standard;
        let mut cum = vec![];
        let mut s = 0.0;
        for x in std {
            s += x;
            cum.push(s);
        }
        let age: Vec<u8> = (0..n)
            .map(|i| {
                let u = (f64::from(i) + 0.5) / f64::from(n) * s;
                cum.partition_point(|&c| c < u) as u8
            })
            .collect();
        Self {
            number: (0..n).collect(),
            age,
            sex: (0..n).map(|i| if i % 2 == 0 { Sex::Male } else { Sex::Female }).collect(),
            group: vec![0; n as usize],
            first: vec![1; n as usize],
            last: vec![12; n as usize],
        }
    }
    fn persons(&self) -> Persons<'_> {
        Persons {
            number: &self.number,
            age: &self.age,
            sex: &self.sex,
            group: &self.group,
            first_month: &self.first,
            last_month: &self.last,
        }
    }
}

#[test]
#[ignore = "prints"]
fn explore() {
    let get = |k: &str, d: f64| std::env::var(k).ok().and_then(|v| v.parse().ok()).unwrap_or(d);
    let mut r = raw("guangxi");
    r.risk.admission_loading = get("A", r.risk.admission_loading);
    r.risk.cost_loading = get("C", r.risk.cost_loading);
    r.cost.log_sd = get("S", r.cost.log_sd);
    r.cost.tail_index = get("T", r.cost.tail_index);
    r.risk.chronic_correlation = get("R", r.risk.chronic_correlation);
    let m = IllnessModel::new(&r).unwrap();
    let mut p = Panel::new(&m, 400_000);
    let params = m.central(&Draws::new(11), 0);
    let one = Shocks {
        year_admissions: 1.0,
        year_cost: 1.0,
        county_admissions: 1.0,
        county_cost: 1.0,
        county_year_admissions: 1.0,
        county_year_cost: 1.0,
    };
    let mut state = State::default();
    let mut tops: Vec<Vec<bool>> = vec![];
    for y in 0..5u16 {
        let ctx = m.year_with(&params, 7, 2025 + y, one).with_general_outpatient(true);
        m.begin(&ctx, &p.persons(), &mut state);
        let mut ill = vec![];
        m.incidence(&ctx, &p.persons(), &mut state, &mut ill);
        let mut spend = vec![0i64; p.number.len()];
        let mut inp = vec![];
        let mut out: Vec<Claim> = vec![];
        let (mut stays, mut cost, mut out_sum, mut chron, mut gen_op, mut major) =
            (0u64, 0i64, 0i64, 0i64, 0i64, 0i64);
        let mut big = 0u32;
        for i in &ill {
            out.clear();
            m.claims(&ctx, &p.persons(), i, &mut out);
            let t: Fen = out.iter().map(|c| c.total).sum();
            spend[i.row as usize] = t.0;
            let mut b = false;
            for c in &out {
                match c.kind {
                    Kind::Inpatient => {
                        stays += 1;
                        cost += c.total.0;
                        out_sum += c.out_of_scope.0;
                        b |= c.total.0 >= 1_500_000;
                    }
                    Kind::OutpatientChronic => chron += c.total.0,
                    Kind::Outpatient => gen_op += c.total.0,
                    Kind::OutpatientMajor => major += c.total.0,
                }
            }
            big += u32::from(b);
            let t: Fen = out.iter().filter(|c| c.kind == Kind::Inpatient).map(|c| c.total).sum();
            if i.stays > 0 {
                inp.push(t.0);
            }
        }
        let n = p.number.len() as f64;
        inp.sort_unstable();
        let k = inp.len() / 10;
        let share = inp[inp.len() - k..].iter().sum::<i64>() as f64 / inp.iter().sum::<i64>() as f64;
        let mut order: Vec<usize> = (0..spend.len()).collect();
        order.sort_by_key(|&i| std::cmp::Reverse(spend[i]));
        let mut top = vec![false; spend.len()];
        for &i in &order[..spend.len() / 10] {
            top[i] = true;
        }
        let mut sorted = spend.clone();
        sorted.sort_unstable();
        let tot: f64 = sorted.iter().sum::<i64>() as f64;
        let top5: f64 = sorted[sorted.len() * 95 / 100..].iter().sum::<i64>() as f64 / tot;
        let gini = 2.0 * sorted.iter().enumerate().map(|(i, &x)| (i as f64 + 0.5) * x as f64).sum::<f64>()
            / (n * tot)
            - 1.0;
        tops.push(top);
        println!(
            "{y}: stays/p {:.4} admitted {:.4} mean {:.0} top10 {share:.4} oos {:.4} chron/p {:.1} gen/p {:.1} major/p {:.1} inp/p {:.1} big {:.5} cut {} top5 {top5:.3} gini {gini:.3}",
            stays as f64 / n,
            inp.len() as f64 / n,
            cost as f64 / 100.0 / stays as f64,
            out_sum as f64 / cost as f64,
            chron as f64 / n / 100.0,
            gen_op as f64 / n / 100.0,
            major as f64 / n / 100.0,
            cost as f64 / n / 100.0,
            f64::from(big) / n,
            spend[order[spend.len() / 10]] / 100
        );
        for a in &mut p.age {
            *a += 1;
        }
    }
    let stay = |k: usize| {
        let mut a = 0.0;
        let mut b = 0.0;
        for s in 0..tops.len() - k {
            for (x, y) in tops[s].iter().zip(&tops[s + k]) {
                if *x {
                    a += 1.0;
                    if *y {
                        b += 1.0;
                    }
                }
            }
        }
        b / a
    };
    println!("persist 1: {:.4} 2: {:.4} 4: {:.4}", stay(1), stay(2), stay(4));
}
