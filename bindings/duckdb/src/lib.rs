//! Functions for DuckDB that judge JSON Web Tokens in SQL.
//!
//! `jot_policy(name, rules)` makes a policy and its keys known to the database, and
//! `jot_verdict(name, token, time)` judges a token as of a time, with the columns of an
//! audit. Both have the engine's own batches behind them; docs/distributed.md shows them.
//!
//! `entry` and `vector` call DuckDB's C functions and hold all unsafe code; `rules` and
//! `judge` know nothing of DuckDB.

mod entry;
mod judge;
mod rules;
mod vector;
