--- Many tokens at once, what an audit shows of them, and tokens that come with their own key.
local check = require "check"
local cjson = require "cjson"
local jot = require "jot"
local world = require "world"

local NOW = world.NOW
local signer, keys, rules, claims = world.signer, world.keys, world.rules, world.claims
local verifier, good = world.verifier, world.good

check.test("batches", function()
  local batch = assert(jot.batch())
  local verdicts = assert(batch:verify(verifier, { good, "x", false, good }, NOW))
  check.is(verdicts.count, 4)
  check.is(verdicts.accepted, 2)
  check.is(verdicts.distinct, 2)
  check.is(verdicts:code(2), "token_segments")
  check.is(verdicts:code(3), "token_null")
  check.is(verdicts:is_accepted(4), true)
  check.is(verdicts:first_row(4), 1)
  check.is(verdicts:first_row(3), nil)
  check.is(verdicts:expires_at(1), NOW + 60)
  check.is(verdicts:expires_at(2), nil)
  check.is(verdicts:key_index(1), 1)
  check.is(verdicts:issuer_index(2), nil)
  check.raises("there is no row 5", verdicts.code, verdicts, 5)
  check.raises("there is no row 0", verdicts.code, verdicts, 0)
  check.raises("there is no row 1.5", verdicts.code, verdicts, 1.5)
  check.is(assert(batch:verify(verifier, {}, NOW)).count, 0)
  check.raises("tokens[2]", batch.verify, batch, verifier, { good, 7 }, NOW)
  check.fails("batch_invalid", "threads", jot.batch(1025))
  local threads = assert(jot.batch(2))
  local many = {}
  for i = 1, 2000 do
    many[i] = i % 2 == 0 and good or "x"
  end
  check.is(assert(threads:verify(verifier, many, NOW)).accepted, 1000)
end)

check.test("what an audit shows of a batch", function()
  local batch = assert(jot.batch())
  local late = assert(signer:sign(claims { jti = "7", exp = NOW - 30 }))
  local stranger = assert(jot.signer.generate("ES256", { kid = "x" }))
  local strange = assert(stranger:sign(claims()))
  local tokens = { good, late, strange, "x", false, good }
  local verdicts = assert(batch:verify(verifier, tokens, NOW, true))
  local function shows(row, wanted)
    local found = verdicts:audit(row)
    for _, name in ipairs {
      "code", "name", "signature_ok", "valid_at_use", "time_ok", "expired_by_seconds", "expires_at", "key_state",
      "issuer", "subject", "jti", "alg", "kid",
    } do
      check.is(found[name], wanted[name], ("row %d: %s"):format(row, name))
    end
  end
  local accepted = {
    code = 0, name = "accepted", signature_ok = true, valid_at_use = true, time_ok = true, expires_at = NOW + 60,
    key_state = "active", issuer = world.ISSUER, subject = "alice", alg = "ES256", kid = "k",
  }
  shows(1, accepted)
  shows(6, accepted)
  shows(2, {
    code = 692, name = "expired", signature_ok = true, valid_at_use = false, time_ok = false, expired_by_seconds = 30,
    expires_at = NOW - 30, key_state = "active", issuer = world.ISSUER, subject = "alice", jti = "7", alg = "ES256",
    kid = "k",
  })
  shows(3, {
    code = 420, name = "kid_unknown", signature_ok = false, valid_at_use = false, key_state = "unknown", alg = "ES256",
    kid = "x",
  })
  shows(4, { code = jot.codes.token_segments, name = "token_segments", signature_ok = false, valid_at_use = false })
  shows(5, { code = jot.codes.token_null, name = "token_null", signature_ok = false, valid_at_use = false })
  -- What was copied stays when the batch is used again.
  assert(batch:verify(verifier, { late }, NOW))
  shows(1, accepted)
  check.raises("not asked for an audit", function() assert(batch:verify(verifier, tokens, NOW)):audit(1) end)
  check.is(assert(batch:verify(verifier, {}, NOW, true)).count, 0)
end)

check.test("an instant for each row", function()
  local batch = assert(jot.batch())
  local verdicts = assert(batch:verify(verifier, { good, good, good }, { NOW, NOW + 60, false }))
  check.is(verdicts:code(1), "accepted")
  check.is(verdicts:code(2), "expired")
  check.is(verdicts:code(3), "time_unknown")
  check.raises("3 instants are wanted, and not 1", batch.verify, batch, verifier, { good, good, good }, { NOW })
  check.raises("now: seconds since 1970", batch.verify, batch, verifier, { good }, { "x" })
end)

