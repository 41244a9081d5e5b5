mod lists;

use super::*;
use crate::config::RemoteConfig;
use crate::gauge::Gauge;
use crate::provider::Provider;
use crate::remote::tests::{config, reply};
use crate::waiting::Waited;

const JWKS: &str =
    r#"{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

type Woken = Arc<Mutex<Vec<u64>>>;

/// Adds a configuration that wants this key set; returns its number.
fn add(store: &Store, remote: &RemoteConfig, woken: &Woken) -> u64 {
    let text = r#"{"issuers":[{"keys":{"remote":{"cluster":"c","uri":"http://idp/keys"}}}],
        "algorithms":["EdDSA"],"any_audience":true}"#;
    let (provider, _) = Provider::new("main", &serde_json::from_str(text).unwrap()).unwrap();
    let place = Place { label: "main".to_owned(), provider: Arc::new(provider), issuer_index: 0 };
    let woken = Arc::clone(woken);
    let wake = Box::new(move |event| woken.lock().unwrap().push(event));
    store.add(vec![(place, Target::Keys(remote.clone()))], Vec::new(), wake).unwrap()
}

fn settle(store: &Store) {
    store.settle(&mut store.lock(), Instant::now());
}

fn uri(uri: &str) -> RemoteConfig {
    RemoteConfig { uri: uri.to_owned(), ..config("") }
}

#[test]
fn configurations_share_one_fetch_and_its_keys() {
    let (store, woken) = (Store::default(), Woken::default());
    let first = add(&store, &config(""), &woken);
    add(&store, &config(""), &woken);
    settle(&store);
    settle(&store);
    let events = std::mem::take(&mut *woken.lock().unwrap());
    assert_eq!(events.len(), 1, "one of them is asked, and once");
    assert!(store.begin(first, events[0]).is_some() && store.begin(first, events[0]).is_none());
    store.begun(first, events[0], 7);
    assert_eq!((store.event_of(first, 7), store.event_of(first + 1, 7)), (Some(events[0]), None));
    let version = store.version();
    store.fetched(first, events[0], &reply(200, &[], JWKS));
    assert!(store.version() > version);
    // A third one has the keys at once, and causes no fetch.
    add(&store, &config(""), &woken);
    let state = store.lock();
    assert_eq!(state.followed.len(), 1);
    assert!(state.followed[0].places.iter().all(|(_, place)| place.provider.key_count(0) == 1));
    drop(state);
    settle(&store);
    assert!(woken.lock().unwrap().is_empty());
}

#[test]
fn age_and_last_error_of_keys_are_told_to_those_who_follow_them() {
    let (store, woken) = (Store::default(), Woken::default());
    let first = add(&store, &config(""), &woken);
    let other = add(&store, &uri("http://idp/other"), &woken);
    let told = |number| -> Vec<(Gauge, String, u64)> {
        let readings = store.readings(number).into_iter();
        readings.map(|reading| (reading.gauge, reading.uri, reading.value)).collect()
    };
    let at = || "http://idp/keys".to_owned();
    assert_eq!(told(first), [(Gauge::KeysError, at(), 0)], "there is no age before the first success");
    settle(&store);
    let event = woken.lock().unwrap()[0];
    assert!(store.begin(first, event).is_some());
    store.fetched(first, event, &reply(500, &[], ""));
    assert_eq!(told(first), [(Gauge::KeysError, at(), jot::Code::FetchStatus.number().into())]);
    store.lock().of(event).unwrap().refresh();
    assert!(store.begin(first, event).is_some());
    store.fetched(first, event, &reply(200, &[], JWKS));
    let [(Gauge::KeysAge, of, age), (Gauge::KeysError, _, 0)] = &told(first)[..] else {
        panic!("{:?}", told(first))
    };
    assert!(*of == at() && *age <= 1, "{age}");
    assert_eq!(told(other), [(Gauge::KeysError, "http://idp/other".to_owned(), 0)]);
    // Everyone is woken who follows something, and told anew.
    woken.lock().unwrap().clear();
    store.tell_all();
    assert_eq!(*woken.lock().unwrap(), [COUNT_ONLY, COUNT_ONLY]);
    store.remove(first);
    assert_eq!(told(first), []);
}

#[test]
fn fetch_that_its_configuration_took_along_is_begun_by_another_one() {
    let (store, woken) = (Store::default(), Woken::default());
    let first = add(&store, &config(""), &woken);
    settle(&store);
    let event = woken.lock().unwrap()[0];
    assert!(store.begin(first, event).is_some());
    let second = add(&store, &config(""), &woken);
    assert!(!store.remove(first));
    settle(&store);
    assert_eq!(*woken.lock().unwrap(), [event, event]);
    assert!(store.begin(second, event).is_some());
    assert!(store.remove(second) && store.is_idle());
}

