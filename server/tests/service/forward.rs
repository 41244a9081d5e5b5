//! Gateways that ask about each request.

use std::process::{Child, Command, Stdio};

use crate::kit::{Home, PASSWORD, SECRET_HASH, Service, until};

#[test]
fn gateway_is_told_who_asks() {
    let home = Home::new("");
    home.add_user("alice");
    let service = home.serve();
    let (access, refresh) = service.tokens("alice");
    let bearer = format!("Bearer {access}");
    let asks = ["/forward/nginx", "/forward/traefik", "/forward/caddy"];
    for path in asks {
        let ask = |query: &str, authorization: &str| {
            service.send("GET", &format!("{path}{query}"), &[("Authorization", authorization)], "")
        };
        let known = ask("?audience=api&scope=read", &bearer);
        assert_eq!((known.status, known.header("x-jot-user")), (200, Some("alice")), "{path}");
        assert_eq!(
            (known.header("x-jot-scope"), known.header("x-jot-client")),
            (Some("read write"), Some("web"))
        );
        for (query, authorization, status, challenge) in [
            ("?audience=api", "", 401, Some("Bearer")),
            ("?audience=api", "Basic YTpi", 401, Some("Bearer")),
            ("?audience=api", "Bearer a.b.c", 401, Some("Bearer error=\"invalid_token\"")),
            ("?audience=bank", &bearer, 401, Some("Bearer error=\"invalid_token\"")),
            ("?audience=api&scope=read%20admin", &bearer, 403, None),
            ("", &bearer, 400, None),
            ("?audience=api&audience=bank", &bearer, 400, None),
        ] {
            let reply = ask(query, authorization);
            assert_eq!(
                (reply.status, reply.header("www-authenticate")),
                (status, challenge),
                "{path}{query} {authorization}"
            );
            assert!(reply.header("x-jot-user").is_none());
        }
    }
    // Envoy asks with the request's own method, path and query; the query is the client's.
    for (path, authorization, status) in [
        ("/forward/envoy/api/orders/7", bearer.as_str(), 200),
        ("/forward/envoy/api/", &bearer, 200),
        ("/forward/envoy/bank/orders?audience=api", &bearer, 401),
        ("/forward/envoy/api/orders?scope=admin", &bearer, 200),
        ("/forward/envoy/api", "", 401),
    ] {
        let reply = service.send("DELETE", path, &[("Authorization", authorization)], "");
        assert_eq!(reply.status, status, "{path}");
    }
    let cookie = format!("__Host-jot-access={access}");
    let page = service.send("GET", "/forward/nginx?audience=api", &[("Cookie", &cookie)], "");
    assert_eq!(page.status, 200);
    assert_eq!(service.post("/logout", &[], &[("refresh_token", &refresh)]).status, 204);
    let gone = service.send("GET", "/forward/nginx?audience=api", &[("Cookie", &cookie)], "");
    assert_eq!(gone.status, 401);
}

