use super::Stop;
use super::args::ClausesArgs;
pub fn run(_: &ClausesArgs) -> Result<(), Stop> {
    Ok(())
}
