//! The `fundcast` command.
use std::path::Path;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let scenario = match fundcast::scenario::load(Path::new(&args[1]), &[]) {
        Ok(s) => s,
        Err(e) => {
            println!("{e}");
            std::process::exit(2)
        }
    };
    if args.len() < 3 {
        return;
    }
    let mut settler = fundcast::cases::Settler::new(&scenario);
    let text = fundcast::cli::settle::read_input(Path::new(&args[2])).unwrap();
    let fields = fundcast::cases::json::read(&args[2], &text).unwrap();
    let cases = match fundcast::cli::settle::read_cases(&settler, &fields, (&args[2], &args[2])) {
        Ok(c) => c,
        Err(e) => {
            println!("{e}");
            std::process::exit(2)
        }
    };
    let mut out = std::io::BufWriter::new(std::io::stdout());
    if let Err(e) = fundcast::cli::settle::settle(&mut settler, &cases, &mut out) {
        println!("{e}");
    }
}