/// A real gateway before a page of its own.
struct Gateway {
    child: Child,
    port: u16,
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

impl Gateway {
    /// Starts a gateway; `None` if it is not there and need not be.
    fn start(mut command: Command, port: u16) -> Option<Self> {
        match command.stdin(Stdio::null()).spawn() {
            Ok(child) => {
                until("the gateway answers", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
                Some(Self { child, port })
            }
            Err(_) if std::env::var_os("JOT_REQUIRE").is_none() => None,
            Err(error) => panic!("{command:?}: {error}"),
        }
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn nginx(home: &Home, service: &Service) -> Option<Gateway> {
    let port = free_port();
    let folder = home.path("nginx");
    std::fs::create_dir(&folder).unwrap();
    let (path, jotd) = (folder.display(), service.port);
    let settings = format!(
        "daemon off; master_process off; pid {path}/pid; error_log {path}/error.log; events {{}}
         http {{ access_log off; client_body_temp_path {path}/b; proxy_temp_path {path}/p; fastcgi_temp_path {path}/f;
           uwsgi_temp_path {path}/u; scgi_temp_path {path}/s;
           server {{ listen 127.0.0.1:{port};
             location / {{ auth_request /auth; auth_request_set $user $upstream_http_x_jot_user;
               auth_request_set $challenge $upstream_http_www_authenticate;
               add_header WWW-Authenticate $challenge always; error_page 401 =401 /refused;
               try_files /nothing @page; }}
             location @page {{ return 200 \"page of $user\"; }}
             location = /refused {{ internal; add_header WWW-Authenticate $challenge always; return 401; }}
             location = /auth {{ internal; proxy_pass http://127.0.0.1:{jotd}/forward/nginx?audience=api;
               proxy_pass_request_body off; proxy_set_header Content-Length \"\"; }}
           }} }}"
    );
    std::fs::write(folder.join("nginx.conf"), settings).unwrap();
    let mut command = Command::new("/usr/sbin/nginx");
    command.arg("-p").arg(&folder).arg("-c").arg(folder.join("nginx.conf"));
    Gateway::start(command, port)
}

fn caddy(home: &Home, service: &Service) -> Option<Gateway> {
    let port = free_port();
    let settings = format!(
        "{{\n admin off\n auto_https off\n}}\nhttp://127.0.0.1:{port} {{\n forward_auth 127.0.0.1:{} {{\n  \
         uri /forward/caddy?audience=api\n  copy_headers X-Jot-User\n }}\n \
         respond \"page of {{header.X-Jot-User}}\"\n}}\n",
        service.port
    );
    std::fs::write(home.path("Caddyfile"), settings).unwrap();
    let mut command = Command::new("/usr/bin/caddy");
    command.args(["run", "--adapter", "caddyfile", "--config"]).arg(home.path("Caddyfile"));
    command.env("HOME", home.path("")).stderr(Stdio::null());
    Gateway::start(command, port)
}

/// What a page sees through a gateway, of good and bad tokens.
fn guards_a_page(gateway: impl Fn(&Home, &Service) -> Option<Gateway>) {
    let home = Home::new(&format!(
        "[[clients]]\nid = \"robot\"\nsecret_sha256 = \"{SECRET_HASH}\"\nscopes = [\"jobs\"]\naudiences = [\"api\"]"
    ));
    home.add_user("alice");
    let service = home.serve();
    let Some(gateway) = gateway(&home, &service) else { return };
    let ask = |authorization: &str| {
        // A name that the client makes up is not passed on.
        let headers = [("Authorization", authorization), ("X-Jot-User", "mallory")];
        service.ask_other(gateway.port, "/page", &headers)
    };
    let (access, refresh) = service.tokens("alice");
    let known = ask(&format!("Bearer {access}"));
    assert_eq!((known.status, known.body.as_str()), (200, "page of alice"));
    // A client is no user, whatever the request says.
    let form = [("grant_type", "client_credentials"), ("client_id", "robot"), ("client_secret", "s3cret")];
    let robot = ask(&format!("Bearer {}", service.post("/token", &[], &form).text("access_token")));
    assert_eq!((robot.status, robot.body.as_str()), (200, "page of "));
    let stranger = ask("");
    assert_eq!((stranger.status, stranger.header("www-authenticate")), (401, Some("Bearer")));
    assert_eq!(ask("Bearer a.b.c").status, 401);
    assert_eq!(service.post("/logout", &[], &[("refresh_token", &refresh)]).status, 204);
    assert_eq!(ask(&format!("Bearer {access}")).status, 401, "logged out");
    assert_eq!(service.login("alice", PASSWORD).status, 200);
}

#[test]
fn nginx_guards_a_page_without_a_module() {
    guards_a_page(nginx);
}

#[test]
fn caddy_guards_a_page() {
    guards_a_page(caddy);
}
