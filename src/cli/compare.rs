use super::Stop;
use super::args::CompareArgs;
pub fn run(_: &CompareArgs) -> Result<(), Stop> {
    Ok(())
}
