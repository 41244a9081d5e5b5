"""A Flask application that is guarded by a verifier."""

from __future__ import annotations

import concurrent.futures
import functools
import threading
import time
import urllib.error
import urllib.request
from typing import Any, Callable

import flask
import jot
import pytest
import werkzeug.serving

KEY = jot.SigningKey.generate("RS256", kid="1")


def guarded(verifier: jot.Verifier) -> Callable[..., Any]:
    """Let only requests with a sound token through, as RFC 6750 §3 says."""

    def wrap(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def inner(*args: Any, **kwargs: Any) -> Any:
            scheme, _, token = flask.request.headers.get("Authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not token:
                return flask.Response(status=401, headers={"WWW-Authenticate": "Bearer"})
            try:
                flask.g.claims = verifier.verify(token.strip())
            except jot.Rejected as refused:
                challenge = f'Bearer error="invalid_token", error_description="{refused.name}"'
                return flask.Response(status=401, headers={"WWW-Authenticate": challenge})
            return view(*args, **kwargs)

        return inner

    return wrap


@pytest.fixture
def app() -> flask.Flask:
    made = flask.Flask(__name__)
    verifier = jot.Verifier(
        KEY.public_keys(), algorithms=["RS256"], issuer="https://issuer", audience="api", cache_entries=100
    )

    @made.get("/me")
    @guarded(verifier)
    def me() -> Any:
        return {"sub": flask.g.claims["sub"], "claims": dict(flask.g.claims)}

    return made


def token(**changes: Any) -> str:
    sound = {"iss": "https://issuer", "aud": "api", "sub": "alice", "exp": int(time.time()) + 3600}
    return jot.encode({**sound, **changes}, KEY)


@pytest.mark.parametrize(
    ("authorization", "status", "challenge"),
    [
        (None, 401, "Bearer"),
        ("Basic YTpi", 401, "Bearer"),
        ("Bearer", 401, "Bearer"),
        ("Bearer a.b.c", 401, 'Bearer error="invalid_token", error_description="header_encoding"'),
        ("Bearer " + token(exp=1), 401, 'Bearer error="invalid_token", error_description="expired"'),
        ("Bearer " + token(aud="x"), 401, 'Bearer error="invalid_token", error_description="aud_mismatch"'),
        (
            "Bearer " + token()[:-3] + "AAA",
            401,
            'Bearer error="invalid_token", error_description="signature_invalid"',
        ),
        ("Bearer " + token(), 200, None),
        ("bearer  " + token(), 200, None),
    ],
)
def test_request_is_let_through_only_with_a_sound_token(
    app: flask.Flask, authorization: Any, status: int, challenge: Any
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = app.test_client().get("/me", headers=headers)
    assert (answer.status_code, answer.headers.get("WWW-Authenticate")) == (status, challenge)
    if status == 200:
        assert answer.get_json()["sub"] == "alice"


def test_threaded_server_answers_each_with_its_own_claims(app: flask.Flask) -> None:
    server = werkzeug.serving.make_server("127.0.0.1", 0, app, threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()

    def ask(who: int) -> tuple[int, str]:
        sent = token(sub=f"user-{who}") if who % 3 else token(sub=f"user-{who}", exp=1)
        url = f"http://127.0.0.1:{server.server_port}/me"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {sent}"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, flask.json.loads(answer.read())["sub"]
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, ""

    try:
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(ask, range(60)))
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
    assert answers == [(200, f"user-{who}") if who % 3 else (401, "") for who in range(60)]
