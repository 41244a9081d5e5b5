"""What `nginx -t` says of a bad configuration: what, and in which line."""

import re

import pytest

from nginx_gateway import validate

# The lines before the first one of the http block.
GOOD = ["jot_key_file DIRECTORY/jwks.json;", "jot_algorithms RS256;"]
GUARD = "server { listen 127.0.0.1:1; location / { jot on; } }"


def check(tmp_path, forge, lines):
    """Return the exit code and the complaint, with NAME:LINE of our lines."""
    (tmp_path / "jwks.json").write_text(forge.jwks("rsa"))
    (tmp_path / "empty.json").write_text('{"keys":[]}')
    (tmp_path / "unusable.json").write_text('{"keys":[{"kty":"XX","kid":"a"},7]}')
    (tmp_path / "text.json").write_text("hello")
    (tmp_path / "page.json").write_text("<!doctype html>")
    (tmp_path / "revoked").write_text('{"jti":"a"}\nnonsense\n')
    first = "# first"
    text = "\n".join([first, *lines]).replace("DIRECTORY", str(tmp_path))
    status, output = validate(tmp_path, text)
    before = (tmp_path / "bad.conf").read_text().splitlines().index(first) + 1
    [*complaints] = re.findall(r"\[emerg\] (?:\d+#\d+: )?(.*)", output)
    complaint = complaints[0] if complaints else output
    complaint = re.sub(r"bad\.conf:(\d+)", lambda found: f"bad.conf:{int(found[1]) - before}", complaint)
    return status, complaint.replace(str(tmp_path), "DIRECTORY")


def test_good_configuration_passes(tmp_path, forge):
    assert check(tmp_path, forge, [*GOOD, GUARD])[0] == 0


OF_NAME = (
    "condition_name (160): The condition's name is empty or no JSON Pointer (RFC 6901), where ~ is written ~0, "
    "and / within a name ~1. %s"
)


def no_test(word):
    """What is said of a word after the claim `tier` that is no test."""
    return (
        f'"{word}" is no test; a claim that is one of several values is "tier any_of {word} ...", an array that has '
        f'one of them "tier contains {word} ..."; the tests are present, equals, any_of, contains, prefix, regex, ge, '
        "gt, le and lt in DIRECTORY/bad.conf:1"
    )


