//! Sources of uncertainty that a scenario switches off, to see what each of them does.

use super::Files;
use super::fund::Funds;
use super::notice::Notice;
use super::place::Place;
use crate::illness::IllnessModel;
use crate::lang::Words;
use crate::raw::population::CountSpread;
use crate::raw::settings::Source;

/// Takes the sources out of the place, the funds and the model, and says so; and which of them there was nothing of.
pub(super) fn switch_off(
    files: &Files,
    (place, funds, model): (&mut Place, &mut Funds, &mut IllnessModel),
) -> Vec<Notice> {
    let (mut off, mut idle) = (Vec::new(), Vec::new());
    for &source in &files.scenario.raw.run.without {
        let was_on = match source {
            Source::Counts => counts_off(place),
            Source::Revenue => {
                let was_on = funds.revenue.iter().any(|revenue| revenue.log_sd > 0.0);
                funds.revenue.iter_mut().for_each(|revenue| revenue.log_sd = 0.0);
                was_on
            }
            Source::YearShocks | Source::CountyShocks | Source::Parameters => model.switch_off(source),
        };
        if was_on { off.push(source.name()) } else { idle.push(source.name()) }
    }
    let switched_off = Words::new(
        "已关闭这些不确定性来源：区间只用于分析，比编制预算应有的窄",
        "these sources of uncertainty are switched off: the intervals are for analysis, narrower than a budget needs",
    );
    let nothing = Words::new(
        "本方案没有这些不确定性，关闭不起作用",
        "nothing of this scenario is uncertain in this way: there is nothing to switch off",
    );
    let all = [(off, switched_off), (idle, nothing)].into_iter().filter(|(names, _)| !names.is_empty());
    all.map(|(names, problem)| said(files, &names.join(", "), problem)).collect()
}

/// Whether any number of persons was uncertain.
fn counts_off(place: &mut Place) -> bool {
    let spread = std::mem::replace(&mut place.raw.population.count_spread, CountSpread::NONE);
    let mut was_on = spread.growth_per_year > 0.0;
    for count in place.counties.iter_mut().flat_map(|county| &mut county.categories) {
        was_on |= count.log_sd(&spread) > 0.0;
        count.spread = None;
    }
    was_on
}

fn said(files: &Files, names: &str, problem: Words) -> Notice {
    let fault = files.scenario.document.fault("run.without", Words::default(), None);
    Notice {
        file: fault.file,
        line: fault.line,
        key: fault.key,
        value: names.to_owned(),
        problem,
        usual: None,
    }
}
