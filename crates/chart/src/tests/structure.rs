//! What is drawn: bars, bands, notes, units and titles; and the errors for what cannot be drawn.

use resvg::usvg::roxmltree::Document;

use super::sample::{
    balance, bars, caption, county, difference, distribution, fan, stack, taper, tornado, waterfall, winners,
};
use crate::save;
use crate::*;
use fundcast_engine::lang::Lang;

fn zh(chart: &dyn Chart) -> String {
    chart.draw(&caption(Lang::Zh)).unwrap()
}

fn en(chart: &dyn Chart) -> String {
    chart.draw(&caption(Lang::En)).unwrap()
}

fn has_text(svg: &str, words: &str) -> bool {
    Document::parse(svg)
        .unwrap()
        .descendants()
        .any(|node| node.has_tag_name("text") && node.text() == Some(words))
}

fn count(svg: &str, mark: &str) -> usize {
    svg.matches(mark).count()
}

#[test]
fn exact_one_bar_and_whisker_for_each_county_and_year() {
    let svg = zh(&bars(4, 3, 5e6));
    let colours = ["#BFD7EC", "#7FADD5", "#3F82BD"];
    for colour in colours {
        // Four bars and the swatch of the legend.
        assert_eq!(count(&svg, &format!("fill=\"{colour}\"")), 5, "{colour}");
    }
    // A whisker is three lines; twelve of them and one in the legend.
    assert_eq!(count(&svg, "stroke=\"#1F1F1F\""), 39);
    assert!((0..4).all(|i| has_text(&svg, &county(i))));
    assert!(has_text(&svg, "各县（市、区）医疗救助支出"));
}

#[test]
fn exact_many_counties_stand_on_pages_each_once() {
    let rows = (0..111u8).map(|i| CountySpending {
        county: county(20 + usize::from(i)),
        year: 2025,
        spending: sample_spread(f64::from(i) * 1e5),
    });
    let chart = CountyBars { rows: rows.collect(), ..CountyBars::default() };
    assert_eq!(chart.n_pages(), 4);
    let pages: Vec<String> = (0..4).map(|page| zh(&CountyBars { page, ..chart.clone() })).collect();
    for name in (20..131).map(county) {
        assert_eq!(pages.iter().filter(|svg| has_text(svg, &name)).count(), 1, "{name}");
    }
    assert!(has_text(&pages[0], &county(130)) && has_text(&pages[3], &county(20)));
    assert!(pages[1].contains("第28至55名，共111个县（市、区）；第2页，共4页"));
    assert!(en(&chart).contains("1 to 27 of 111 counties, page 1 of 4"));
}

#[test]
fn exact_many_differences_stand_on_pages_each_once() {
    let chart = difference(111, 1, 1, 5e6);
    let n = chart.n_pages(Lang::Zh);
    let pages: Vec<String> = (0..n).map(|page| zh(&Difference { page, ..chart.clone() })).collect();
    for name in (20..111).map(county) {
        assert_eq!(pages.iter().filter(|svg| has_text(svg, &name)).count(), 1, "{name}");
    }
}

/// The figures stand in rows below the bars, named: no figure stands at the end of a whisker.
#[test]
fn exact_mean_and_p95_stand_below_the_bars_with_their_names() {
    let svg = zh(&bars(4, 3, 5e6));
    let document = Document::parse(&svg).unwrap();
    let texts = || document.descendants().filter(|node| node.has_tag_name("text"));
    let y = |words: &str| {
        let head = texts().find(|node| node.text() == Some(words)).unwrap_or_else(|| panic!("no {words}"));
        head.attribute("y").unwrap().to_owned()
    };
    // Twelve figures and the head in each row.
    for head in ["均值", "P95"] {
        assert_eq!(texts().filter(|node| node.attribute("y") == Some(&y(head))).count(), 13, "{head}");
    }
    assert!(svg.contains("柱为均值"));
}

fn sample_spread(mean: f64) -> Spread {
    super::sample::spread(mean)
}

#[test]
fn exact_units_follow_the_size_of_the_figures() {
    for (scale, unit_zh, unit_en) in [
        (5e2, "（元）", "(yuan)"),
        (5e6, "（万元）", "(10,000 yuan)"),
        (5e9, "（亿元）", "(100 million yuan)"),
    ] {
        assert!(has_text(&zh(&fan(1, 3, scale)), unit_zh), "{scale}");
        assert!(has_text(&en(&fan(1, 3, scale)), unit_en), "{scale}");
    }
}

#[test]
fn exact_subtitle_names_scenario_unit_replicates_and_run() {
    let words =
        "百色市2025—2029年现行政策 <演示> & “试算”；单位：万元；柱为均值；模拟10,000次；运行编号7f3a2c91";
    assert!(has_text(&zh(&bars(1, 3, 5e6)), words));
    let title = Caption { title: Some("自拟标题".into()), ..caption(Lang::Zh) };
    assert!(has_text(&bars(1, 3, 5e6).draw(&title).unwrap(), "自拟标题"));
}

