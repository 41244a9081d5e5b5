//! The start of Envoy, which is held until the first keys are there or the time is over.
//!
//! The keys go to the store of the process, where the filters find them. They are kept up
//! to date for as long as Envoy runs, also when no filter is there yet.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::config::{IssuerConfig, KeysConfig, StartConfig};
use crate::configuration::Wake;
use crate::exchange::Level;
use crate::logger::log;
use crate::origin::remote_of;
use crate::remote;
use crate::target::Target;
use crate::upkeep::Upkeep;
use crate::waiting::{Release, Waited};

/// The event that lets Envoy start.
pub(crate) const LET_START: u64 = u64::MAX;

/// What Envoy's start is held for.
#[derive(Debug)]
pub(crate) struct Start {
    targets: Vec<Target>,
    timeout: Duration,
    upkeep: OnceLock<Upkeep>,
}

/// Lets Envoy start when it is dropped, whatever the reason.
struct Hold(Mutex<Wake>);

impl Start {
    /// Reads the configuration; the text says what is wrong with it.
    pub(crate) fn new(text: &[u8]) -> Result<Self, String> {
        let config = StartConfig::parse(text)?;
        let targets =
            config.issuers.iter().enumerate().map(|(index, issuer)| {
                target(issuer).map_err(|fault| format!("issuers[{index}].keys: {fault}"))
            });
        Ok(Self {
            targets: targets.collect::<Result<_, _>>()?,
            timeout: Duration::from_millis(config.timeout_ms.into()),
            upkeep: OnceLock::new(),
        })
    }

    /// Has the keys fetched; [`LET_START`] is asked for at the end.
    pub(crate) fn begin(&self, wake: impl Fn() -> Wake) {
        let hold = Arc::new(Hold(Mutex::new(wake())));
        let timeout = self.timeout;
        let release = |target: &Target| -> Release {
            let (hold, name) = (Arc::clone(&hold), target.name());
            Box::new(move |waited| {
                if waited == Waited::InVain {
                    let told =
                        format!("no keys came within {} ms; Envoy starts without them", timeout.as_millis());
                    log(Level::Warning, &format!("jot: {name}: {told}"));
                }
                drop(hold);
            })
        };
        let now = Instant::now();
        let deadline = now.checked_add(timeout).unwrap_or(now);
        match Upkeep::hold(&self.targets, wake(), deadline, release) {
            // It is begun once.
            Ok(upkeep) => drop(self.upkeep.set(upkeep)),
            Err(fault) => log(Level::Error, &format!("jot: Envoy starts without keys: {fault}")),
        }
    }

    /// Returns what keeps the keys, once it has begun.
    pub(crate) fn upkeep(&self) -> Option<&Upkeep> {
        self.upkeep.get()
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let wake = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        wake(LET_START);
    }
}

/// Returns where the keys of an issuer are fetched.
fn target(issuer: &IssuerConfig) -> Result<Target, String> {
    match &issuer.keys {
        KeysConfig { inline: None, file: None, secret_file: None, remote: Some(_), .. } => {}
        _ => return Err("remote alone is wanted; other keys are there at once".to_owned()),
    }
    let remote = remote_of(issuer).ok_or("remote is wanted")?;
    remote::keeper(&remote).map_err(|fault| format!("remote: {fault}"))?;
    Ok(Target::Keys(remote))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_told_by_name() {
        for (text, told) in [
            ("", "extension_config is missing"),
            ("{}", "missing field `issuers`"),
            (r#"{"issuers":[]}"#, "issuers: at least one is wanted"),
            (r#"{"issuers":[{"keys":{"file":"f"}}]}"#, "issuers[0].keys: remote alone is wanted"),
            (r#"{"issuers":[{"keys":{"remote":{"cluster":"c"}}}]}"#, "a cluster and an http or https uri"),
            (r#"{"issuers":[{"issuer":"i","keys":{"remote":{"cluster":"c"}}}]}"#, "http or https uri"),
            (r#"{"issuers":[],"timeout":1}"#, "unknown field `timeout`"),
        ] {
            let refusal = Start::new(text.as_bytes()).unwrap_err();
            assert!(refusal.contains(told), "{text}: {refusal}");
        }
    }
}
