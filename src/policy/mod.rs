//! The rules for a token: pure functions over header and claims.

mod claims;
mod condition;
mod demand;
mod header;
mod operand;
mod path;
mod recipient;
mod rules;
#[cfg(feature = "status-list")]
mod status;
mod time;
mod typed;

pub use condition::Condition;
pub use demand::Demand;
pub use operand::Operand;
pub use path::ClaimPath;
pub use rules::Policy;