#[test]
fn key_sets_that_nobody_uses_are_kept_within_a_bound() {
    let (store, woken) = (Store::default(), Woken::default());
    let used = add(&store, &uri("http://idp/used"), &woken);
    for index in 0..70 {
        let number = add(&store, &uri(&format!("http://idp/{index}")), &woken);
        store.remove(number);
    }
    let state = store.lock();
    let is_kept = |path: &str| state.followed.iter().any(|one| one.target.is_at(&Target::Keys(uri(path))));
    assert_eq!(state.followed.len(), 65);
    assert!(is_kept("http://idp/used") && is_kept("http://idp/69") && !is_kept("http://idp/5"));
    drop(state);
    assert!(store.remove(used));
}

#[test]
fn other_settings_of_a_new_configuration_are_those_of_all() {
    let (store, woken) = (Store::default(), Woken::default());
    let first = add(&store, &config(""), &woken);
    settle(&store);
    let event = woken.lock().unwrap()[0];
    store.begin(first, event);
    store.fetched(first, event, &reply(200, &[], JWKS));
    add(&store, &config(r#","refresh_seconds":60"#), &woken);
    settle(&store);
    assert_eq!(woken.lock().unwrap().len(), 2, "they are asked for anew");
    assert_eq!(store.begin(first, event).map(|fetch| fetch.timeout_ms), Some(5000));
}

#[test]
fn keys_that_the_start_is_held_for_are_those_of_the_filters() {
    let (store, woken) = (Store::default(), Woken::default());
    let released: Arc<Mutex<Vec<Waited>>> = Arc::default();
    let hold = |more: &str, uri: &str| {
        let target = Target::Keys(RemoteConfig { uri: uri.to_owned(), ..config(more) });
        let woken = Arc::clone(&woken);
        let wake = Box::new(move |event| woken.lock().unwrap().push(event));
        let release = |_: &Target| -> Release {
            let released = Arc::clone(&released);
            Box::new(move |waited| released.lock().unwrap().push(waited))
        };
        store.hold(&[target], wake, Instant::now(), release).unwrap()
    };
    let (holder, waiters) = hold("", "http://idp/keys");
    assert_eq!(waiters.len(), 1);
    settle(&store);
    assert_eq!(*released.lock().unwrap(), [Waited::InVain], "the deadline is over");
    let (other, _) = hold("", "http://idp/keys");
    let event = woken.lock().unwrap()[0];
    assert!(store.begin(other, event).is_some());
    store.fetched(other, event, &reply(503, &[], ""));
    assert_eq!(released.lock().unwrap().len(), 1, "a failure is waited out");
    store.lock().of(event).unwrap().refresh();
    assert!(store.begin(other, event).is_some());
    store.fetched(other, event, &reply(200, &[], JWKS));
    assert_eq!(*released.lock().unwrap(), [Waited::InVain, Waited::Fetched]);
    // A filter has the keys at once, and causes no fetch.
    woken.lock().unwrap().clear();
    let filter = add(&store, &config(r#","timeout_ms":700"#), &woken);
    assert_eq!(store.lock().followed[0].places[0].1.provider.key_count(0), 1);
    woken.lock().unwrap().clear();
    // Its settings are not those of a start, and there is nothing to wait for.
    assert_eq!(hold("", "http://idp/keys").1, [0; 0]);
    assert_eq!(store.lock().followed[0].timeout().as_millis(), 700);
    for number in [holder, other, filter] {
        assert!(!store.remove(number));
    }
    assert!(store.lock().followed[0].left.is_none(), "the last start holds them");
}

#[test]
fn fetch_that_envoy_does_not_take_at_the_start_is_no_failure() {
    let (store, woken) = (Store::default(), Woken::default());
    let first = add(&store, &config(r#","timeout_ms":60000"#), &woken);
    settle(&store);
    let event = woken.lock().unwrap().pop().unwrap();
    let fetch = store.begin(first, event).unwrap();
    let (path, refused) = (fetch.path.clone(), Instant::now());
    store.refused(first, event, fetch, "there is no such cluster");
    assert_eq!(store.take_events(first)[1], (Counter::KeysFailed, 0));
    settle(&store);
    assert_eq!(*woken.lock().unwrap(), [0; 0], "Envoy is left alone for a moment");
    let next = store.lock().next(refused).unwrap();
    assert!(next.saturating_duration_since(refused).as_millis() < 1000);
    store.settle(&mut store.lock(), next);
    assert_eq!(*woken.lock().unwrap(), [event]);
    // Any configuration may make it, and be told of its end.
    let other = add(&store, &config(r#","timeout_ms":60000"#), &woken);
    assert_eq!(store.begin(other, event).unwrap().path, path);
    assert!(store.begin(first, event).is_none(), "it is under way");
    store.begun(other, event, 7);
    assert_eq!((store.event_of(first, 7), store.event_of(other, 7)), (None, Some(event)));
    store.fetched(other, event, &reply(200, &[], JWKS));
    // Once there were keys it is one.
    store.lock().of(event).unwrap().refresh();
    let fetch = store.begin(first, event).unwrap();
    store.refused(first, event, fetch, "there is no such cluster");
    assert_eq!(store.take_events(first)[1], (Counter::KeysFailed, 1));
}
