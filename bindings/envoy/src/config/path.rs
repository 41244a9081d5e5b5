//! The way to a claim.

/// The way to a claim: its name, or the names that lead to it.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(untagged, expecting = "a claim's name, or a list of the names that lead to it")]
pub(crate) enum PathConfig {
    Name(String),
    Path(Vec<String>),
}

impl PathConfig {
    /// Returns how a name would be written if it was meant for a path. In other
    /// gateways `a.b` leads to the member `b` of `a`, and in other hosts of the engine
    /// `/a/b` does; here they are names, as `kubernetes.io` is.
    pub(crate) fn as_nested(&self) -> Option<String> {
        let Self::Name(name) = self else { return None };
        if let Some(pointer) = name.strip_prefix('/') {
            return Some(format!("[{}]", pointer.split('/').collect::<Vec<_>>().join(", ")));
        }
        let parts: Vec<_> = name.split('.').collect();
        let is_url = name.contains(['/', ':']);
        (parts.len() > 1 && !is_url && !parts.contains(&"")).then(|| format!("[{}]", parts.join(", ")))
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        match self {
            Self::Name(name) => vec![name],
            Self::Path(names) => names.iter().map(String::as_str).collect(),
        }
    }
}
