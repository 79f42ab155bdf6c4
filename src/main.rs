//! The `fundcast` command.
use std::path::Path;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let scenario = match fundcast::scenario::load(Path::new(&args[1]), &[]) { Ok(s) => s, Err(e) => { println!("{e}"); std::process::exit(2) } };
    if args.len() < 3 { return; }
    let n: u32 = args[2].parse().unwrap();
    for county in 0..scenario.place.counties.len() {
    let t = std::time::Instant::now();
    let plan = fundcast::simulation::from_scenario::Plan { years: scenario.years(), n_replicates: n, seed: 1 };
    let r = fundcast::simulation::from_scenario::simulate_county(&[&scenario], county, plan, &|_| {}).unwrap();
    let o = &r.outcomes[0];
    println!("{} {:?} {:?} {:.2}s", scenario.place.counties[county].name, r.work, r.seconds, t.elapsed().as_secs_f64());
    let lane_cells = fundcast::simulation::outcome::cells(&scenario.policy, &fundcast::simulation::from_scenario::rules(&scenario, county, scenario.years()).unwrap());
    for (c, cell) in lane_cells.iter().enumerate() {
        let name = &scenario.policy.names.lines[cell.line].id; let f = &scenario.policy.names.funders[cell.funder].id;
        let m: Vec<String> = (0..o.n_years).map(|y| { let s: i64 = (0..o.n_replicates).map(|k| o.trial(y,k)[c]).sum(); format!("{:.1}", s as f64/100.0/1e4/o.n_replicates as f64)}).collect();
        println!("  {name} {f} {m:?}");
    }
    for y in [0,3] { for (k,p) in o.people[y].iter().enumerate() { println!("   {y} {k} {:.0} sub {:.0} adm {:.0} ass {:.0}/{:.0} watch {:.0} rec {:.1}", p.persons.mean().unwrap(), p.subsidised.mean().unwrap(), p.admitted.mean().unwrap(), p.assisted_persons.mean().unwrap(), p.assisted_cases.mean().unwrap(), p.watch_listed.mean().unwrap(), p.recognised.mean().unwrap()); } }
    }
}
