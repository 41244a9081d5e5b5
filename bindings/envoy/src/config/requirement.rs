//! Which tokens a request must carry.

/// Which tokens a request must carry.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(untagged, expecting = "a provider's name, {any: [...]} or {all: [...]}")]
pub(crate) enum Requirement {
    Provider(String),
    Any(AnyOf),
    All(AllOf),
}

#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnyOf {
    pub(crate) any: Vec<Requirement>,
}

#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AllOf {
    pub(crate) all: Vec<Requirement>,
}

impl Requirement {
    /// An empty list would demand nothing, or what nothing can meet.
    pub(super) fn check(&self, field: &str) -> Result<(), String> {
        let parts = match self {
            Self::Provider(_) => return Ok(()),
            Self::Any(AnyOf { any }) => any,
            Self::All(AllOf { all }) => all,
        };
        if parts.is_empty() {
            return Err(format!("{field}: a list is empty"));
        }
        parts.iter().try_for_each(|part| part.check(field))
    }

    pub(super) fn find(&self, wanted: &impl Fn(&str) -> bool) -> Option<&str> {
        match self {
            Self::Provider(name) => wanted(name).then_some(name),
            Self::Any(AnyOf { any: parts }) | Self::All(AllOf { all: parts }) => {
                parts.iter().find_map(|part| part.find(wanted))
            }
        }
    }
}
