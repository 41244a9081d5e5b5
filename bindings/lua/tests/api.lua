--- What the module promises beyond the shared table.
local check = require "check"
local cjson = require "cjson"
local ffi = require "ffi"
local jot = require "jot"
local world = require "world"

local ISSUER, NOW = world.ISSUER, world.NOW
local signer, keys, rules, claims = world.signer, world.keys, world.rules, world.claims
local verifier, good = world.verifier, world.good

check.test("an accepted token", function()
  local token, rejection = verifier:verify(good, NOW)
  check.is(rejection, nil)
  check.is(token.subject, "alice")
  check.is(token.issuer, ISSUER)
  check.is(token.claims.aud, "api")
  check.is(token.algorithm, "ES256")
  check.is(token.kid, "k")
  check.is(token.expires_at, NOW + 60)
  check.is(token.issued_at, nil)
  check.is(token.key_index, 1)
  check.is(verifier.issuers[token.issuer_index], ISSUER)
  check.is(cjson.decode(token.payload).sub, "alice")
  check.is(token.parameters.typ, "JWT")
  check.is(token.nobody, nil)
  -- What was copied is not touched by the next token.
  verifier:verify(assert(signer:sign(claims { sub = "bob" })), NOW)
  check.is(token.subject, "alice")
end)

check.test("a rejected token", function()
  local token, rejection = verifier:verify(good, NOW + 60)
  check.is(token, nil)
  check.is(rejection.name, "expired")
  check.is(rejection.code, 692)
  check.is(rejection.status, 401)
  check.is(rejection.claim, "exp")
  check.is(rejection.signature_ok, true)
  check.is(rejection.stage, "claims")
  check.ok(tostring(rejection):find("token rejected: expired (692): ", 1, true), tostring(rejection))
  local is_accepted, name, code = verifier:check(good, NOW + 60)
  check.is(is_accepted, nil)
  check.is(name, "expired")
  check.is(code, 692)
  check.is(verifier:check(good, NOW), true)
  token, rejection = verifier:verify(nil, NOW)
  check.is(token, nil)
  check.is(rejection.name, "token_null")
  check.is(select(2, verifier:check(nil)), "token_null")
  check.is(select(2, verifier:verify("x", NOW)).name, "token_segments")
  check.ok(verifier:verify(good), "the clock's time")
end)

check.test("mistakes of the program are raised, and are no verdict", function()
  check.raises("token: a string is wanted", verifier.verify, verifier, 7)
  check.raises("token: a string is wanted", verifier.check, verifier, {})
  for _, now in ipairs { 0 / 0, 1 / 0, -1 / 0, 2 ^ 53, "1", {} } do
    check.raises("now: seconds since 1970", verifier.verify, verifier, good, now)
    check.raises("now: seconds since 1970", verifier.check, verifier, good, now)
    check.raises("now: seconds since 1970", verifier.read, verifier, good, print, now)
  end
  check.is(select(2, verifier:check(good, 9223372036854775807LL)), "expired")
  check.is(select(2, verifier:verify(good, NOW + 59.9)), nil)
  check.ok(verifier:verify(good, -1))
  local closed = assert(jot.verifier(rules()))
  closed:close()
  closed:close()
  check.raises("required pointer", closed.verify, closed, good, NOW)
  check.raises("closed", closed.statistics, closed)
end)

check.test("rules that are missing or misspelt", function()
  for _, row in ipairs {
    { "audiance", { audiance = "x" } }, { "audience", { audience = {} } }, { "audience", { audience = { 1 } } },
    { "audience", { audience = 7 } }, { "scopes", { scopes = { "a", nil, "b" } } }, { "leeway", { leeway = -1 } },
    { "leeway", { leeway = 0.5 } }, { "leeway", { leeway = "5" } }, { "leeway", { leeway = 0 / 0 } },
    { "any_audience", { any_audience = "yes" } }, { "subject", { subject = 7 } }, { "keys", { keys = {} } },
    { "backend", { backend = "fast" } }, { "no_audience", { no_audience = true } },
    { "any_issuer", { any_issuer = true } }, { "audience", { audience = "" } },
    { "cache_entries", { cache_entries = -1 } }, { "id_token", { access_token = "a", id_token = "b" } },
  } do
    check.fails("policy_invalid", row[1], jot.verifier(rules(row[2])))
  end
  -- A variable that was never set leaves nothing in a table.
  local without = rules()
  without.issuer = nil
  check.fails("policy_invalid", "issuer", jot.verifier(without))
  without = rules()
  without.audience = nil
  check.fails("policy_invalid", "audience", jot.verifier(without))
  without.no_audience = true
  check.ok(jot.verifier(without))
  check.fails("policy_invalid", "options", jot.verifier "x")
  check.fails("algorithms_empty", nil, jot.verifier(rules { algorithms = {} }))
  check.fails("alg_none", nil, jot.verifier(rules { algorithms = { "none" } }))
  check.fails("alg_unknown", nil, jot.verifier(rules { algorithms = { "HS257" } }))
  check.fails("condition_test", "tset", jot.verifier(rules { claims = "tier tset gold" }))
  without = rules()
  without.keys = nil
  check.fails("policy_invalid", "keys", jot.verifier(without))
end)

