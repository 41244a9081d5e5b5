//! Clients with secrets, revocation, introspection, metadata.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::kit::{Home, ISSUER, SECRET_HASH, claims};

fn settings() -> String {
    format!(
        "[[clients]]\nid = \"robot one\"\nsecret_sha256 = \"{SECRET_HASH}\"\nscopes = [\"jobs\"]\naudiences = [\"api\"]\n\
         [[clients]]\nid = \"gateway\"\nsecret_sha256 = \"{SECRET_HASH}\"\nintrospect = true\n\
         [[resources]]\nurl = \"https://api.example/v1\"\nscopes = [\"read\"]\n"
    )
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

#[test]
fn client_gets_a_token_for_itself() {
    let home = Home::new(&settings());
    let service = home.serve();
    let grant = ("grant_type", "client_credentials");
    let reply = service.post("/token", &[("Authorization", &basic("robot+one", "s3cret"))], &[grant]);
    assert_eq!(reply.status, 200, "{reply:?}");
    let access = reply.text("access_token");
    assert_eq!(service.judge(&access), "accepted");
    let said = claims(&access);
    assert_eq!(
        (&said["sub"], &said["client_id"], &said["scope"]),
        (&"robot one".into(), &"robot one".into(), &"jobs".into())
    );
    assert!(said["sid"].is_null() && reply.json()["refresh_token"].is_null());
    let in_body = [grant, ("client_id", "robot one"), ("client_secret", "s3cret")];
    assert_eq!(service.post("/token", &[], &in_body).status, 200);
    for (authorization, form, fault) in [
        (basic("robot one", "wrong"), vec![grant], (401, "invalid_client")),
        (basic("nobody", "s3cret"), vec![grant], (401, "invalid_client")),
        ("Basic x".to_owned(), vec![grant], (401, "invalid_client")),
        (basic("robot one", "s3cret"), vec![grant, ("client_secret", "s3cret")], (400, "invalid_request")),
        (basic("robot one", "s3cret"), vec![grant, ("client_id", "gateway")], (400, "invalid_request")),
        (basic("robot one", "s3cret"), vec![grant, ("scope", "admin")], (400, "invalid_scope")),
        (basic("gateway", "s3cret"), vec![grant], (400, "invalid_target")),
    ] {
        let reply = service.post("/token", &[("Authorization", &authorization)], &form);
        assert_eq!(reply.fault(), (fault.0, fault.1.to_owned()), "{authorization} {form:?}");
        assert_eq!(reply.header("www-authenticate").is_some(), fault.0 == 401);
    }
}

#[test]
fn tokens_are_given_back() {
    let home = Home::new(&settings());
    home.add_user("alice");
    let service = home.serve();
    let (access, refresh) = service.tokens("alice");
    let robot = basic("robot one", "s3cret");
    let others = service.post("/revoke", &[("Authorization", &robot)], &[("token", &access)]);
    assert_eq!(others.fault(), (400, "invalid_grant".to_owned()), "it is another client's");
    let others = service.post("/revoke", &[("Authorization", &robot)], &[("token", &refresh)]);
    assert_eq!(others.fault(), (400, "invalid_grant".to_owned()));
    assert_eq!(service.judge(&access), "accepted");
    // One access token: the session goes on.
    assert_eq!(service.post("/revoke", &[], &[("token", &access)]).status, 200);
    assert_eq!(service.judge(&access), "jti_revoked");
    let renewed = service.refresh(&refresh);
    assert_eq!(service.judge(&renewed.text("access_token")), "accepted");
    // The refresh token: the session ends.
    let refresh = renewed.text("refresh_token");
    let hinted = [("token", refresh.as_str()), ("token_type_hint", "access_token")];
    assert_eq!(service.post("/revoke", &[], &hinted).status, 200);
    assert_eq!(service.judge(&renewed.text("access_token")), "sid_revoked");
    assert_eq!(service.refresh(&refresh).status, 400);
    for unknown in ["x", "a.b.c", &refresh] {
        assert_eq!(service.post("/revoke", &[], &[("token", unknown)]).status, 200, "{unknown}");
    }
}

#[test]
fn introspection_is_for_those_who_may_ask() {
    let home = Home::new(&settings());
    home.add_user("alice");
    let service = home.serve();
    let (access, refresh) = service.tokens("alice");
    let gateway = basic("gateway", "s3cret");
    let ask =
        |token: &str| service.post("/introspect", &[("Authorization", &gateway)], &[("token", token)]).json();
    let robot = basic("robot one", "s3cret");
    assert_eq!(service.post("/introspect", &[("Authorization", &robot)], &[("token", &access)]).status, 401);
    let said = ask(&access);
    assert_eq!(
        (&said["active"], &said["username"], &said["iss"]),
        (&true.into(), &"alice".into(), &ISSUER.into())
    );
    let said = ask(&refresh);
    assert_eq!(
        (&said["active"], &said["scope"], &said["client_id"]),
        (&true.into(), &"read write".into(), &"web".into())
    );
    // To ask about a token uses none up.
    assert_eq!(service.refresh(&refresh).status, 200);
    assert_eq!(ask(&refresh)["active"], false);
    assert_eq!(service.post("/logout", &[("Authorization", &format!("Bearer {access}"))], &[]).status, 204);
    for token in [&access, "x", "a.b.c"] {
        assert_eq!(ask(token), serde_json::json!({"active": false}), "{token}");
    }
}

#[test]
fn metadata_tells_what_there_is() {
    let home = Home::new(&settings());
    let service = home.serve();
    let said = service.get("/.well-known/oauth-authorization-server").json();
    let older = service.get("/.well-known/openid-configuration");
    assert_eq!(older.json(), said, "where many verifiers look");
    assert_eq!(
        (&said["issuer"], &said["response_types_supported"]),
        (&ISSUER.into(), &serde_json::json!([]))
    );
    assert_eq!(said["scopes_supported"], serde_json::json!(["jobs", "read"]));
    for endpoint in
        ["token_endpoint", "jwks_uri", "revocation_endpoint", "introspection_endpoint", "revocation_list_uri"]
    {
        let path = said[endpoint].as_str().unwrap().strip_prefix(ISSUER).unwrap().to_owned();
        assert_ne!(service.get(&path).status, 404, "{endpoint}");
    }
    assert!(said["authorization_endpoint"].is_null());
    let resource = |host: &str, path: &str| {
        let request = format!(
            "GET /.well-known/oauth-protected-resource{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        );
        let mut text = String::new();
        std::io::Read::read_to_string(&mut service.open(&request), &mut text).unwrap();
        text
    };
    let found = resource("api.example", "/v1");
    assert!(found.contains("\"resource\":\"https://api.example/v1\"") && found.contains(ISSUER), "{found}");
    for (host, path) in [("api.example", ""), ("api.example", "/v2"), ("other.example", "/v1")] {
        assert!(resource(host, path).starts_with("HTTP/1.1 404"), "{host}{path}");
    }
    let keys = service.get("/jwks.json");
    assert_eq!(keys.header("cache-control"), Some("public, max-age=3600"));
    assert!(!keys.body.contains("\"d\""), "only public parts");
}

#[test]
fn document_has_every_endpoint_and_no_other() {
    let source = include_str!("../../src/http/mod.rs");
    let routes = source.lines().filter_map(|line| line.trim().strip_prefix("add(\"")?.split_once('"'));
    // A gateway may ask by any method, and the document says one.
    let looped = ["/forward/nginx", "/forward/traefik", "/forward/caddy"].map(|path| (path, "any("));
    let mut routes: Vec<(String, Vec<&str>)> = routes
        .chain(looped)
        .map(|(path, handlers)| {
            let handlers = handlers.replace("any(", "get(");
            let mut methods = vec!["delete", "get", "patch", "post", "put"];
            methods.retain(|method| handlers.contains(&format!("{method}(")));
            (path.replace("{*path}", "{path}"), methods)
        })
        .collect();
    let document: Value = serde_json::from_str(&Home::new("").serve().get("/openapi.json").body).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let mut documented = Vec::new();
    for (path, methods) in paths {
        let mut methods: Vec<&str> = methods.as_object().unwrap().keys().map(String::as_str).collect();
        methods.sort_unstable();
        documented.push((path.clone(), methods));
    }
    documented.sort_unstable();
    routes.sort_unstable();
    assert_eq!(documented, routes);
    // Whatever it says can be asked: no method is another one.
    let service = Home::new("").serve();
    for (path, methods) in paths {
        for method in methods.as_object().unwrap().keys() {
            let path = path.replace("{name}", "alice").replace("{audience}", "api").replace("{path}", "x");
            let status = service.send(&method.to_uppercase(), &path, &[], "").status;
            assert!(
                status != 405 && (status != 404 || path.starts_with("/.well-known/oauth-p")),
                "{method} {path}: {status}"
            );
        }
    }
}
