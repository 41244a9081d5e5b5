"""What programs put in the place of PyJWT's own steps is called as PyJWT calls it."""

from __future__ import annotations

import datetime
import functools
import hashlib
import inspect
from typing import Any, Callable

import jot.pyjwt
import jwt
import pytest

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

SECRET = "a secret that is long enough: 32 bytes"
NOW = 1_800_000_000
CLAIMS = {"iss": "i", "aud": ["a", "b"], "sub": "s", "jti": "j", "iat": 1, "nbf": 1, "exp": 4_102_444_800}
TOKEN = jwt.encode(CLAIMS, SECRET, headers={"kid": "k"})
DETACHED = jwt.PyJWS().encode(b'{"a":1}', SECRET, is_payload_detached=True)
MODULES = (jwt, jot.pyjwt)


def steps(kind: type) -> list[str]:
    """Return the methods of a class that another one can stand in for."""
    return [
        name
        for name, member in vars(kind).items()
        if callable(member) or isinstance(member, staticmethod)
        if not name.startswith("__")
    ]


#: The engine decodes the segments of a token together.
REFUSED = {"_decode_base64url_segment"}
JWT_STEPS = steps(jwt.PyJWT)
#: These are for the caller, and no step of anything else.
CALLERS = {"register_algorithm", "unregister_algorithm", "get_algorithms"}
JWS_STEPS = [name for name in steps(jwt.PyJWS) if name not in REFUSED | CALLERS]
HMAC_STEPS = ["prepare_key", "check_key_length", "sign", "verify"]


@pytest.mark.parametrize("name", ["PyJWT", "PyJWS", "PyJWK", "PyJWKSet"])
def test_every_step_of_pyjwt_is_there_with_its_arguments(name: str) -> None:
    real, ours = getattr(jwt, name), getattr(jot.pyjwt, name)
    for step in set(steps(real)) - REFUSED:
        there, here = (inspect.signature(getattr(kind, step)).parameters for kind in (real, ours))
        assert list(here) == list(there), step
        assert [one.kind for one in here.values()] == [one.kind for one in there.values()], step
        static = [isinstance(inspect.getattr_static(kind, step), staticmethod) for kind in (real, ours)]
        assert static[0] == static[1], step


def shown(value: Any) -> Any:
    """Return a value so that both modules' are the same: without the clock."""
    if isinstance(value, float):
        return "now" if abs(value - datetime.datetime.now().timestamp()) < 60 else value
    if isinstance(value, (list, tuple)):
        return [shown(one) for one in value]
    if isinstance(value, dict):
        return {name: shown(one) for name, one in value.items()}
    if type(value) is object or type(value).__module__.startswith(("jwt", "jot")):
        return f"<{type(value).__name__}>"
    return value


def listening(kind: type, names: list[str], log: list[Any]) -> type:
    """Return a subclass that tells of every step that is taken."""

    def told(name: str) -> Any:
        step = getattr(kind, name)
        if isinstance(inspect.getattr_static(kind, name), staticmethod):

            @functools.wraps(step)
            def static(*arguments: Any, **named: Any) -> Any:
                log.append((kind.__name__, name, shown(arguments), shown(named)))
                return step(*arguments, **named)

            return staticmethod(static)

        @functools.wraps(step)
        def method(self: Any, *arguments: Any, **named: Any) -> Any:
            log.append((kind.__name__, name, shown(arguments), shown(named)))
            return step(self, *arguments, **named)

        return method

    return type(f"Listening{kind.__name__}", (kind,), {name: told(name) for name in names})


def listener(module: Any, log: list[Any], options: Any = None) -> Any:
    """Return a ``PyJWT`` that tells of its steps, of those of its ``PyJWS``, and of
    those of HS256."""
    made = listening(module.PyJWT, JWT_STEPS, log)(options)
    made._jws = listening(module.PyJWS, JWS_STEPS, log)()
    made._jws.unregister_algorithm("HS256")
    hmac = listening(module.algorithms.HMACAlgorithm, HMAC_STEPS, log)(hashlib.sha256)
    made._jws.register_algorithm("HS256", hmac)
    return made


