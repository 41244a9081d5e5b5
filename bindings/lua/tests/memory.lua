--- A million calls, whose memory must not grow: luajit memory.lua
local jot = require "jot"

local NOW = 1800000000
local signer = assert(jot.signer.generate "HS256")
local verifier = assert(jot.verifier {
  algorithms = "HS256", issuer = "https://issuer.example", audience = "api", keys = signer:verifying_keys(),
})
local good = assert(signer:sign { iss = "https://issuer.example", aud = "api", sub = "alice", exp = NOW + 60 })
local scopes = assert(jot.demand { scopes = "write" })

local function resident()
  collectgarbage()
  collectgarbage()
  local file = assert(io.open "/proc/self/statm")
  local pages = tonumber(file:read "*a":match "^%d+ (%d+)")
  file:close()
  return pages * 4096
end

local function call(i)
  local way = i % 5
  if way == 0 then
    assert(verifier:verify(good, NOW).subject == "alice")
  elseif way == 1 then
    assert(verifier:check(good, NOW))
  elseif way == 2 then
    assert(verifier:read(good, function(view) return view:text "sub" end, NOW) == "alice")
  elseif way == 3 then
    assert(select(2, verifier:verify(good, NOW + 60)).name == "expired")
  else
    assert(select(2, verifier:verify(good, NOW, scopes)).name == "scope_insufficient")
  end
end

local early
for i = 1, 1000000 do
  call(i)
  if i == 100000 then
    early = resident()
  end
end
local late = resident()
print(("memory: %.1f MB after 100,000 calls, %.1f MB after 1,000,000"):format(early / 1e6, late / 1e6))
assert(late <= early * 1.02, "memory grows")
