--- Reads tables of options. A name that nobody knows is an error: it may be a rule that is
-- misspelt.
local native = require "jot.native"

local M = {}

local function fault(name, words)
  return native.fault("policy_invalid", name, ("%s: %s"):format(name, words))
end
M.fault = fault

--- Returns true if all names are known.
function M.known(options, known)
  if type(options) ~= "table" then
    return nil, fault("options", "a table is wanted, not a " .. type(options))
  end
  for name in pairs(options) do
    if not known[name] then
      return nil, fault(tostring(name), "there is no such option")
    end
  end
  return true
end

local function is_text(value)
  return type(value) == "string"
end

--- Returns the strings of an option that is one or a list of them. An empty list is an error,
-- because it would leave the rule out.
function M.texts(options, name)
  local value = options[name]
  if value == nil then
    return {}
  end
  local texts = is_text(value) and { value } or value
  if type(texts) ~= "table" then
    return nil, fault(name, "a string or a list of strings is wanted, not a " .. type(value))
  end
  -- A copy, so that the strings live as long as what is made of them.
  local copy, count = {}, 0
  for key in pairs(texts) do
    count = count + 1
    copy[count] = texts[count]
    if type(key) ~= "number" or not is_text(copy[count]) then
      return nil, fault(name, "a list of strings is wanted, without gaps")
    end
  end
  if count == 0 then
    return nil, fault(name, "the list is empty")
  end
  return copy
end

--- Returns a string; nil if there is none.
function M.text(options, name)
  local value = options[name]
  if value ~= nil and not is_text(value) then
    return nil, fault(name, "a string is wanted, not a " .. type(value))
  end
  return value
end

--- Returns a whole number of at least 0 and less than 2^32 (or `most`); nil if there is none.
function M.whole(options, name, most)
  local value = options[name]
  if value == nil then
    return nil
  end
  if type(value) ~= "number" or value ~= math.floor(value) or value < 0 or value > (most or native.NONE) then
    return nil, fault(name, "a whole number is wanted, not " .. tostring(value))
  end
  return value
end

--- Returns true or false.
function M.flag(options, name)
  local value = options[name]
  if value ~= nil and type(value) ~= "boolean" then
    return nil, fault(name, "true or false is wanted, not a " .. type(value))
  end
  return value == true
end

--- Returns for how many milliseconds a token waits: `wait`, in seconds, is 2 unless it is said.
function M.wait(options)
  local wait = options.wait or 2
  if type(wait) ~= "number" or not (wait >= 0 and wait <= 3600) then
    return nil, fault("wait", "0 to 3600 seconds are wanted")
  end
  return math.floor(wait * 1000)
end

local BACKENDS = {
  ["aws-lc"] = native.C.JOT_BACKEND_AWS_LC, auto = native.C.JOT_BACKEND_AUTO,
  accelerated = native.C.JOT_BACKEND_ACCELERATED, portable = native.C.JOT_BACKEND_PORTABLE,
}

--- Returns the number of the backend that is named, or that of aws-lc.
function M.backend(options)
  local number = BACKENDS[options.backend == nil and "aws-lc" or options.backend]
  if not number then
    return nil, fault("backend", "aws-lc, auto, accelerated or portable is wanted")
  end
  return number
end

return M