CALLS: dict[str, Callable[[Any, Any], Any]] = {
    "decode": lambda one, _: one.decode(TOKEN, SECRET, ["HS256"], audience="a", issuer="i", subject="s"),
    "named": lambda one, _: one.decode(jwt=TOKEN, key=SECRET, algorithms=["HS256"], audience=["a"], leeway=5),
    "timedelta": lambda one, _: one.decode(
        TOKEN, SECRET, ["HS256"], audience="a", leeway=datetime.timedelta(minutes=1)
    ),
    "complete": lambda one, _: one.decode_complete(TOKEN, SECRET, ["HS256"], {"verify_aud": False}),
    "options": lambda one, _: one.decode(
        TOKEN,
        SECRET,
        ["HS256"],
        options={"require": ["exp"], "strict_aud": True, "verify_jti": False},
        audience="a",
    ),
    "not verified": lambda one, _: one.decode(TOKEN, options={"verify_signature": False}),
    "not verified, exp looked at": lambda one, _: one.decode(
        TOKEN, options={"verify_signature": False, "verify_exp": True}
    ),
    "wrong secret": lambda one, _: one.decode(TOKEN, SECRET + "x", ["HS256"]),
    "wrong audience": lambda one, _: one.decode(TOKEN, SECRET, ["HS256"], audience="c"),
    "not allowed": lambda one, _: one.decode(TOKEN, SECRET, ["HS512"]),
    "no algorithms": lambda one, _: one.decode(TOKEN, SECRET),
    "malformed": lambda one, _: one.decode("a.b", SECRET, ["HS256"]),
    "detached": lambda one, _: one.decode(DETACHED, SECRET, ["HS256"], detached_payload=b'{"a":1}'),
    "detached is absent": lambda one, _: one.decode(DETACHED, SECRET, ["HS256"]),
    "short": lambda one, _: one.decode(jwt.encode({}, "short"), "short", ["HS256"]),
    "encode": lambda one, _: one.encode(CLAIMS, SECRET),
    "encode with headers": lambda one, _: one.encode(
        CLAIMS, SECRET, "HS256", {"kid": "k", "typ": "at+jwt"}, sort_headers=False
    ),
    "encode unknown": lambda one, _: one.encode(CLAIMS, SECRET, "XX"),
    "jws": lambda one, _: one._jws.decode(TOKEN, SECRET, ["HS256"]),
    "jws detached": lambda one, _: one._jws.encode(b"x", SECRET, is_payload_detached=True),
    "jws header": lambda one, _: one._jws.get_unverified_header(TOKEN),
    "jwk": lambda one, module: one.decode(TOKEN, module.PyJWK({"kty": "oct", "k": "YQ"}), audience="a"),
}


@pytest.mark.parametrize("options", [None, {"verify_exp": False}])
@pytest.mark.parametrize("call", CALLS)
def test_steps_are_taken_in_the_order_of_pyjwt_with_its_arguments(call: str, options: Any) -> None:
    logs = []
    for module in MODULES:
        log: list[Any] = []
        one = listener(module, log, options)
        try:
            outcome = CALLS[call](one, module)
        except Exception as error:
            outcome = type(error).__name__
        logs.append([*log, shown(outcome)])
    assert logs[1] == logs[0]


class Met(Exception):
    """That a program's own step was taken."""


def met(*_: Any, **__: Any) -> Any:
    raise Met


def trigger(module: Any, one: Any) -> None:
    """Take every step once."""
    one.encode(CLAIMS, SECRET)
    one.decode(TOKEN, SECRET, ["HS256"], audience="a", issuer="i", subject="s")
    one._jws.get_unverified_header(TOKEN)
    one._jws.decode(TOKEN, SECRET, ["HS256"])
    crit = module.PyJWS().encode(b"{}", SECRET, is_payload_detached=True)
    one._jws.decode(crit, SECRET, ["HS256"], detached_payload=b"{}")