BAD = [
    (["jot yes;"], 'invalid value "yes", it must be "on", "off" or "optional" in DIRECTORY/bad.conf:1'),
    (["jot on;", "jot off;"], '"jot" directive is duplicate in DIRECTORY/bad.conf:2'),
    (["jot on a b;"], 'invalid number of arguments in "jot" directive in DIRECTORY/bad.conf:1'),
    ([GUARD], '"jot" needs "jot_key_file" in DIRECTORY/bad.conf:1'),
    ([GOOD[0], "", GUARD], '"jot" needs "jot_algorithms" in DIRECTORY/bad.conf:3'),
    ([GOOD[1], GUARD], '"jot" needs "jot_key_file" in DIRECTORY/bad.conf:2'),
    (["jot_algorithms RS256 none;"], '"none" is no algorithm: unsigned tokens are never accepted in DIRECTORY/bad.conf:1'),
    (["jot_algorithms RSA;"], 'unknown algorithm "RSA" in DIRECTORY/bad.conf:1'),
    (["jot_key_file DIRECTORY/none;"], 'open() "DIRECTORY/none" failed (2: No such file or directory) in DIRECTORY/bad.conf:1'),
    (["jot_key_file DIRECTORY;"], '"DIRECTORY" is not a regular file in DIRECTORY/bad.conf:1'),
    (
        ["jot_key_file DIRECTORY/empty.json;"],
        '"DIRECTORY/empty.json": key_set_empty (417): None of the keys can be used. in DIRECTORY/bad.conf:1',
    ),
    (
        ["jot_key_file DIRECTORY/unusable.json;"],
        '"DIRECTORY/unusable.json": key_set_empty (417): None of the keys can be used. '
        'key 1 of 2 in the JWK Set (kid "a"): key_type_unknown (403): '
        "The kty or the key's object identifier is not one that this library knows. [kty] key 2 of 2 in the JWK Set: "
        "key_json (400): The JWK or JWK Set is not a JSON object with unique member names. in DIRECTORY/bad.conf:1",
    ),
    (
        ["jot_key_file DIRECTORY/text.json;"],
        '"DIRECTORY/text.json": key_text_unknown (447): The text is neither a JWK, a JWK Set nor PEM. '
        "in DIRECTORY/bad.conf:1",
    ),
    (["jot_key_file DIRECTORY/jwks.json kid=x;"], 'invalid parameter "kid=x" in DIRECTORY/bad.conf:1'),
    (
        ["jot_issuer a b;", *GOOD, GUARD],
        '"jot_issuer" names several issuers, so "jot_key_file" needs "issuer=" in DIRECTORY/bad.conf:2',
    ),
    (
        ["jot_issuer a;", "jot_key_file DIRECTORY/jwks.json issuer=b;", GOOD[1], GUARD],
        'issuer "b" of "jot_key_file" is not among those of "jot_issuer" '
        '(write "jot_issuer off" beside the file to take those of its "issuer=") in DIRECTORY/bad.conf:2',
    ),
    (
        ["jot_issuer a b;", "jot_key_file DIRECTORY/jwks.json issuer=a;", GOOD[1], GUARD],
        'issuer "b" of "jot_issuer" has no "jot_key_file" '
        '(write "jot_issuer off" to take those of each "issuer=") in DIRECTORY/bad.conf:1',
    ),
    (
        [*GOOD, "jot_key_file DIRECTORY/jwks.json issuer=a;", GUARD],
        '"jot_key_file" needs "issuer=" where another one has it in DIRECTORY/bad.conf:1',
    ),
    (["jot_typ $x;"], 'variables are not supported in "jot_typ", see "jot_require": "$x" in DIRECTORY/bad.conf:1'),
    (
        ["jot_key_file /keys/$host.jwks;"],
        'variables are not supported in "jot_key_file", see "jot_keys": "/keys/$host.jwks" in DIRECTORY/bad.conf:1',
    ),
    (
        ["jot_revoked_file /$host;"],
        'variables are not supported in "jot_revoked_file", see "location": "/$host" in DIRECTORY/bad.conf:1',
    ),
    (["jot_algorithms $a;"], 'unknown algorithm "$a" in DIRECTORY/bad.conf:1'),
    (
        ["jot_require_claim $a equals x;"],
        'variables are not supported in the name of a claim; one that is called so is "/$a" in DIRECTORY/bad.conf:1',
    ),
    (["jot_audience off a;"], '"jot_audience" directive has names beside "off" in DIRECTORY/bad.conf:1'),
    (["jot_issuer a;", "jot_issuer off;"], '"jot_issuer" directive has names beside "off" in DIRECTORY/bad.conf:2'),
    (["jot_typ off;", "jot_typ a;"], '"jot_typ" directive is "off" already in DIRECTORY/bad.conf:2'),
    (["jot_require_claim a;", "jot_require_claim off;"], '"jot_require_claim" directive demands claims beside "off" in DIRECTORY/bad.conf:2'),
    (["jot_require_claim off;", "jot_require_claim a;"], '"jot_require_claim" directive is "off" already in DIRECTORY/bad.conf:2'),
    (
        ["jot_key_file DIRECTORY/jwks.json;", "jot_issuer a;", "jot_algorithms HS256 ES256;", GUARD],
        'no key of issuer "a" verifies with any of "jot_algorithms" in DIRECTORY/bad.conf:1',
    ),
    (
        ["jot_key_file DIRECTORY/page.json;"],
        '"DIRECTORY/page.json": key_text_is_page (427): The text is an HTML or XML page, such as a login or error page, not a key. '
        "in DIRECTORY/bad.conf:1",
    ),
    (["jot_leeway soon;"], '"jot_leeway" directive invalid value in DIRECTORY/bad.conf:1'),
    (["jot_cache tokens;"], '"jot_cache" directive needs a zone and a number of entries, or "off" in DIRECTORY/bad.conf:1'),
    (["jot_backend fast;"], '"jot_backend" directive needs "aws-lc", "auto" or "accelerated" in DIRECTORY/bad.conf:1'),
    (["jot_cache tokens 0;"], 'invalid number of entries "0" in DIRECTORY/bad.conf:1'),
    (
        [*GOOD, "jot_cache tokens 9000000000000000;", GUARD],
        "cache_too_large (141): There is not enough memory for a cache of this size. in DIRECTORY/bad.conf:1",
    ),
    (
        ["jot_audience * api;", *GOOD, GUARD],
        "policy_invalid (104): A policy value is empty, negative or contradicts another. [any_audience] in DIRECTORY/bad.conf:1",
    ),
    (['jot_audience "";'], '"jot_audience" directive has an empty value in DIRECTORY/bad.conf:1'),
    (
        ["jot_token_from header a cookie;"],
        '"jot_token_from" directive needs pairs of "header", "cookie" or "query" and a name, or a variable in DIRECTORY/bad.conf:1',
    ),
    (
        ["jot_token_from body token;"],
        'invalid source "body", it must be "header", "cookie", "query" or a variable in DIRECTORY/bad.conf:1',
    ),
    (["jot_token_from $nothing;", *GOOD, GUARD], 'unknown "nothing" variable'),
    (["jot_key_set a;"], 'invalid number of arguments in "jot_key_set" directive in DIRECTORY/bad.conf:1'),
    (["jot_key_set a issuer=b;"], '"jot_key_set" directive names no file in DIRECTORY/bad.conf:1'),
    (
        ["jot_key_set a DIRECTORY/jwks.json;", "jot_key_set a DIRECTORY/jwks.json;"],
        'duplicate key set "a" in DIRECTORY/bad.conf:2',
    ),
    (
        ["jot_key_set a DIRECTORY/jwks.json issuer=x issuer=y;"],
        'invalid parameter "issuer=y", a key set is of one issuer in DIRECTORY/bad.conf:1',
    ),
    (
        ["jot_key_set a DIRECTORY/$host.json;"],
        'variables are not supported in "jot_key_set", see "jot_keys": "DIRECTORY/$host.json" in DIRECTORY/bad.conf:1',
    ),
    (["jot_keys $host;", GOOD[0]], '"jot_key_file" directive stands beside "jot_keys" in DIRECTORY/bad.conf:2'),
    ([GOOD[0], "jot_keys $host;"], '"jot_keys" directive stands beside "jot_key_file" in DIRECTORY/bad.conf:2'),
    (["jot_keys $host;", "jot_keys a;"], '"jot_keys" directive is duplicate in DIRECTORY/bad.conf:2'),
    (["jot_keys $host;", GOOD[1], GUARD], '"jot_keys" needs "jot_key_set" in DIRECTORY/bad.conf:1'),
    (
        ["jot_key_set a DIRECTORY/jwks.json;", "jot_keys b;", GOOD[1], GUARD],
        'no "jot_key_set" has the name "b" of "jot_keys" in DIRECTORY/bad.conf:2',
    ),
    (
        ["jot_audience * $host;", *GOOD, GUARD],
        '"*" takes any audience, so "jot_audience" needs no variable in DIRECTORY/bad.conf:1',
    ),
    (["jot_issuer $nothing;", *GOOD, GUARD], 'unknown "nothing" variable'),
    (
        ["jot_token_from header Authorization;", "jot_token_from cookie t header AUTHORIZATION;"],
        'duplicate source "header authorization" in DIRECTORY/bad.conf:2',
    ),
    (['jot_require_claim "";'], OF_NAME % "in DIRECTORY/bad.conf:1"),
    (["jot_require_claim /a~2;"], OF_NAME % "[/a~2] in DIRECTORY/bad.conf:1"),
    (["jot_require_claim tier gold silver;"], no_test("gold")),
    (["jot_require_claim tier not gold;"], no_test("gold")),
    (["jot_require_claim tier $host;"], no_test("$host")),
    (
        ["jot_require_claim email ~*@example\\.org$;"],
        '"~*@example\\.org$" is no test; a claim in which an expression matches is '
        "\"email regex '(?i).*(@example\\.org$).*'\" in DIRECTORY/bad.conf:1",
    ),
    (
        ["jot_require_claim scope orders:read;"],
        'scopes are demanded by "jot_scope"; the claim itself is "/scope" in DIRECTORY/bad.conf:1',
    ),
    (["jot_require_claim scp;"], 'scopes are demanded by "jot_scope"; the claim itself is "/scp" in DIRECTORY/bad.conf:1'),
    (
        ["jot_require_claim level ge three;"],
        "condition_operand (163): ge, gt, le and lt take a number, prefix and regex a text that is not empty, "
        "no test null, a list or an object. [three] in DIRECTORY/bad.conf:1",
    ),
    (
        ["jot_require_claim level ge $host;"],
        "condition_operand (163): ge, gt, le and lt take a number, prefix and regex a text that is not empty, "
        "no test null, a list or an object. [$host] A variable is a text and no number. in DIRECTORY/bad.conf:1",
    ),
    (
        ["jot_require_claim tier equals gold silver;"],
        "condition_operands (162): The number of operands is wrong: present takes none, any_of and contains one or more, "
        "every other test one. [equals] in DIRECTORY/bad.conf:1",
    ),
    (["jot_require_claim a regex $host;"], 'variables are not supported in a regular expression: "$host" in DIRECTORY/bad.conf:1'),
    (
        ["jot_require_claim a regex a(;"],
        "condition_pattern (165): The regular expression is malformed or too large. [unclosed group] [byte 1] "
        "in DIRECTORY/bad.conf:1",
    ),
    (
        ["jot_require_claim a any_of '\"100\"' $host;"],
        'an operand beside one with variables is a text and needs no quotes of JSON: ""100"" in DIRECTORY/bad.conf:1',
    ),
    (["jot_require_claim a equals $nothing;"], 'unknown "nothing" variable'),
    (['jot_scope "a b";'], '"a b" is no scope; several are words of their own in DIRECTORY/bad.conf:1'),
    (["jot_scope a error=500;"], 'invalid parameter "error=500", it must be "error=401" or "error=403" in DIRECTORY/bad.conf:1'),
    (["jot_scope error=401;"], '"jot_scope" directive names no scope in DIRECTORY/bad.conf:1'),
    (["jot_scope $nothing;"], 'unknown "nothing" variable'),
    (["jot_scope a;", "jot_scope off;"], '"jot_scope" directive demands scopes beside "off" in DIRECTORY/bad.conf:2'),
    (["jot_scope off;", "jot_scope a;"], '"jot_scope" directive is "off" already in DIRECTORY/bad.conf:2'),
    (["jot_require_claim a error=500;"], 'invalid parameter "error=500", it must be "error=401" or "error=403" in DIRECTORY/bad.conf:1'),
    (["jot_require $ok error=500;"], 'invalid parameter "error=500", it must be "error=401" or "error=403" in DIRECTORY/bad.conf:1'),
    (["jot_require admin;"], '"admin" holds no variable; claims are named by "jot_require_claim" in DIRECTORY/bad.conf:1'),
    (["jot_require error=401;"], '"jot_require" directive names no variable in DIRECTORY/bad.conf:1'),
    (["jot_require $nothing;"], 'unknown "nothing" variable'),
    (["jot_require $host;", "jot_require off;"], '"jot_require" directive demands values beside "off" in DIRECTORY/bad.conf:2'),
    (["jot_require off;", "jot_require $host;"], '"jot_require" directive is "off" already in DIRECTORY/bad.conf:2'),
    (["jot_claim_set $a /a~2;"], '"~" in "/a~2" must be followed by "0" or "1" in DIRECTORY/bad.conf:1'),
    (["jot_claim_set $a /1/2/3/4/5/6/7/8/9;"], '"/1/2/3/4/5/6/7/8/9" is deeper than 8 names in DIRECTORY/bad.conf:1'),
    (["jot_claim_set sub sub;"], 'invalid variable name "sub" in DIRECTORY/bad.conf:1'),
    (["jot_strip yes;"], 'invalid value "yes" in "jot_strip" directive, it must be "on" or "off" in DIRECTORY/bad.conf:1'),
    (
        ["jot_revoked_file DIRECTORY/revoked;"],
        '"DIRECTORY/revoked": revocations_invalid (121): The text of saved revocations is malformed. [byte 12] '
        "in DIRECTORY/bad.conf:1",
    ),
    (["server { location / { jot_protected_resource x y; } }"], '"y" is not "member=value" in DIRECTORY/bad.conf:1'),
    (
        ["server { location / { jot_protected_resource x scope=y; } }"],
        'unknown member "scope" of a protected resource in DIRECTORY/bad.conf:1',
    ),
    (
        ["server { location / { jot_protected_resource x scopes_supported#de=y; } }"],
        'unknown member "scopes_supported#de" of a protected resource in DIRECTORY/bad.conf:1',
    ),
    (
        ["server { location / { jot_protected_resource x resource=y; } }"],
        'duplicate member "resource" in DIRECTORY/bad.conf:1',
    ),
    (
        ["server { location / { jot_protected_resource x dpop_bound_access_tokens_required=yes; } }"],
        'invalid value "yes" of "dpop_bound_access_tokens_required" in DIRECTORY/bad.conf:1',
    ),
    (["jot_resource_metadata a;", "jot_resource_metadata b;"], '"jot_resource_metadata" directive is duplicate in DIRECTORY/bad.conf:2'),
    (
        ["server { location /s { jot_status xml; } }"],
        'invalid format "xml", it must be "json" or "prometheus" in DIRECTORY/bad.conf:1',
    ),
    (["jot_status;"], '"jot_status" directive is not allowed here in DIRECTORY/bad.conf:1'),
]


@pytest.mark.parametrize(("lines", "complaint"), BAD, ids=[" ".join(lines)[:60] for lines, _ in BAD])
def test_bad_configuration_is_refused_with_file_line_and_reason(tmp_path, forge, lines, complaint):
    assert check(tmp_path, forge, lines) == (1, complaint)