-- Returns a proof of DPoP, and the thumbprint of its key.
local function proof(more, header)
  local key = assert(jot.signer.generate "ES256")
  local public = assert(key:verifying_keys())
  local jwk = cjson.decode(assert(public:jwks())).keys[1]
  local said = { htm = "GET", htu = "https://api.example/", jti = "1", iat = NOW }
  for name, value in pairs(more or {}) do
    said[name] = value
  end
  local parameters = header ~= false and { jwk = jwk } or nil
  return assert(key:sign(said, { typ = "dpop+jwt", parameters = parameters })), public:key(1).thumbprint, cjson.encode(jwk)
end

check.test("tokens that come with their own key", function()
  local proofs = assert(jot.self_signed { algorithms = { "ES256", "EdDSA" }, typ = "dpop+jwt" })
  local text, thumbprint = proof { exp = NOW + 9, nbf = NOW - 9 }
  local known, rejection = proofs:verify(text)
  check.is(rejection, nil)
  check.is(known.thumbprint, thumbprint)
  check.is(known.algorithm, "ES256")
  check.is(known.claims.htm, "GET")
  check.is(known.issued_at, NOW)
  check.is(known.expires_at, NOW + 9)
  check.is(known.not_before, NOW - 9)
  check.is(known.nobody, nil)
  -- What was copied is not touched by the next token.
  check.ok(proofs:verify((proof { htm = "PUT" })))
  check.is(cjson.decode(known.payload).htm, "GET")
  check.is(proofs:verify((proof())).expires_at, nil)
  -- It is not an acceptance, and no other token is one.
  check.is(select(2, proofs:verify(good)).name, "typ_mismatch")
  check.is(select(2, proofs:verify(text:sub(1, -9) .. "AAAAAAAA")).name, "signature_invalid")
  check.is(select(2, proofs:verify(nil)).name, "token_null")
  check.is(select(2, proofs:verify "x").status, 401)
  check.raises("token: a string is wanted", proofs.verify, proofs, 7)
  -- A key that is handed over, which the token must not bring as well.
  local bare, of_bare, jwk = proof({}, false)
  check.is(proofs:verify(bare, jwk).thumbprint, of_bare)
  check.is(select(2, proofs:verify(bare)).name, "jwk_missing")
  check.is(select(2, proofs:verify(text, jwk)).name, "jwk_unexpected")
  rejection = select(2, proofs:verify(bare, [[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]]))
  check.is(rejection.member, "x", rejection.name)
  for _, row in ipairs {
    { "policy_invalid", "algorithms", { algorithms = "HS256", any_typ = true } },
    { "policy_invalid", "typ", { algorithms = "ES256" } },
    { "policy_invalid", "any_typ", { algorithms = "ES256", typ = "a", any_typ = true } },
    { "policy_invalid", "tpy", { algorithms = "ES256", tpy = "a" } },
    { "policy_invalid", "backend", { algorithms = "ES256", typ = "a", backend = "fast" } },
    { "policy_invalid", "token_bytes", { algorithms = "ES256", typ = "a", token_bytes = -1 } },
    { "algorithms_empty", nil, { algorithms = {}, typ = "a" } },
  } do
    check.fails(row[1], row[2], jot.self_signed(row[3]))
  end
end)

check.test("a batch of tokens that come with their own key", function()
  local batch = assert(jot.batch())
  local proofs = assert(jot.self_signed { algorithms = "ES256", typ = "dpop+jwt", backend = "auto" })
  local first, of_first = proof()
  local second, of_second, jwk = proof({}, false)
  local thumbprints, names = batch:verify_self_signed(proofs, { first, second, false, "x", first })
  check.is(table.concat(names, " "), "self_signed jwk_missing token_null token_segments self_signed")
  check.is(thumbprints[1], of_first)
  check.is(thumbprints[5], of_first)
  check.is(thumbprints[2], false)
  thumbprints, names = batch:verify_self_signed(proofs, { first, second, second }, { jwk, jwk, false })
  check.is(table.concat(names, " "), "jwk_unexpected self_signed jwk_missing")
  check.is(thumbprints[2], of_second)
  check.is(#batch:verify_self_signed(proofs, {}), 0)
  check.fails("batch_invalid", "keys", batch:verify_self_signed(proofs, { first }, {}))
  check.raises("keys[1]: a string is wanted", batch.verify_self_signed, batch, proofs, { first }, { 7 })
end)

check.run "batches"
