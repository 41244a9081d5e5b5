//! `jotctl verify`: a verdict for each token.

mod args;
mod input;
mod lines;
pub(crate) mod policy;
mod progress;
mod record;
mod session;
mod statuses;
mod summary;

pub(crate) use args::{RuleArgs, VerifyArgs};

use crate::failure::{End, Failure};
use input::{Reading, Source};
use session::Session;

pub(crate) fn run(args: VerifyArgs) -> Result<End, Failure> {
    let sources = Source::all(&args)?;
    let judge = policy::judge(&args)?;
    let reading = Reading::new(&args);
    let mut session = Session::new(&args, judge, &sources);
    let mut argument_number = 0_u64;
    for source in &sources {
        match source {
            Source::Argument(token) => {
                argument_number = argument_number.saturating_add(1);
                session.judge_argument(argument_number, token, &reading)?;
            }
            _ if args.whole => session.judge_whole(source, &reading)?,
            _ => session.judge_lines(source, &reading)?,
        }
    }
    session.finish()
}