#[test]
fn exact_fan_has_two_bands_and_a_median_in_each_panel() {
    let svg = zh(&fan(4, 5, 5e6));
    // Five panels; the legend repeats each band as a box and the median as a line.
    assert_eq!(count(&svg, "<polygon"), 10);
    assert_eq!(count(&svg, "stroke=\"#0B3C6F\" stroke-width=\"4\""), 5);
    let total = zh(&fan(13, 5, 5e6));
    assert_eq!(count(&total, "<polygon"), 2);
    assert!(total.contains("共13个县（市、区），此处为合计；分县图见后1页。"));
}

/// Every county has its panel somewhere, largest first.
#[test]
fn exact_many_counties_have_panels_on_pages_each_once() {
    let (fan, stack) = (fan(111, 3, 5e6), stack(111, 3, 4, 5e6));
    assert_eq!((fan.n_pages(), stack.n_pages(), super::sample::fan(12, 3, 5e6).n_pages()), (7, 7, 1));
    let fans: Vec<String> = (0..7).map(|page| zh(&Fan { page, ..fan.clone() })).collect();
    let stacks: Vec<String> = (0..7).map(|page| zh(&LinesStack { page, ..stack.clone() })).collect();
    for name in (20..111).map(county) {
        for pages in [&fans, &stacks] {
            assert_eq!(pages.iter().filter(|svg| has_text(svg, &name)).count(), 1, "{name}");
        }
    }
    assert!(fans[2].contains("按末年中位数从大到小排列，第19至37名，共111个县（市、区）；第2页，共6页"));
    let size = |series: &FanSeries| series.years[2].p50_yuan;
    let largest = fan.counties.iter().max_by(|a, b| size(a).total_cmp(&size(b))).unwrap();
    assert!(has_text(&fans[1], &largest.name));
}

/// From few replicates a percentile is as good as the largest of them: the chart says so, and only then.
#[test]
fn exact_a_note_warns_of_percentiles_of_few_replicates() {
    let of =
        |chart: &dyn Chart, replicates, lang| chart.draw(&Caption { replicates, ..caption(lang) }).unwrap();
    let few = "模拟40次过少，P5、P95不可靠（至少需72次）。";
    let charts: [(Box<dyn Chart>, &str); 4] = [
        (Box::new(bars(4, 3, 5e6)), few),
        (Box::new(fan(4, 3, 5e6)), few),
        (Box::new(difference(4, 3, 1, 5e6)), few),
        (Box::new(distribution(5e6, 0.5)), "模拟40次过少，P95不可靠（至少需72次）。"),
    ];
    for (chart, note) in charts {
        assert!(of(chart.as_ref(), 40, Lang::Zh).contains(note));
        assert!(!of(chart.as_ref(), 72, Lang::Zh).contains("过少"));
    }
    let en = of(&bars(4, 3, 5e6), 40, Lang::En);
    assert!(en.contains("40 replicates are too few for P5, P95 (at least 72 are needed)."));
    assert!(of(&bars(4, 3, 5e6), 1, Lang::En).contains("1 replicate is too few for P5, P95"));
    assert!(!of(&stack(4, 3, 7, 5e6), 2, Lang::En).contains("too few"), "means alone");
}

/// Both halves of the taper stand on one line.
#[test]
fn exact_the_halves_of_a_taper_have_one_base_line() {
    let svg = zh(&taper(8e6));
    let document = Document::parse(&svg).unwrap();
    let zeros: Vec<&str> = document
        .descendants()
        .filter(|node| node.text() == Some("0") && node.attribute("text-anchor") == Some("end"))
        .filter_map(|node| node.attribute("y"))
        .collect();
    assert!(zeros.len() == 2 && zeros.iter().all(|y| *y == zeros[0]), "{zeros:?}");
}

#[test]
fn exact_more_than_ten_lines_end_in_other() {
    let svg = zh(&stack(0, 3, 14, 5e6));
    assert!(has_text(&svg, "第8项医疗救助") && has_text(&svg, "其他") && !has_text(&svg, "第9项医疗救助"));
    let ten = zh(&stack(0, 3, 10, 5e6));
    assert!(has_text(&ten, "第9项医疗救助") && !has_text(&ten, "其他"));
}

#[test]
fn exact_taper_writes_each_share() {
    let svg = zh(&taper(8e6));
    assert!(["90%", "60%", "50%", "40%", "30%", "0%"].iter().all(|share| has_text(&svg, share)));
    assert!(has_text(&svg, "县级财政负担") && has_text(&svg, "228"));
}

