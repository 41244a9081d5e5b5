//! The program as its users meet it: every test starts the real binary.

#[cfg(test)]
mod audit;
#[cfg(test)]
mod audit_formats;
#[cfg(test)]
mod audit_hostile;
#[cfg(test)]
mod audit_interrupted;
#[cfg(test)]
mod audit_keep;
#[cfg(test)]
mod audit_keys;
#[cfg(test)]
mod audit_logs;
#[cfg(test)]
mod audit_parts;
#[cfg(test)]
mod audit_reading;
#[cfg(test)]
mod audit_records;
#[cfg(test)]
mod audit_resume;
#[cfg(test)]
mod audit_sources;
#[cfg(test)]
mod audit_status;
#[cfg(test)]
#[path = "../browser/mod.rs"]
mod browser;
#[cfg(test)]
#[path = "../../../tests/common/certificate.rs"]
mod certificate;
#[cfg(test)]
mod debug;
mod decode;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod jwks;
#[cfg(test)]
mod keygen;
#[cfg(test)]
mod keys;

#[path = "../../../accel/tests/missing/mod.rs"]
mod missing;
#[cfg(test)]
mod outputs;
#[cfg(test)]
#[path = "../../../tests/pages/mod.rs"]
mod pages;
#[cfg(test)]
mod report;
#[cfg(test)]
mod revocations;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod sign;
#[cfg(test)]
#[allow(dead_code, reason = "the tests of jot-fetch use the rest of it")]
#[path = "../../../fetch/tests/site/mod.rs"]
mod site;
#[cfg(test)]
mod statuses;
#[cfg(test)]
mod streaming;
#[cfg(test)]
mod support;
#[cfg(test)]
mod verify_input;
#[cfg(test)]
mod verify_keys;
#[cfg(test)]
mod verify_output;
#[cfg(test)]
mod verify_rules;
