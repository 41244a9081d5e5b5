--- Guards locations of nginx, in access_by_lua.
--
--     lua_shared_dict jot 1m;
--     init_by_lua_block {
--       guard = assert(require("jot.nginx").guard {
--         discover = "https://issuer.example", algorithms = { "RS256" }, audience = "api",
--       })
--     }
--     init_worker_by_lua_block { guard:start() }
--     location / { access_by_lua_block { guard:check() } proxy_pass http://upstream; }
local builder = require "jot.builder"
local demands = require "jot.demand"
local followed = require "jot.nginx.followed"
local followers = require "jot.nginx.follower"
local native = require "jot.native"
local options = require "jot.options"
local request = require "jot.request"
local revoked = require "jot.nginx.revoked"

local M = {}

local Guard = {}
Guard.__index = Guard

local OWN = { realm = true, resource_metadata = true, describe = true }
for name in pairs(followed.known) do
  OWN[name] = true
end

--- Makes a guard, in init_by_lua. The options are those of `jot.verifier`, and:
-- `discover`, an issuer whose OpenID configuration names its keys; or `jwks_url`, with `issuer`; or
-- `follow`, a list of such tables; `address`; `keeper`, options of `jot.keeper`; `dict`, the name of
-- a lua_shared_dict (`jot`); `state`, a folder for the next start of nginx; `wait`, for how many seconds a
-- request waits for a key (2); `revocations`, the URL of a list that the issuer signs, `status_lists`, one
-- or several URIs, and `list`, options of `jot.list_keeper` with `algorithms` and `address` for them;
-- `realm`, `resource_metadata`, `describe` of the challenge. Returns nil and the fault.
M.guard = native.public(function(given)
  if type(given) ~= "table" then
    return nil, options.fault("options", "a table is wanted, not a " .. type(given))
  end
  local of_verifier = {}
  for name, value in pairs(given) do
    if builder.known[name] then
      of_verifier[name] = value
    elseif not OWN[name] then
      return nil, options.fault(tostring(name), "there is no such option")
    end
  end
  local made, fault = {}, nil
  made.followed, fault = followed.read(given, of_verifier)
  if not made.followed then
    return nil, fault
  end
  made.settings, fault = request.settings {
    realm = given.realm, resource_metadata = given.resource_metadata, describe = given.describe,
    scopes = given.scopes,
  }
  if not made.settings then
    return nil, fault
  end
  made.verifier, fault = builder.verifier(of_verifier)
  if not made.verifier then
    return nil, fault
  end
  local dict = given.dict or "jot"
  if not ngx.shared[dict] then
    if #made.followed.keys + #made.followed.lists > 0 or given.state then
      return nil, options.fault("dict", ("there is no lua_shared_dict %s"):format(dict))
    end
  elseif not made.followed.revocations then
    -- A verifier has one list of revocations.
    made.revoked = revoked.new(dict, given.state)
  end
  return setmetatable(made, Guard)
end)

--- Begins to follow keys and revocations: in init_worker_by_lua.
function Guard:start()
  for _, row in ipairs(self.followed.keys) do
    row.follower:start(self.verifier, row.issuer)
  end
  for _, list in ipairs(self.followed.lists) do
    list:start(self.verifier)
  end
  if self.revoked then
    self.revoked:start(self.verifier)
  end
  self.is_started = true
end

-- Returns the follower whose keys a token needs.
function Guard:follower_of(text)
  local rows = self.followed.keys
  if #rows == 1 then
    return rows[1].follower
  end
  -- Of several issuers, only the token says which one it is of.
  local issuer = self.verifier.issuers[self.verifier:unverified_issuer(text) or 0]
  for _, row in ipairs(rows) do
    if issuer and row.issuer == issuer then
      return row.follower
    end
  end
end

-- Returns what follows the keys or lists that a token needs which was rejected with this code, if a fetch
-- may help it.
function Guard:sources(text, code)
  if followers.may_help(code) then
    return { self:follower_of(text) }
  end
  local found = {}
  for _, list in ipairs(self.followed.lists) do
    if list:may_help(code) then
      found[#found + 1] = list
    end
  end
  return found
end

-- Waits for a fetch. Returns true if the token can be looked at again, and the code of what was wrong
-- with the fetch, if anything was.
function Guard:await(sources)
  local is_over, fault = false, nil
  for _, source in ipairs(sources) do
    local is_news, why = source:await(self.followed.wait)
    is_over, fault = is_over or is_news, fault or why
  end
  return is_over, fault
end

-- Verifies a token, after a fetch where that may help.
function Guard:verify(text, demanded)
  local token, rejection = self.verifier:verify(text, nil, demanded)
  -- What other workers have, then the fetch that is under way, which may have been answered before
  -- the key was published, then another one, and then one of a list.
  for _ = 1, 4 do
    local sources = not token and self:sources(text, rejection.code)
    if not sources or #sources == 0 then
      break
    end
    if not self.is_started then
      ngx.log(ngx.ERR, "jot: nothing is followed: guard:start() was not called in init_worker_by_lua")
      break
    end
    local is_over, fault = self:await(sources)
    if not is_over then
      break
    end
    token, rejection = self.verifier:verify(text, nil, demanded)
    if not token and fault and followers.may_help(rejection.code) then
      return nil, { code = fault, detail = rejection.detail }
    end
  end
  return token, rejection
end

--- Judges the values of `Authorization`: returns the token, or nil and the refusal: `status`,
-- `challenge`, `code` (its name), `detail`. `demanded`: demands of this call, as of
-- `verifier:verify`.
function Guard:judge(values, demanded)
  local asked = demanded and demands.of(demanded)
  local text, are_several = request.token(values)
  local token, rejection
  if text and not are_several then
    token, rejection = self:verify(text, asked)
    if token then
      return token
    end
  end
  local code = rejection and rejection.code or native.codes.token_null
  local settings = self.settings
  if asked and asked.scopes then
    settings = setmetatable({ scopes = asked.scopes }, { __index = settings })
  end
  local status, challenge = request.answer(settings, code, are_several)
  return nil, {
    status = status,
    challenge = challenge,
    code = are_several and "token_repeated" or native.name_of(code),
    detail = rejection and rejection.detail or "",
  }
end

--- Answers a request that is refused, and ends it.
function Guard:refuse(refusal)
  ngx.header["WWW-Authenticate"] = refusal.challenge
  ngx.header["Cache-Control"] = "no-store"
  local level = refusal.status >= 500 and ngx.ERR or ngx.INFO
  ngx.log(level, "jot: ", refusal.code, refusal.detail ~= "" and ": " or "", refusal.detail)
  return ngx.exit(refusal.status)
end

--- Lets a request with an accepted token pass, whose token is `ngx.ctx.jot` from then on and is
-- returned. Any other is answered as RFC 6750 says.
function Guard:check(demanded)
  -- All of them: of a second field a later server may read the token.
  local token, refusal = self:judge(ngx.req.get_headers(0).authorization, demanded)
  if not token then
    return self:refuse(refusal)
  end
  ngx.ctx.jot = token
  return token
end

local function revoker(kind)
  return function(self, id, instant)
    if self.followed.revocations then
      error("jot: the revocations are those that the issuer serves", 2)
    elseif not self.revoked then
      error("jot: revocations need a lua_shared_dict", 2)
    end
    if not self.is_started then
      error("jot: nothing would be revoked: guard:start() was not called in init_worker_by_lua", 2)
    end
    return self.revoked:push(kind, id, instant)
  end
end

--- Revokes the tokens with a `jti`, of a session, or of a subject that were issued before an
-- instant, or a key by its thumbprint, in all workers within half a second. Returns true, or nil
-- and why not.
Guard.revoke_jti = revoker "jti"
Guard.revoke_session = revoker "session"
Guard.revoke_subject = revoker "subject"
Guard.revoke_key = revoker "key"

--- Describes how the keys and lists do that are followed, a list; see `jot.keeper` and `jot.list_keeper`.
function Guard:health()
  local found = {}
  local function add(one)
    local health = one:health()
    health.what = one.what
    found[#found + 1] = health
  end
  for _, row in ipairs(self.followed.keys) do
    add(row.follower)
  end
  for _, list in ipairs(self.followed.lists) do
    add(list)
  end
  return found
end

return M