check.test("demands of a call", function()
  local function name(demanded)
    local token, rejection = verifier:verify(good, NOW, demanded)
    local is_accepted, of_check = verifier:check(good, NOW, demanded)
    check.is(of_check or is_accepted and "accepted", token and "accepted" or rejection.name)
    return token and "accepted" or rejection.name
  end
  check.is(name { scopes = "read" }, "accepted")
  check.is(name { scopes = { "read", "write" } }, "scope_insufficient")
  check.is(name { audience = { "other", "api" } }, "accepted")
  check.is(name { audience = "other" }, "aud_mismatch")
  check.is(name { issuer = ISSUER }, "accepted")
  check.is(name { issuer = "https://other" }, "iss_mismatch")
  check.is(name { claims = { "sub equals alice", "sub prefix al" } }, "accepted")
  check.is(name { claims = "sub equals bob" }, "claim_mismatch")
  check.is(name { claims = "tier present" }, "claim_missing")
  check.is(name { key_set = "red" }, "issuer_unknown")
  local demanded = assert(jot.demand { scopes = "write" })
  collectgarbage()
  check.is(name(demanded), "scope_insufficient")
  check.raises("nothing is demanded", verifier.verify, verifier, good, NOW, { audience = nil })
  check.raises("there is no such option", verifier.verify, verifier, good, NOW, { scope = "read" })
  check.raises("the list is empty", verifier.check, verifier, good, NOW, { scopes = {} })
  check.fails("policy_invalid", "issuer", jot.demand { issuer = 7 })
  local _, rejection = verifier:verify(good, NOW, { scopes = "write" })
  check.is(rejection.status, 403)
  check.is(rejection.signature_ok, true)
  check.is(rejection.detail, [[scope="read" scp=none]])
end)

check.test("claims that are lent", function()
  local text = assert(signer:sign((cjson.encode(claims {
    n = 7, half = 0.5, yes = true, roles = { "admin", "user" }, deep = { a = { b = "c" } },
  }):gsub("}$", [[,"null":null,"big":9007199254740993,"zero":"a\u0000b"}]]))))
  local kept
  local first, second = verifier:read(text, function(view)
    kept = view
    check.is(view:text "sub", "alice")
    check.is(view:text "zero", "a\0b")
    check.is(view:text "n", nil)
    check.is(view:text "nobody", nil)
    check.is(view:integer "n", 7)
    check.is(tostring(view:integer "big"), "9007199254740993LL")
    check.is(view:integer "half", nil)
    check.is(view:number "half", 0.5)
    check.is(view:boolean "yes", true)
    check.is(view:boolean "n", nil)
    check.is(view:date "exp", NOW + 60)
    check.is(view:has_scope "read", true)
    check.is(view:has_scope "write", false)
    check.is(view:contains("admin", "roles"), true)
    check.is(view:contains("root", "roles"), false)
    check.is(view:get("deep", "a", "b"), "c")
    check.is(view:get("deep", "x"), nil)
    check.is(view:get "roles"[2], "user")
    check.is(view:get "null", jot.null)
    check.is(view:get().sub, "alice")
    check.is(view:meets(assert(jot.condition "sub equals alice")), true)
    check.is(view:meets(assert(jot.condition "sub equals bob")), false)
    -- A token in between takes another room.
    check.is(verifier:read(good, function(other) return other:text "scope" end, NOW), "read")
    check.is(verifier:check("x", NOW), nil)
    check.is(view:text "sub", "alice")
    return 1, 2
  end, NOW)
  check.is(first, 1)
  check.is(second, 2)
  check.raises("only lent", kept.text, kept, "sub")
  check.raises("only lent", kept.has_scope, kept, "read")
  check.raises("boom", verifier.read, verifier, good, function() error "boom" end, NOW)
  check.is(select(2, verifier:read("x", error, NOW)).name, "token_segments")
  -- A coroutine may wait in the middle.
  local co = coroutine.wrap(function()
    return verifier:read(good, function(view)
      coroutine.yield "waits"
      return view:text "sub"
    end, NOW)
  end)
  check.is(co(), "waits")
  check.is(verifier:check(assert(signer:sign(claims { sub = "bob" })), NOW), true)
  check.is(verifier:read(assert(signer:sign(claims { sub = "carol" })), function(v) return v:text "sub" end, NOW), "carol")
  check.is(co(), "alice")
