--- Conditions on claims, in the notation of docs/conditions.md.
local ffi = require "ffi"
local native = require "jot.native"

local C = native.C
local M = {}

local Condition = {}
Condition.__index = Condition
M.Condition = Condition

--- Reads a condition, such as `tier any_of gold silver`.
function M.parse(text)
  native.expect(text, "string", "condition")
  local out, why = ffi.new "jot_condition *[1]", native.why()
  local is_done, fault = native.done(C.jot_condition_parse(native.view(text), out, why), why)
  if not is_done then
    return nil, fault
  end
  return setmetatable({ handle = native.owned(out[0], C.jot_condition_free), text = text }, Condition)
end

return M