#[test]
fn exact_distribution_counts_what_it_leaves_out() {
    let mut chart = distribution(1e7, 0.5);
    assert!(!zh(&chart).contains("未画出"));
    chart.trials_yuan.extend([9e8, 9.5e8]);
    assert!(zh(&chart).contains("右侧另有2次模拟未画出，最大95,000万元。"));
    assert!(["P90 1,", "P95 1,", "均值 1,1", "预算 1,100"].iter().all(|label| zh(&chart).contains(label)));
}

#[test]
fn exact_difference_states_its_sign() {
    let svg = zh(&difference(4, 3, 1, 5e6));
    assert!(svg.contains("正值表示“方案0：起付线降低一半并提高封顶线”的支出高于“现行政策”，负值表示低于。"));
    // Twelve dots and the one of the legend.
    assert_eq!(count(&svg, "<circle"), 13);
    assert!(has_text(&zh(&difference(1, 1, 1, 0.0)), "0 ± 0（0～0）"));
}

/// The title counts the funds that are empty, the line stands at the first month, every fund has its panel on some page.
#[test]
fn funds_that_run_out_are_marked_and_counted() {
    let one = zh(&balance(1, 3, 5e6));
    assert!(has_text(&one, "2026年10月") && has_text(&one, "2027年"), "{one}");
    assert!(one.contains("右江区医疗救助基金结余：过半数模拟中用尽"));
    assert!(en(&balance(1, 1, 5e6)).contains("the fund lasts in more than half of the replicates"));
    let many = balance(30, 2, 5e6);
    assert_eq!(many.n_pages(), 2);
    let pages = [0, 1].map(|page| zh(&Balance { page, ..many.clone() }));
    assert!(pages[0].contains("30个基金中30个在过半数模拟中用尽"));
    for i in 0..30 {
        let on = pages.iter().filter(|svg| has_text(svg, &county(i))).count();
        assert!(on == 1 || county(i).len() > 24, "{i}: {on}");
    }
}

#[test]
fn exact_nothing_to_draw_is_an_error() {
    let charts: [Box<dyn Chart>; 7] = [
        Box::new(Balance::default()),
        Box::new(CountyBars::default()),
        Box::new(Fan::default()),
        Box::new(LinesStack::default()),
        Box::new(Taper::default()),
        Box::new(Distribution::default()),
        Box::new(Difference::default()),
    ];
    for chart in charts {
        assert!(matches!(chart.draw(&caption(Lang::Zh)), Err(ChartError::NoData { .. })));
    }
}

#[test]
fn exact_bad_values_are_named() {
    let mut nan = bars(2, 2, 5e6);
    nan.rows[3].spending.p95_yuan = f64::NAN;
    let message = nan.draw(&caption(Lang::Zh)).unwrap_err().to_string();
    assert_eq!(message, "county_bars: 田阳区 2026 is NaN, which cannot be drawn");
    let mut disordered = fan(0, 2, 5e6);
    disordered.total.years[1].p25_yuan = 0.0;
    assert!(matches!(disordered.draw(&caption(Lang::Zh)), Err(ChartError::Disordered { .. })));
    let mut twice = difference(2, 2, 1, 5e6);
    twice.rows[1].year = 2025;
    assert!(matches!(twice.draw(&caption(Lang::Zh)), Err(ChartError::Twice { .. })));
    let mut short = stack(0, 2, 3, 5e6);
    short.total.years[0].means_yuan.pop();
    assert!(matches!(
        short.draw(&caption(Lang::Zh)),
        Err(ChartError::WrongCount { found: 2, expected: 3, .. })
    ));
    assert!(matches!(stack(0, 2, 3, -5e6).draw(&caption(Lang::Zh)), Err(ChartError::Negative { .. })));
}

#[test]
fn exact_png_is_16_cm_wide_and_knows_it() {
    let bytes = save::png(&zh(&bars(4, 3, 5e6)), 300).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    assert_eq!(reader.info().width, 1890);
    assert_eq!(reader.info().pixel_dims.unwrap().xppu, 11_811);
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let dark = pixels.chunks_exact(3).filter(|rgb| rgb.iter().all(|&v| v < 0x40)).count();
    assert!(dark > 5_000, "title, figures and whiskers are dark: {dark}");
    assert!(pixels[..3 * 1890].iter().all(|&v| v == 0xff), "the first row is paper");
}

#[test]
fn exact_an_absurd_resolution_is_refused() {
    assert!(matches!(save::png(&zh(&bars(1, 1, 5e6)), 30_000), Err(ChartError::PixelSize { .. })));
    assert!(matches!(save::png("no svg", 300), Err(ChartError::Svg(_))));
}

