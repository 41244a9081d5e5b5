--- Runs the examples of pages, and compares what they print with what stands behind `-->`:
-- luajit page.lua PAGE...
-- An example that requires nothing is a part of a program, and verifies a token that this has.
local check = require "check"

local function blocks(text, language)
  local found = {}
  for code in ("\n" .. text):gmatch("\n```" .. language .. "\n(.-)\n```") do
    found[#found + 1] = code
  end
  return found
end

local function run(code, what)
  local printed = {}
  local function print(...)
    local words = {}
    for i = 1, select("#", ...) do
      words[i] = tostring((select(i, ...)))
    end
    printed[#printed + 1] = table.concat(words, "\t")
  end
  local chunk = assert(loadstring(code, what))
  setfenv(chunk, setmetatable({ print = print }, { __index = _G }))
  chunk()
  local row = 0
  for wanted in code:gmatch "%-%-> ([^\n]*)" do
    row = row + 1
    -- What a fault is as a table is of no use on paper.
    check.is(printed[row] and printed[row]:sub(1, #wanted), wanted, what)
    check.ok(printed[row] and (printed[row] == wanted or printed[row]:sub(#wanted + 1, #wanted + 1) == "\t"), what)
  end
  check.is(#printed, row, what .. ": lines that are printed")
  check.ok(row > 0, what .. " shows nothing")
end

-- What a program has that is shown in parts, with a good token and one that has expired.
local function program()
  local jot = require "jot"
  local signer = assert(jot.signer.generate "RS256")
  local issuer = "https://issuer.example"
  local function sign(ends)
    return assert(signer:sign { iss = issuer, aud = "api", sub = "alice", exp = ends })
  end
  return { jot = jot, issuer = issuer, keys = assert(signer:verifying_keys()) }, sign(4102444800), sign(1)
end

local function verify(code, what)
  local given, good, expired = program()
  local chunk = assert(loadstring(code .. "\nreturn token, rejection", what))
  setfenv(chunk, setmetatable(given, { __index = _G }))
  given.text = good
  check.is(chunk().subject, "alice", what)
  given.text = expired
  local token, rejection = chunk()
  check.is(token, nil, what)
  check.is(rejection.name, "expired", what)
end

local count = 0
for _, page in ipairs(arg) do
  check.test(page, function()
    local file = assert(io.open(page))
    local text = file:read "*a"
    file:close()
    for i, code in ipairs(blocks(text, "lua")) do
      count = count + 1
      local example = code:find "require" and run or verify
      example(code, ("%s, block %d"):format(page, i))
    end
    -- What is for a program that is not here is compiled at least.
    for _, code in ipairs(blocks(text, "lua untested")) do
      local chunk, why = loadstring(code, page)
      check.ok(chunk, why)
    end
  end)
end
check.test("there are examples", function() check.ok(count >= #arg, count) end)

check.run "pages"
