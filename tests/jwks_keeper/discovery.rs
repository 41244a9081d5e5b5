//! Where the keys are: metadata of issuers, and redirects.

use jot::Code;
use jot::jwks::{Answer, Change, Keeper, KeeperOptions, Poll};

use crate::kit::{URL, assert_failed, at, fetch, jwks, keeper, ok, sleep, status};

fn discovery(issuer: &str, uri: &str) -> String {
    format!(r#"{{"issuer":"{issuer}","jwks_uri":"{uri}"}}"#)
}

#[test]
fn issuer_is_enough_when_its_metadata_name_the_keys() {
    let issuer = "https://issuer.example/tenant";
    let mut keeper = Keeper::of_issuer(issuer, KeeperOptions::default(), 7).unwrap();
    let (ticket, url) = fetch(&mut keeper, 0);
    assert_eq!(url, "https://issuer.example/tenant/.well-known/openid-configuration");
    let change = keeper.answer(
        ticket,
        ok(&[("Cache-Control", "max-age=3600")], &discovery(issuer, "https://keys.example/1")),
        at(0),
    );
    assert!(matches!(change, Change::Elsewhere));
    let (ticket, url) = fetch(&mut keeper, 0);
    assert_eq!(url, "https://keys.example/1");
    keeper.answer(ticket, ok(&[("ETag", "\"a\"")], &jwks(&[0])), at(0));
    // When the keys are gone there, the metadata are asked where they are.
    let due = sleep(&mut keeper, 0);
    let mut moved = due;
    loop {
        let (ticket, url) = fetch(&mut keeper, moved);
        if url == "https://keys.example/1" {
            assert_failed(&keeper.answer(ticket, status(404), at(moved)), Code::FetchStatus);
        } else {
            let change =
                keeper.answer(ticket, ok(&[], &discovery(issuer, "https://keys.example/2")), at(moved));
            assert!(matches!(change, Change::Elsewhere));
            break;
        }
        moved = sleep(&mut keeper, moved);
        assert!(moved < due + 10, "the metadata were not asked");
    }
    let Poll::Fetch(request) = keeper.poll(at(moved)) else { panic!("the keys are due") };
    assert_eq!((request.url, request.etag), ("https://keys.example/2", None));
    let server = Keeper::of_authorization_server(issuer, KeeperOptions::default(), 7);
    let (_, url) = fetch(&mut server.unwrap(), 0);
    assert_eq!(url, "https://issuer.example/.well-known/oauth-authorization-server/tenant");
}

#[test]
fn metadata_of_another_issuer_or_host_are_refused() {
    let issuer = "https://issuer.example";
    for (document, code) in [
        (discovery("https://issuer.example/", "https://issuer.example/jwks"), Code::DiscoveryIssuer),
        (discovery("https://evil.example", "https://issuer.example/jwks"), Code::DiscoveryIssuer),
        (discovery(issuer, "http://issuer.example/jwks"), Code::UrlRefused),
        (r#"{"issuer":"https://issuer.example"}"#.to_owned(), Code::DiscoveryInvalid),
        (r#"{"jwks_uri":"https://issuer.example/jwks"}"#.to_owned(), Code::DiscoveryInvalid),
        ("[]".to_owned(), Code::DiscoveryInvalid),
        ("<html>".to_owned(), Code::DiscoveryInvalid),
    ] {
        let mut keeper = Keeper::of_issuer(issuer, KeeperOptions::default(), 7).unwrap();
        let (ticket, _) = fetch(&mut keeper, 0);
        assert_failed(&keeper.answer(ticket, ok(&[], &document), at(0)), code);
    }
}

fn resource(name: &str, servers: &str) -> String {
    format!(
        r#"{{"resource":"{name}","jwks_uri":"https://api.example/own","authorization_servers":{servers}}}"#
    )
}

const API: &str = "https://api.example/v1";

#[test]
fn resource_names_its_server_which_names_the_keys() {
    let mut keeper = Keeper::of_resource(API, KeeperOptions::default(), 7).unwrap();
    assert_eq!(keeper.issuer(), None);
    let mut now = 0;
    for (server, uri) in [("https://one.example/t", "https://one.example/k"), ("https://two.example", URL)] {
        let (ticket, url) = fetch(&mut keeper, now);
        assert_eq!(url, "https://api.example/.well-known/oauth-protected-resource/v1");
        let document = resource(API, &format!(r#"["{server}","https://third.example"]"#));
        assert!(matches!(keeper.answer(ticket, ok(&[], &document), at(now)), Change::Elsewhere));
        let (ticket, url) = fetch(&mut keeper, now);
        let place = server.split_once(".example").unwrap();
        let place = format!("{}.example/.well-known/oauth-authorization-server{}", place.0, place.1);
        assert_eq!(url, place);
        // It is not to be had there: the whole way is gone again, to where OpenID has it.
        assert_failed(&keeper.answer(ticket, status(404), at(now)), Code::FetchStatus);
        now = sleep(&mut keeper, now);
        let (ticket, _) = fetch(&mut keeper, now);
        keeper.answer(ticket, ok(&[], &document), at(now));
        let (ticket, url) = fetch(&mut keeper, now);
        assert_eq!(url, format!("{server}/.well-known/openid-configuration"));
        assert!(matches!(
            keeper.answer(ticket, ok(&[], &discovery(server, uri)), at(now)),
            Change::Elsewhere
        ));
        assert_eq!(keeper.issuer(), Some(server));
        let (ticket, url) = fetch(&mut keeper, now);
        assert_eq!(url, uri);
        keeper.answer(ticket, ok(&[("Cache-Control", "max-age=3600")], &jwks(&[0])), at(now));
        now = sleep(&mut keeper, now);
        // For the next round the server's metadata are looked for at the first place.
        keeper = Keeper::of_resource(API, KeeperOptions::default(), 7).unwrap();
    }
}

#[test]
fn resource_is_asked_again_whenever_metadata_are_due() {
    let mut keeper = Keeper::of_resource(API, KeeperOptions::default(), 7).unwrap();
    let server = "https://one.example";
    for (now, server) in [(0, server), (4_000, "https://two.example")] {
        let (ticket, url) = fetch(&mut keeper, now);
        assert_eq!(url, "https://api.example/.well-known/oauth-protected-resource/v1");
        keeper.answer(ticket, ok(&[], &resource(API, &format!(r#"["{server}"]"#))), at(now));
        let (ticket, _) = fetch(&mut keeper, now);
        let document = discovery(server, &format!("{server}/k"));
        assert!(matches!(keeper.answer(ticket, ok(&[], &document), at(now)), Change::Elsewhere));
        let (ticket, url) = fetch(&mut keeper, now);
        assert_eq!((keeper.issuer(), &*url), (Some(server), &*format!("{server}/k")));
        keeper.answer(ticket, ok(&[], &jwks(&[0])), at(now));
    }
}

#[test]
fn metadata_of_another_resource_or_without_servers_are_refused() {
    for (document, code) in [
        (resource("https://api.example/v1/", r#"["https://one.example"]"#), Code::DiscoveryIssuer),
        (resource("https://api.example", r#"["https://one.example"]"#), Code::DiscoveryIssuer),
        (resource(API, "[]"), Code::DiscoveryInvalid),
        (resource(API, "[1]"), Code::DiscoveryInvalid),
        (resource(API, r#""https://one.example""#), Code::DiscoveryInvalid),
        (resource(API, r#"["http://one.example"]"#), Code::UrlRefused),
        (resource(API, r#"["https://one.example?a"]"#), Code::UrlRefused),
        (r#"{"authorization_servers":["https://one.example"]}"#.to_owned(), Code::DiscoveryInvalid),
    ] {
        let mut keeper = Keeper::of_resource(API, KeeperOptions::default(), 7).unwrap();
        let (ticket, _) = fetch(&mut keeper, 0);
        assert_failed(&keeper.answer(ticket, ok(&[], &document), at(0)), code);
    }
    // The server must say the name that the resource gave it.
    let mut keeper = Keeper::of_resource(API, KeeperOptions::default(), 7).unwrap();
    let (ticket, _) = fetch(&mut keeper, 0);
    keeper.answer(ticket, ok(&[], &resource(API, r#"["https://one.example"]"#)), at(0));
    let (ticket, _) = fetch(&mut keeper, 0);
    let change = keeper.answer(ticket, ok(&[], &discovery("https://evil.example", URL)), at(0));
    assert_failed(&change, Code::DiscoveryIssuer);
    assert_eq!(keeper.issuer(), None);
    let refused = Keeper::of_resource("http://api.example", KeeperOptions::default(), 7).unwrap_err();
    assert_eq!(refused.code(), Code::UrlRefused);
}

#[test]
fn redirect_is_followed_within_its_origin_and_three_times() {
    let answer = |keeper: &mut Keeper, now, location: &str| {
        let (ticket, _) = fetch(keeper, now);
        let fields = [("Location", location)];
        keeper.answer(ticket, Answer::Response { status: 302, fields: &fields, body: b"" }, at(now))
    };
    for location in ["https://other.example/jwks", "//other.example/jwks", "http://issuer.example/k", "k", ""]
    {
        let mut keeper = keeper(KeeperOptions::default());
        assert_failed(&answer(&mut keeper, 0, location), Code::FetchRedirect);
    }
    let mut keeper = keeper(KeeperOptions::default());
    for location in ["/a", "https://issuer.example/b", "/c"] {
        assert!(matches!(answer(&mut keeper, 0, location), Change::Elsewhere));
    }
    let (ticket, url) = fetch(&mut keeper, 0);
    assert_eq!(url, "https://issuer.example/c");
    let again = Answer::Response { status: 302, fields: &[("Location", "/d")], body: b"" };
    assert_failed(&keeper.answer(ticket, again, at(0)), Code::FetchRedirect);
    // The next round begins where the keys are meant to be.
    let retry = sleep(&mut keeper, 0);
    assert_eq!(fetch(&mut keeper, retry).1, URL);
}