#[test]
fn exact_files_are_written_or_named_in_the_error() {
    let folder = tempfile::tempdir().unwrap();
    let svg = zh(&bars(1, 1, 5e6));
    save::write_svg(&folder.path().join("a.svg"), &svg).unwrap();
    save::write_png(&folder.path().join("a.png"), &svg, 96).unwrap();
    assert_eq!(std::fs::read_to_string(folder.path().join("a.svg")).unwrap(), svg);
    let error = save::write_svg(&folder.path().join("none/a.svg"), &svg).unwrap_err();
    assert!(error.to_string().contains("none/a.svg"));
}

/// A bar for each step and a diamond for each end; what is more than twelve stands together, and every purse is on a page.
#[test]
fn exact_a_waterfall_has_its_steps_purse_by_purse() {
    let svg = zh(&waterfall(2, 4, 5e6));
    // Two steps up and two down in each of two panels, and the keys of the legend.
    assert_eq!((count(&svg, "fill=\"#D05A22\""), count(&svg, "fill=\"#7CB0DA\"")), (5, 5));
    assert!(has_text(&svg, "基准方案") && has_text(&svg, "对比方案"));
    assert!(svg.contains("2025年全部县区支出差额的归因"));
    assert!(has_text(&svg, "+50.0 ± 0.5"), "{svg}");
    let many = zh(&waterfall(1, 30, 5e6));
    assert!(has_text(&many, "其他19行"));
    let whole = waterfall(5, 12, 5e6);
    let n = whole.n_pages(Lang::En);
    assert!(n > 1);
    let pages: Vec<String> = (0..n).map(|page| en(&Waterfall { page, ..whole.clone() })).collect();
    for purse in 1..5 {
        assert_eq!(pages.iter().filter(|svg| svg.contains(&format!("第{purse}级财政"))).count(), 1);
    }
    assert!(matches!(Waterfall::default().draw(&caption(Lang::Zh)), Err(ChartError::NoData { .. })));
}

/// Persons on both sides of nobody, darker the larger the change; nobody is where no bar is, and every category is on a page.
#[test]
fn exact_winners_and_losers_stand_to_both_sides() {
    let svg = zh(&winners(6, 2, 5e6));
    // The largest changes of six categories in two years and in the legend; of less, two categories have nobody.
    assert_eq!((count(&svg, "fill=\"#0B3C6F\""), count(&svg, "fill=\"#B03A06\"")), (13, 9));
    assert!(svg.contains("谁多得、谁少得：方案：起付线降低一半并提高封顶线对比现行政策"));
    // 5,000 · (1 + 1/2 + 1/3 + 1/4 + 1/5) persons.
    assert!(has_text(&svg, "多得11,417 ± 500人，+500万元"), "{svg}");
    assert!(has_text(&svg, "少得0人，−250万元") || has_text(&svg, "少得0 ± 500人，−250万元"), "{svg}");
    let whole = winners(32, 1, 5e6);
    let n = whole.n_pages(Lang::Zh);
    let pages: Vec<String> = (0..n).map(|page| zh(&Winners { page, ..whole.clone() })).collect();
    assert!(n == 2 && pages[1].contains("2025年（续）"));
    for category in 1..32 {
        let name = format!(">第{category}类对象<");
        assert_eq!(pages.iter().filter(|svg| svg.contains(&name)).count(), 1, "{name}");
    }
    assert!(matches!(Winners::default().draw(&caption(Lang::Zh)), Err(ChartError::NoData { .. })));
    let mut wrong = winners(1, 1, 5e6);
    wrong.years[0].bars[0].less.persons[0] = -1.0;
    assert!(matches!(wrong.draw(&caption(Lang::Zh)), Err(ChartError::Negative { .. })));
}

/// The low end to one side, the high end to the other, and figures of both; every county is on a page.
#[test]
fn exact_a_tornado_says_where_each_end_puts_the_figure() {
    let svg = zh(&tornado(1, 4, 6e6));
    // Four inputs and the legend.
    assert_eq!((count(&svg, "fill=\"#6BA3D0\""), count(&svg, "fill=\"#B03A06\"")), (5, 5));
    assert!(has_text(&svg, "−600.0 至 +200.0") && has_text(&svg, "×0.75 至 ×1.29"), "{svg}");
    assert!(has_text(&svg, "第0县：P95 2,400万元"), "{svg}");
    let whole = tornado(9, 10, 6e6);
    let pages: Vec<String> =
        (0..whole.n_pages()).map(|page| zh(&Tornado { page, ..whole.clone() })).collect();
    for panel in 0..9 {
        let name = format!("第{panel}县：");
        assert_eq!(pages.iter().filter(|svg| svg.contains(&name)).count(), 1, "{name}");
    }
    assert!(matches!(Tornado::default().draw(&caption(Lang::Zh)), Err(ChartError::NoData { .. })));
    let mut wrong = tornado(1, 1, 6e6);
    wrong.panels[0].bars[0].ends_yuan[0] = f64::NAN;
    assert!(wrong.draw(&caption(Lang::Zh)).is_err());
}
