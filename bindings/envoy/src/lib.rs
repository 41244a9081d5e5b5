//! `jot_envoy`: an HTTP filter for Envoy, as a dynamic module, that lets a
//! request pass when it carries the tokens that its configuration demands; and a
//! bootstrap extension that holds Envoy's start until there are keys.
//!
//! `docs/envoy.md` tells how to use it. Here, from the outside in:
//!
//! - `abi`, with `buffer` and `logger`, is the boundary to Envoy and holds all
//!   unsafe code;
//! - `filter` decides on a request, through the trait `exchange::Exchange`;
//! - `config` is what an operator may write; `provider`, `route` and `resource`
//!   are made of it, `rules` are what the first two demand of claims;
//! - `start` holds Envoy's start until keys are there;
//! - `token` finds tokens in requests and takes them out of them;
//! - `gauge` is what statistics tell of these;
//! - `claims` and `metadata` hand claims on, `denial` says no, `grpc` to calls;
//! - `store` has the key sets and lists of the process: `followed` are those that Envoy
//!   fetches, `subject` is one of them, `target` where it is, `remote` what is asked of Envoy and what a reply
//!   means, `callout` its request, `listed` a signed list, `statuses` the lists that tokens name, `place` who takes
//!   keys and lists, `waiting` the requests that a fetch may decide; `files` reads key files,
//!   and `upkeep` is the thread that looks after all of them.
// The boundary needs symbols that only Envoy has, so tests go without it.
#![cfg_attr(test, expect(dead_code, reason = "some of what only the boundary calls"))]

#[cfg(not(test))]
mod abi;
#[cfg(not(test))]
mod buffer;
mod callout;
mod claims;
mod config;
mod configuration;
mod denial;
mod distrust;
mod exchange;
mod files;
mod filter;
mod followed;
mod gauge;
mod grpc;
mod keys;
mod listed;
mod logger;
mod metadata;
mod origin;
mod place;
mod provider;
mod remote;
mod resource;
mod route;
mod rules;
mod start;
mod statuses;
mod store;
mod subject;
mod target;
mod token;
mod upkeep;
mod waiting;
