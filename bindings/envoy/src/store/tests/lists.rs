use jot::{Alg, Code, KeySet, Scratch, SignHeader, Signer, SigningKey, UnixSeconds};

use super::super::*;
use crate::origin::Origin;
use crate::provider::Provider;
use crate::remote::{Fetch, tests::reply};

const ISSUER: &str = "https://i";
const URI: &str = "https://i/status/1";

fn key(kid: &str) -> SigningKey {
    SigningKey::generate(Alg::EdDSA).unwrap().with_kid(kid)
}

fn jwks(keys: &[&SigningKey]) -> String {
    KeySet::new(keys.iter().map(|key| key.verifying_key().unwrap())).to_jwks().unwrap()
}

fn sign(key: &SigningKey, typ: &str, claims: &str) -> String {
    let UnixSeconds(now) = UnixSeconds::now();
    let claims = format!(r#"{{"iss":"{ISSUER}","iat":{now},"exp":{},{claims}}}"#, now.saturating_add(600));
    Signer::new(key.clone()).sign_claims_with(&SignHeader::default().typ(typ), claims).unwrap()
}

fn revocations(key: &SigningKey, sid: &str) -> String {
    sign(key, "revocations+jwt", &format!(r#""ttl":60,"revocations":[{{"sid":"{sid}"}}]"#))
}

/// 16 tokens, of which number 3 is revoked and 2 is not.
fn statuses(key: &SigningKey, uri: &str) -> String {
    let list = r#""status_list":{"bits":1,"lst":"eNrbuRgAAhcBXQ"}"#;
    sign(key, "statuslist+jwt", &format!(r#""sub":"{uri}","ttl":60,{list}"#))
}

fn token(key: &SigningKey, uri: &str, index: u32) -> String {
    let status = format!(r#""status":{{"status_list":{{"idx":{index},"uri":"{uri}"}}}}"#);
    sign(key, "JWT", &format!(r#""sid":"one",{status}"#))
}

/// A store with one configuration of one provider.
struct World {
    store: &'static Arc<Store>,
    provider: Arc<Provider>,
    configuration: u64,
    woken: Arc<Mutex<Vec<u64>>>,
    below: Vec<(Place, Target)>,
}

impl World {
    fn new(keys: &str, lists: &str) -> Self {
        Self::beside(Box::leak(Box::new(Arc::new(Store::default()))), keys, lists)
    }

    fn beside(store: &'static Arc<Store>, keys: &str, lists: &str) -> Self {
        let text = format!(
            r#"{{"issuers":[{{"issuer":"{ISSUER}","keys":{keys}}}],"algorithms":["EdDSA"],{lists}}}"#
        );
        let (provider, origins) = Provider::new("main", &serde_json::from_str(&text).unwrap()).unwrap();
        let provider = Arc::new(provider);
        let place =
            |index| Place { label: "main".to_owned(), provider: Arc::clone(&provider), issuer_index: index };
        let targets = origins.into_iter().map(|(index, origin)| match origin {
            Origin::Remote(remote) => (place(index), Target::Keys(remote)),
            Origin::List(list) => (place(index), Target::List(list)),
            Origin::File(_) => panic!("there are no files"),
        });
        let (below, remotes): (Vec<_>, Vec<_>) = targets.partition(|one| one.1.is_place());
        let woken = Arc::new(Mutex::new(Vec::new()));
        let theirs = Arc::clone(&woken);
        let wake = Box::new(move |event| theirs.lock().unwrap().push(event));
        let configuration = store.add(remotes, Vec::new(), wake).unwrap();
        for (place, target) in &below {
            crate::statuses::Statuses::begin(store, configuration, place, target);
        }
        Self { store, provider, configuration, woken, below }
    }

    /// The events of the fetches that are due.
    fn due(&self) -> Vec<u64> {
        self.store.settle(&mut self.store.lock(), Instant::now());
        std::mem::take(&mut *self.woken.lock().unwrap())
    }

    fn answer(&self, event: u64, body: &str) {
        self.store.fetched(self.configuration, event, &reply(200, &[], body));
    }

    fn begin(&self, event: u64) -> Fetch {
        self.store.begin(self.configuration, event).unwrap()
    }

    fn code(&self, token: &str) -> Code {
        let mut code = Code::Accepted;
        let look = |verifier: &jot::Verifier| {
            code = verifier.verdict(token, UnixSeconds::now(), &mut Scratch::new()).code();
            Ok(())
        };
        self.provider.take_list(look).unwrap();
        code
    }
}

fn inline(key: &SigningKey) -> String {
    format!(r#"{{"inline":{}}}"#, jwks(&[key]))
}

const REVOCATIONS: &str = r#""revocations":{"cluster":"c","uri":"http://i/revoked"}"#;

#[test]
fn revocations_are_awaited_obeyed_and_shared_by_configurations() {
    let key = key("a");
    let world = World::new(&inline(&key), REVOCATIONS);
    let good = sign(&key, "JWT", r#""sid":"one""#);
    assert_eq!(world.code(&good), Code::RevocationsNotYet);
    let event = world.due()[0];
    let fetch = world.begin(event);
    assert!(fetch.accept.starts_with("application/revocations+jwt"), "{}", fetch.accept);
    assert_eq!((&*fetch.authority, &*fetch.path), ("i", "/revoked"));
    world.answer(event, &revocations(&key, "one"));
    assert_eq!(world.code(&good), Code::SidRevoked);
    let counts = world.store.take_events(world.configuration).map(|(_, count)| count);
    assert_eq!(counts, [0, 0, 1, 0]);

    // Another configuration has the list at once, and so has one with other settings.
    let same = World::beside(world.store, &inline(&key), REVOCATIONS);
    assert_eq!((same.code(&good), same.due().len()), (Code::SidRevoked, 0));
    let other = REVOCATIONS.replace("revoked\"", "revoked\",\"poll_seconds\":7");
    let changed = World::beside(world.store, &inline(&key), &other);
    assert_eq!((changed.code(&good), changed.due().len()), (Code::SidRevoked, 1));
    // One whose list other keys sign has none of it.
    let stranger = World::beside(world.store, &inline(&self::key("a")), REVOCATIONS);
    assert_eq!(stranger.store.lock().followed.len(), 3);
    assert!(stranger.due().len() == 1);
}

#[test]
fn list_that_does_not_count_leaves_the_last_one_in_force() {
    let key = key("a");
    let world = World::new(&inline(&key), REVOCATIONS);
    let good = sign(&key, "JWT", r#""sid":"two""#);
    let event = world.due()[0];
    world.begin(event);
    world.answer(event, &revocations(&self::key("a"), "two"));
    assert_eq!(world.code(&good), Code::RevocationsNotYet);
    assert_eq!(world.store.take_events(world.configuration)[3], (Counter::ListsFailed, 1));
    let is_starting = world.store.lock().followed[0].is_starting(Instant::now());
    assert!(is_starting, "a request would not wait for it");
}

#[test]
fn list_waits_for_the_keys_and_asks_for_those_that_are_missing() {
    let (first, second) = (key("a"), key("b"));
    let remote = r#"{"remote":{"cluster":"c","uri":"http://i/keys","cooldown_seconds":0}}"#;
    let world = World::new(remote, REVOCATIONS);
    let events = world.due();
    assert_eq!(events.len(), 1, "a list that cannot be verified is not fetched");
    assert!(world.begin(events[0]).accept.starts_with("application/jwk-set+json"));
    world.answer(events[0], &jwks(&[&first]));
    let list = world.due()[0];
    world.begin(list);
    world.answer(list, &revocations(&second, "one"));
    // The key that signed it is asked for.
    let keys = world.due();
    assert_eq!(keys, [events[0]]);
    world.begin(keys[0]);
    world.answer(keys[0], &jwks(&[&second]));
    world.store.lock().followed[1].refresh();
    let list = world.due()[0];
    world.begin(list);
    world.answer(list, &revocations(&second, "one"));
    assert_eq!(world.code(&sign(&second, "JWT", r#""sid":"one""#)), Code::SidRevoked);
}

#[test]
fn status_lists_are_followed_when_tokens_name_them_and_within_a_bound() {
    let key = key("a");
    let lists =
        r#""status_lists":[{"cluster":"c","uri":"https://i/status/"},{"cluster":"c","uri":"https://i/one"}]"#;
    let world = World::new(&inline(&key), lists);
    let one = world.due()[0];
    assert_eq!(world.begin(one).path, "/one");
    world.answer(one, &statuses(&key, "https://i/one"));
    assert_eq!(world.code(&token(&key, "https://i/one", 3)), Code::StatusRevoked);
    assert_eq!(world.code(&token(&key, "https://i/elsewhere", 3)), Code::StatusListUnknown);

    assert_eq!(world.code(&token(&key, URI, 2)), Code::StatusListNotYet);
    let event = world.due()[0];
    let fetch = world.begin(event);
    assert!(fetch.accept.starts_with("application/statuslist+jwt"), "{}", fetch.accept);
    assert_eq!(fetch.path, "/status/1");
    world.answer(event, &statuses(&key, URI));
    assert_eq!(world.code(&token(&key, URI, 2)), Code::Accepted);
    assert_eq!(world.code(&token(&key, URI, 3)), Code::StatusRevoked);

    // The first token in another configuration finds the list that is there.
    let next = World::beside(world.store, &inline(&key), lists);
    assert_eq!(next.code(&token(&key, URI, 3)), Code::StatusRevoked);
    assert!(next.due().is_empty());

    // No more than the bound; one that is named again and again stays.
    let (place, target) = &world.below[0];
    let Target::List(target) = target else { panic!("it is a list") };
    let follow = |index: usize| {
        let list = target.below(&format!("https://i/status/{index}")).unwrap();
        world.store.follow(world.configuration, place.clone(), &Target::List(Box::new(list)))
    };
    for index in 2..1000 {
        assert_eq!(world.code(&token(&key, URI, 3)), Code::StatusRevoked);
        assert!(follow(index), "{index}");
    }
    let state = world.store.lock();
    assert_eq!(state.followed.iter().filter(|one| one.is_named).count(), MOST_NAMED);
    drop(state);
    assert!(!World::new(&inline(&key), lists).store.is_idle());
}
