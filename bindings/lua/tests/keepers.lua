--- What follows keys and lists without I/O.
local check = require "check"
local cjson = require "cjson"
local jot = require "jot"
local world = require "world"

local ISSUER, NOW = world.ISSUER, world.NOW
local signer, keys, rules, claims = world.signer, world.keys, world.rules, world.claims
local good = world.good

check.test("the keeper, which has no I/O", function()
  local options = { cool_down = 30, algorithms = { "ES256" } }
  local keeper = assert(jot.keeper.issuer(ISSUER, options, 1))
  local mine = assert(jot.verifier(rules { keys = keeper:keys(NOW) }))
  check.is(select(2, mine:check(good, NOW)), "keys_not_yet")
  local request = keeper:poll(NOW)
  check.is(request.url, ISSUER .. "/.well-known/openid-configuration")
  check.ok(request.headers.Accept, "Accept")
  local function reply(body)
    return { outcome = "replied", status = 200, fields = { { "Cache-Control", "max-age=300" } }, body = body }
  end
  local document = { issuer = ISSUER, jwks_uri = ISSUER .. "/jwks" }
  check.is(keeper:answer(request.ticket, reply(cjson.encode(document)), NOW), "elsewhere")
  request = keeper:poll(NOW)
  check.is(request.url, ISSUER .. "/jwks")
  check.is(keeper:answer(request.ticket, reply(assert(keys:jwks())), NOW), "keys")
  check.ok(mine:replace_keys(keeper:keys(NOW), ISSUER))
  check.is(mine:check(good, NOW), true)
  local late, ends = keeper:poll(NOW)
  check.is(late, nil)
  check.ok(ends > NOW, ends)
  check.is(keeper:health().keys, 1)
  check.is(keeper:health().error, nil)
  check.is(keeper:unknown_kid(NOW + 1), true)
  request = keeper:poll(NOW + 1)
  check.fails("fetch_failed", nil, keeper:answer(request.ticket, { outcome = "failed" }, NOW + 1))
  local other = assert(jot.keeper.issuer(ISSUER, options, 2))
  check.ok(other:restore(assert(keeper:save())))
  check.is(other:keys(NOW):count(), 1)
  check.is(other:keys(NOW + 86400 * 2):count(), 0)
  check.fails("saved_keys_invalid", nil, other:restore "{}")
  check.fails("url_refused", nil, jot.keeper.url "http://issuer.example/jwks")
  check.fails("policy_invalid", "cooldown", jot.keeper.url("https://a", { cooldown = 1 }))
  check.raises("outcome", keeper.answer, keeper, 1, {})
end)

local URL = "https://issuer.example/list"

-- Returns the JWT of a list.
local function list(typ, text)
  return assert(signer:sign(text, { typ = typ }))
end

local function revoked(jti, iat)
  return list("revocations+jwt", cjson.encode {
    iss = ISSUER, iat = iat, exp = iat + 60, ttl = 5, revocations = { { jti = jti } },
  })
end

local function reply(body)
  return { outcome = "replied", status = 200, fields = {}, body = body }
end

check.test("revocations at a URL, without I/O", function()
  local judges = assert(jot.verifier { algorithms = { "ES256" }, issuer = ISSUER, keys = keys, revocation_list = true })
  local keeper = assert(jot.list_keeper.revocations(URL, judges, { least_poll = 1 }, 1))
  local mine = assert(jot.verifier(rules()))
  check.ok(keeper:feed(mine, NOW))
  check.is(select(2, mine:check(good, NOW)), "revocations_not_yet")
  local request = keeper:poll(NOW)
  check.is(request.url, URL)
  check.is(request.headers.Accept:match "^[^,]+", "application/revocations+jwt")
  check.is(keeper:answer(request.ticket, reply(revoked("gone", NOW)), NOW), "list")
  check.ok(keeper:feed(mine, NOW))
  check.is(mine:check(good, NOW), true)
  check.is(select(2, mine:check(assert(signer:sign(claims { jti = "gone" })), NOW)), "jti_revoked")
  check.is(keeper:health().entries, 1)
  check.is(keeper:health().expires_at, NOW + 60)
  check.is(keeper:health().error, nil)
  local late, ends = keeper:poll(NOW)
  check.is(late, nil)
  check.ok(ends > NOW and ends <= NOW + 5, ends)
  -- An older list counts for nothing, nor does one of a stranger.
  request = keeper:poll(NOW + 5)
  check.fails("revocations_older", nil, keeper:answer(request.ticket, reply(revoked("other", NOW - 5)), NOW + 5))
  check.is(keeper:health().error, "revocations_older")
  check.ok(keeper:refresh_now(NOW + 6))
  request = keeper:poll(NOW + 6)
  check.fails("typ_mismatch", nil, keeper:answer(request.ticket, reply(good), NOW + 6))
  -- Another process goes on with it, and when it ends there is none.
  local other = assert(jot.list_keeper.revocations(URL, judges, nil, 2))
  check.is(other:save(), "")
  check.ok(other:restore(assert(keeper:save()), NOW))
  check.ok(other:feed(mine, NOW + 60))
  check.is(select(2, mine:check(good, NOW)), "revocations_stale")
  check.fails("token_segments", nil, other:restore("x", NOW))
  check.ok(other:reseed(3))
  check.fails("url_refused", nil, jot.list_keeper.revocations("http://issuer.example/", judges))
  check.fails("policy_invalid", "pol", jot.list_keeper.revocations(URL, judges, { pol = 1 }))
  check.raises("outcome", keeper.answer, keeper, 1, {})
end)

check.test("a status list at its URI, without I/O", function()
  local judges = assert(jot.verifier { algorithms = { "ES256" }, any_issuer = true, keys = keys, status_list = true })
  local keeper = assert(jot.list_keeper.status_list(URL, judges, nil, 1))
  local mine = assert(jot.verifier(rules { check_status = true }))
  local function of(index)
    local token = assert(signer:sign(claims { status = { status_list = { idx = index, uri = URL } } }))
    return select(2, mine:check(token, NOW)) or "accepted"
  end
  check.is(of(0), "status_list_unknown")
  check.ok(keeper:feed(mine, NOW))
  check.is(of(0), "status_list_not_yet")
  local request = keeper:poll(NOW)
  check.is(request.headers.Accept:match "^[^,]+", "application/statuslist+jwt")
  local body = list("statuslist+jwt", ([[{"sub":"%s","iat":%d,"exp":%d,"ttl":60,"status_list":{"bits":1,"lst":"eNrbuRgAAhcBXQ"}}]])
    :format(URL, NOW, NOW + 60))
  check.is(keeper:answer(request.ticket, reply(body), NOW), "list")
  check.ok(keeper:feed(mine, NOW))
  check.is(of(3), "status_revoked")
  check.is(of(1), "accepted")
  check.ok(keeper:feed(mine, NOW + 60))
  check.is(of(1), "status_list_stale")
end)

check.run "keepers"