AT_FIRST = {"_get_default_options", "_get_sig_options"}
OVERRIDDEN = [
    *(("PyJWT", name) for name in JWT_STEPS if name != "_merge_options"),
    *(("PyJWS", name) for name in JWS_STEPS),
]


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.__name__)
@pytest.mark.parametrize(("kind", "name"), OVERRIDDEN)
def test_step_of_a_subclass_is_taken(kind: str, name: str, module: Any) -> None:
    base = getattr(module, kind)
    sub = type("Sub", (base,), {name: staticmethod(met) if name == "_get_default_options" else met})
    with pytest.raises(Met):
        one = module.PyJWT() if kind == "PyJWS" else sub()
        if kind == "PyJWS":
            one._jws = sub()
        trigger(module, one)


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.__name__)
@pytest.mark.parametrize(("kind", "name"), [pair for pair in OVERRIDDEN if pair[1] not in AT_FIRST])
def test_step_of_an_instance_is_taken(kind: str, name: str, module: Any) -> None:
    one = module.PyJWT()
    setattr(one if kind == "PyJWT" else one._jws, name, met)
    with pytest.raises(Met):
        trigger(module, one)


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.__name__)
@pytest.mark.parametrize(("kind", "name"), [pair for pair in OVERRIDDEN if pair[1] not in AT_FIRST])
def test_step_that_is_patched_into_the_class_is_taken(
    kind: str, name: str, module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = module.PyJWT()
    monkeypatch.setattr(getattr(module, kind), name, met)
    with pytest.raises(Met):
        trigger(module, one)


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.__name__)
def test_functions_of_the_module_are_methods_of_its_one_object(
    module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert module.api_jwt._jwt_global_obj._jws is module.api_jws._jws_global_obj
    monkeypatch.setattr(module.api_jwt._jwt_global_obj, "_validate_exp", met)
    with pytest.raises(Met):
        module.decode(TOKEN, SECRET, ["HS256"], audience="a")
    monkeypatch.setattr(module.api_jws._jws_global_obj, "_verify_signature", met)
    with pytest.raises(Met):
        module.decode(TOKEN, SECRET, ["HS256"])


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.__name__)
def test_clock_of_the_module_can_be_set(module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.datetime.fromtimestamp(NOW, tz)

    token = jwt.encode({"exp": NOW + 1}, SECRET)
    late = jwt.encode({"exp": NOW}, SECRET)
    monkeypatch.setattr(module.api_jwt, "datetime", Clock)
    assert module.decode(token, SECRET, ["HS256"]) == {"exp": NOW + 1}
    with pytest.raises(module.ExpiredSignatureError):
        module.decode(late, SECRET, ["HS256"])


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.__name__)
def test_check_of_a_program_refuses_what_the_module_would_take(module: Any) -> None:
    class Strict(module.PyJWT):  # type: ignore[misc, name-defined]
        def _validate_exp(self, payload: Any, now: float, leeway: float) -> None:
            raise module.ExpiredSignatureError("the program says so")

    with pytest.raises(module.ExpiredSignatureError, match="the program says so"):
        Strict().decode(TOKEN, SECRET, ["HS256"], audience="a")


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.__name__)
def test_algorithm_of_a_program_is_asked(module: Any) -> None:
    class Own(module.algorithms.HMACAlgorithm):  # type: ignore[misc, name-defined]
        def prepare_key(self, key: Any) -> Any:
            return super().prepare_key(f"{key}, and a pepper that makes it long enough")

        def check_key_length(self, key: Any) -> Any:
            return None

    one = module.PyJWS()
    one.register_algorithm("OWN", Own(hashlib.sha256))
    token = one.encode(b"x", "k", "OWN")
    assert one.decode(token, "k", ["OWN"]) == b"x"
    with pytest.raises(module.InvalidSignatureError):
        one.decode(token, "other", ["OWN"])
    one.unregister_algorithm("OWN")
    with pytest.raises(module.InvalidAlgorithmError):
        one.decode(token, "k", ["OWN"])
    for wrong, raised in ((("HS256", Own(hashlib.sha256)), ValueError), (("NEW", object()), TypeError)):
        with pytest.raises(raised):
            one.register_algorithm(*wrong)
    with pytest.raises(KeyError):
        one.unregister_algorithm("OWN")


def test_step_that_cannot_be_called_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TypeError, match="_decode_base64url_segment would not be called"):
        type("Sub", (jot.pyjwt.PyJWS,), {"_decode_base64url_segment": staticmethod(met)})
    with pytest.raises(TypeError, match="_is_der_key would not be called"):
        type("Sub", (jot.pyjwt.algorithms.HMACAlgorithm,), {"_is_der_key": staticmethod(met)})
    one = jot.pyjwt.PyJWS()
    one._decode_base64url_segment = met
    with pytest.raises(TypeError, match="_decode_base64url_segment would not be called"):
        one.decode(TOKEN, SECRET, ["HS256"])
    monkeypatch.setattr(jot.pyjwt.PyJWS, "_decode_base64url_segment", met)
    with pytest.raises(TypeError, match="_decode_base64url_segment would not be called"):
        jot.pyjwt.decode(TOKEN, SECRET, ["HS256"])