end)

check.test("keys", function()
  local jwks = assert(keys:jwks())
  check.is(assert(jot.keys.parse(jwks)):count(), 1)
  check.is(assert(jot.keys.parse(assert(keys:pem(1)))):key(1).kty, "EC")
  check.is(keys:key(1).algorithms[1], "ES256")
  check.is(keys:key(1).kid, "k")
  check.is(#keys:key(1).thumbprint, 43)
  check.fails("value_missing", nil, keys:key(2))
  check.fails("key_text_unknown", nil, jot.keys.parse "nonsense")
  check.fails("policy_invalid", "week", jot.keys.parse(jwks, { week = true }))
  check.fails("file_unreadable", nil, jot.keys.read "/nowhere/keys")
  check.fails("key_secret_too_short", nil, jot.keys.secret "short")
  check.ok(jot.keys.secret("short", { allow_weak_keys = true }))
  local set = assert(jot.keys.secret(("s"):rep(32) .. "\n"))
  check.ok(set:secret_doubt():find "line break", set:secret_doubt())
  check.fails("key_secret_not_public", nil, set:jwks())
  check.fails("key_set_frozen", nil, keys:add_secret(("s"):rep(32)))
  local some = assert(jot.keys.jwks(jwks:gsub("%]}$", [[,{"kty":"new"}]}]]), nil))
  check.is(some:count(), 1)
  check.is(select(2, some:skipped()), 1)
  check.ok(some:skipped():find "key_type_unknown", some:skipped())
  local name = os.tmpname()
  local file = io.open(name, "w")
  file:write(jwks)
  file:close()
  check.is(assert(jot.keys.read(name)):count(), 1)
  os.remove(name)
  check.raises("text: a string is wanted", jot.keys.parse, nil)
end)

check.test("signing", function()
  check.ok(verifier:check(assert(signer:sign(cjson.encode(claims()))), NOW))
  local again = assert(jot.signer.jwk(assert(signer:jwk())))
  check.ok(verifier:check(assert(again:sign(claims(), { typ = "at+jwt", parameters = { x = 1 } })), NOW))
  local token = verifier:verify(assert(signer:sign(claims(), { typ = false, cty = "c" })), NOW)
  check.is(token.parameters.typ, nil)
  check.is(token.parameters.cty, "c")
  check.is(assert(jot.signer.pem(assert(signer:pem()))):key().algorithm, "ES256")
  check.fails("claims_to_sign_invalid", nil, signer:sign "[]")
  check.fails("header_to_sign_invalid", "alg", signer:sign(claims(), { parameters = { alg = "none" } }))
  check.fails("policy_invalid", "tpy", signer:sign(claims(), { tpy = "x" }))
  check.fails("alg_unknown", nil, jot.signer.generate "HS257")
  check.fails("key_not_private", "d", jot.signer.jwk((assert(keys:jwks()):match "%[(.*)%]")))
  local detached = assert(signer:sign_payload("any bytes", { unencoded = true }))
  check.is(verifier:verify_jws(detached, ISSUER, "any bytes"), "any bytes")
  check.is(select(2, verifier:verify_jws(detached, ISSUER, "others")).name, "signature_invalid")
  check.is(verifier:verify_jws(assert(signer:sign_payload "x"), ISSUER), "x")
  local critical = assert(signer:sign(claims(), { critical = { ["urn:x"] = { "y" } } }))
  check.is(select(2, verifier:verify(critical, NOW)).name, "crit_unknown")
  check.ok(assert(jot.verifier(rules { understand_critical = "urn:x" })):check(critical, NOW))
  local signature = assert(signer:sign_message "hello")
  check.is(keys:check_signature(1, "ES256", "hello", signature), true)
  check.fails("signature_invalid", nil, keys:check_signature(1, "ES256", "hullo", signature))
  again:close()
  check.raises("closed", again.sign, again, claims())
  for _, algorithm in ipairs { "HS256", "RS256", "PS256", "ES384", "ES512", "ES256K", "EdDSA", "ML-DSA-44" } do
    local other = assert(jot.signer.generate(algorithm))
    local theirs = assert(jot.verifier { algorithms = algorithm, any_issuer = true, audience = "api",
      keys = other:verifying_keys() })
    check.is(theirs:check(assert(other:sign(claims())), NOW), true, algorithm)
    check.is(select(2, theirs:check(good, NOW)), "alg_not_allowed", algorithm)
  end
end)

