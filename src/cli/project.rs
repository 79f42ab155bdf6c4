use super::Stop;
use super::args::RunArgs;
pub fn run(_: &RunArgs) -> Result<(), Stop> {
    Ok(())
}
