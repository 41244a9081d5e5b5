--- The claims of an accepted token, where the engine has them: nothing is decoded again.
local ffi = require "ffi"
local native = require "jot.native"

local C = native.C
local M = {}

local View = {}
View.__index = View
M.View = View

local slice, integer = ffi.new "jot_slice[1]", ffi.new "int64_t[1]"
local number, boolean = ffi.new "double[1]", ffi.new "uint32_t[1]"
local MISSING, WRONG_TYPE = C.JOT_VALUE_MISSING, C.JOT_VALUE_TYPE

-- Returns the scratch, which the view has only while the function that it was lent to runs.
local function room(view)
  return view.scratch or error("jot: the claims were only lent to the function", 3)
end

-- Tells whether there is such a value; raises what is neither an answer nor the lack of one.
local function is_there(code)
  if code == 0 then
    return true
  end
  if code ~= MISSING and code ~= WRONG_TYPE then
    error("jot: " .. ffi.string(C.jot_code_meaning(code)), 3)
  end
  return false
end

--- Returns a claim that is a string; nil if there is none.
function View:text(name)
  if is_there(C.jot_claims_text(room(self), native.view(name), slice)) then
    return native.string_of(slice[0])
  end
end

--- Returns a claim that is an integer of 64 bits, as a number if that is exact, else as an int64_t.
function View:integer(name)
  if is_there(C.jot_claims_integer(room(self), native.view(name), integer)) then
    local value = integer[0]
    local as_number = tonumber(value)
    return as_number > -2 ^ 53 and as_number < 2 ^ 53 and as_number or value
  end
end

--- Returns a claim that is a number.
function View:number(name)
  if is_there(C.jot_claims_number(room(self), native.view(name), number)) then
    return number[0]
  end
end

--- Returns a claim that is true or false.
function View:boolean(name)
  if is_there(C.jot_claims_boolean(room(self), native.view(name), boolean)) then
    return boolean[0] == 1
  end
end

--- Returns the whole seconds of a claim that is a NumericDate.
function View:date(name)
  if is_there(C.jot_claims_date(room(self), native.view(name), integer)) then
    return tonumber(integer[0])
  end
end

--- Tells whether the token grants a scope.
function View:has_scope(scope)
  return C.jot_claims_has_scope(room(self), native.view(native.expect(scope, "string", "scope")))
end

--- Tells whether names lead to an array that has this string, such as a role:
-- `view:contains("admin", "realm_access", "roles")`.
function View:contains(element, ...)
  local path, depth = native.views { ... }
  return C.jot_claims_contains(room(self), path, depth, native.view(element))
end

--- Tells whether the claims meet a condition, which `jot.condition` reads.
function View:meets(condition)
  return C.jot_claims_meet(room(self), condition.handle) == 0
end

local value_of

local function members(scratch, value)
  local found, cursor, name, member = {}, ffi.new "uint32_t[1]", ffi.new "jot_slice[1]", ffi.new "jot_value"
  local is_array = value.kind == C.JOT_ARRAY
  while C.jot_value_next(scratch, value, cursor, name, member) == 0 do
    local key = is_array and #found + 1 or native.string_of(name[0])
    found[key] = value_of(scratch, member)
  end
  return found
end

--- `null` of JSON, which nil could not stand for in a list.
M.null = setmetatable({}, { __tostring = function() return "null" end })

value_of = function(scratch, value)
  local kind = value.kind
  if kind == C.JOT_STRING then
    return native.string_of(value.text)
  elseif kind == C.JOT_NUMBER then
    C.jot_value_number(value, number)
    return number[0]
  elseif kind == C.JOT_BOOLEAN then
    C.jot_value_boolean(value, boolean)
    return boolean[0] == 1
  elseif kind == C.JOT_NULL then
    return M.null
  end
  return members(scratch, value)
end

--- Returns what names lead to, as Lua has it: tables for objects and arrays, `jot.null` for null,
-- nil if there is nothing. Without names it is the whole Claims Set.
function View:get(...)
  local names = { ... }
  local path, depth = native.views(names)
  local value = ffi.new "jot_value"
  if is_there(C.jot_claims_path(room(self), path, depth, value)) then
    return value_of(self.scratch, value)
  end
end

--- Returns the JSON text of the claims as they were signed.
function View:payload()
  room(self)
  return native.string_of(self.verdict.payload)
end

function M.new(scratch, verdict)
  return setmetatable({ scratch = scratch, verdict = verdict }, View)
end

return M