check.test("keys that change, and several issuers", function()
  local other = assert(jot.signer.generate("ES256", { kid = "other" }))
  local both = assert(jot.verifier {
    algorithms = "ES256", audience = "api", cache_entries = 100,
    issuer_keys = { ["https://b"] = other:verifying_keys(), [ISSUER] = keys },
  })
  check.is(both.issuers[1], "https://b")
  check.is(both.issuers[2], ISSUER)
  check.is(both:unverified_issuer(good), 2)
  check.is(both:unverified_issuer "x", nil)
  local theirs = assert(other:sign(claims { iss = "https://b" }))
  check.is(both:verify(theirs, NOW).issuer_index, 1)
  check.is(both:verify(theirs, NOW).from_cache, true)
  check.ok(both:replace_keys(keys, "https://b"))
  check.is(select(2, both:verify(theirs, NOW)).name, "kid_unknown")
  check.fails("issuer_unknown", "issuer", both:replace_keys(keys, "https://c"))
  check.is(assert(both:keys "https://b"):key(1).kid, "k")
  local statistics = both:statistics()
  check.is(statistics.accepted, 2)
  check.is(statistics.refused, 1)
  check.is(statistics.cache_hits, 1)
  check.is(both:verdicts "kid_unknown", 1)
  check.raises("there is no code", both.verdicts, both, "nobody")
  check.ok(both:prometheus():find "jot_", "Prometheus")
  check.ok(#both:backend "ES256" > 0, "backend")
  local named = assert(jot.verifier { algorithms = "ES256", audience = "api",
    key_sets = { { name = "red", keys = keys }, { name = "blue", keys = other:verifying_keys(), issuer = "https://b" } } })
  check.is(named:check(good, NOW, { key_set = "red" }), true)
  check.is(select(2, named:check(good, NOW, { key_set = "blue" })), "kid_unknown")
  check.is(select(2, named:check(good, NOW)), "issuer_unknown")
end)

check.test("revocations and status lists", function()
  local mine = assert(jot.verifier(rules()))
  local text = assert(signer:sign(claims { jti = "j", sid = "s", iat = NOW - 10 }))
  local list = jot.revocations.new(3)
  check.ok(mine:check(text, NOW))
  check.ok(list:revoke_jti("j", NOW + 60))
  check.ok(mine:set_revocations(list))
  check.is(select(2, mine:check(text, NOW)), "jti_revoked")
  check.ok(list:purge(NOW + 61))
  check.is(list:count(), 0)
  check.ok(list:revoke_session "s")
  mine:set_revocations(assert(jot.revocations.parse(assert(list:to_text()))))
  check.is(select(2, mine:check(text, NOW)), "sid_revoked")
  list = jot.revocations.new()
  check.ok(list:revoke_subject("alice", NOW))
  mine:set_revocations(list)
  check.is(select(2, mine:check(text, NOW)), "sub_revoked")
  list = assert(mine:revocations())
  check.is(list:count(), 1)
  list = jot.revocations.new()
  check.ok(list:revoke_key(keys:key(1).thumbprint))
  mine:set_revocations(list)
  check.is(select(2, mine:check(text, NOW)), "key_revoked")
  mine:set_revocations(jot.revocations.stale())
  check.is(select(2, mine:check(text, NOW)), "revocations_stale")
  mine:set_revocations(jot.revocations.not_yet())
  check.is(select(2, mine:check(text, NOW)), "revocations_not_yet")
  check.fails("revocations_invalid", nil, jot.revocations.parse "x")
  local small = jot.revocations.new(1)
  check.ok(small:revoke_jti "a")
  check.fails("revocations_full", nil, small:revoke_jti "b")
  check.raises("issued_before", small.revoke_subject, small, "a")
  check.fails("status_list_invalid", "sub", jot.status_list.from_claims "{}")
end)

check.test("requests and their answers", function()
  local find, answer = jot.request.token, jot.request.answer
  check.is(find "Bearer a.b.c", "a.b.c")
  check.is(find { "Basic x", "bearer  a" }, "a")
  check.is(find(nil), nil)
  check.is(find "Basic x", nil)
  check.is(find("DPoP a", "DPoP"), "a")
  local token, are_several = find { "Bearer a", "Bearer a" }
  check.is(token, nil)
  check.is(are_several, true)
  check.is(select(2, find "Bearer a, Bearer b"), true)
  local settings = assert(jot.request.settings { realm = 'a "b"', scopes = { "read", "write" } })
  local status, challenge = answer(settings, jot.codes.token_null)
  check.is(status, 401)
  check.is(challenge, [[Bearer realm="a \"b\""]])
  status, challenge = answer(settings, jot.codes.scope_insufficient)
  check.is(status, 403)
  check.ok(challenge:find([[scope="read write"]], 1, true), challenge)
  status, challenge = answer(settings, jot.codes.keys_not_yet)
  check.is(status, 503)
  check.is(challenge, nil)
  status, challenge = answer(settings, jot.codes.token_null, true)
  check.is(status, 400)
  check.ok(challenge:find([[error="invalid_request"]], 1, true), challenge)
  check.fails("policy_invalid", "realm", jot.request.settings { realm = "a\nb" })
  check.fails("policy_invalid", "realm", jot.request.settings { scopes = { "\195\188" } })
  check.fails("policy_invalid", "relm", jot.request.settings { relm = "a" })
end)

check.test("huge and hostile inputs", function()
  for _, text in ipairs { "", ("a"):rep(2 ^ 20), ("."):rep(1000), "a.b.c", "\0.\0.\0", ("."):rep(2), good .. "\0" } do
    local token, rejection = verifier:verify(text, NOW)
    check.is(token, nil)
    check.ok(rejection.code > 0 and rejection.status == 401, rejection.name)
    check.is(select(2, verifier:check(text, NOW)), rejection.name)
  end
  local many = {}
  for i = 1, 20000 do
    many[i] = i
  end
  local large = assert(signer:sign(claims { list = many }))
  check.is(select(2, verifier:verify(large, NOW)).name, "token_too_long")
  local roomy = assert(jot.verifier(rules { token_bytes = 2 ^ 20 }))
  check.is(#roomy:verify(large, NOW).claims.list, 20000)
  check.is(roomy:read(large, function(view) return #view:get "list" end, NOW), 20000)
  local deep = assert(signer:sign_payload(([[{"a":%s1%s}]]):format(("["):rep(40), ("]"):rep(40))))
  check.is(select(2, verifier:verify(deep, NOW)).name, "claims_too_deep")
end)

check.test("what is collected is freed, and what is used is not", function()
  collectgarbage "setpause"
  local weak = setmetatable({}, { __mode = "v" })
  for i = 1, 200 do
    local own = assert(jot.signer.generate("HS256"))
    local theirs = assert(jot.verifier { algorithms = "HS256", any_issuer = true, audience = "api",
      keys = own:verifying_keys() })
    weak[i] = theirs
    check.is(theirs:check(assert(own:sign(claims())), NOW), true)
    if i % 20 == 0 then
      collectgarbage()
    end
  end
  collectgarbage()
  collectgarbage()
  local left = 0
  for _ in pairs(weak) do
    left = left + 1
  end
  check.ok(left <= 1, left .. " verifiers are left")
end)

ffi.cdef "int fork(void); int waitpid(int, int *, int); void _exit(int);"

check.test("both sides of a fork", function()
  local child = ffi.C.fork()
  if child == 0 then
    local is_right = verifier:check(good, NOW) and assert(jot.verifier(rules())):check(good, NOW)
      and select(2, verifier:check(good, NOW + 60)) == "expired"
    ffi.C._exit(is_right and 0 or 1)
  end
  local status = ffi.new "int[1]"
  check.is(ffi.C.waitpid(child, status, 0), child)
  check.is(status[0], 0)
  check.is(verifier:check(good, NOW), true)
end)

check.test("codes", function()
  local code = assert(jot.code "expired")
  check.is(code.code, 692)
  check.is(code.bearer_error, "invalid_token")
  check.is(jot.code "accepted".bearer_error, nil)
  check.is(jot.code "nobody", nil)
  check.is(jot.backend_distrusted(), 0)
  check.ok(jot.version:find "^%d+%.%d+%.%d+", jot.version)
end)

check.run("api")
