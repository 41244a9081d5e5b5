--- The library for C, and what every other file needs to call it.
local ffi = require "ffi"
local cdef = require "jot.cdef"

local M = {}

--- Whether a struct of two words is passed as two arguments are: by the ABIs of x86-64 and AArch64,
-- but not on Windows.
M.is_flat = (jit.arch == "x64" or jit.arch == "arm64") and jit.os ~= "Windows"

-- A Lua state may load this file twice, and types cannot be declared twice.
if not pcall(ffi.typeof, "jot_verdict") then
  ffi.cdef(cdef.jot)
  ffi.cdef(cdef.fetch)
  if M.is_flat then
    ffi.cdef(cdef.flat)
  end
end

--- The names under which the library is looked for. libjot_fetch has all of libjot as well.
local NAMES = { "libjot_fetch.so.0", "libjot.so.0", "jot_fetch", "jot" }

local function candidates()
  local named = os.getenv "JOT_LIBRARY"
  if named then
    return { named }
  end
  local found = {}
  for _, name in ipairs { "libjot_fetch", "libjot" } do
    -- Where LuaRocks and others put what belongs to a module.
    found[#found + 1] = package.searchpath(name, package.cpath)
  end
  for _, name in ipairs(NAMES) do
    found[#found + 1] = name
  end
  return found
end

local function load()
  local told = {}
  for _, name in ipairs(candidates()) do
    local is_loaded, library = pcall(ffi.load, name)
    if is_loaded then
      return library, name
    end
    told[#told + 1] = tostring(library)
  end
  error("jot: the library for C is not there; install it (make install-lib), or name its file in "
    .. "JOT_LIBRARY\n  " .. table.concat(told, "\n  "), 0)
end

local C, file = load()
M.C = C

--- The file of the library.
M.file = file

if C.jot_abi_version() ~= C.JOT_ABI_VERSION or not pcall(function() return C.jot_challenge_write end) then
  error("jot: " .. file .. " is another version of the library than this module is for", 0)
end

local NONE = 4294967295
M.NONE = NONE

--- What is wrong with an argument, a key or a rule: `code`, `name`, `member`, `offset`, and
-- `message`, which `tostring` returns as well.
local Fault = {}
Fault.__index = Fault
Fault.__tostring = function(fault) return fault.message end
M.Fault = Fault

function M.is_fault(value)
  return getmetatable(value) == Fault
end

--- Makes a fault of a code, with words of this module.
function M.fault(name_of_code, member, words)
  local code = M.codes[name_of_code]
  local message = ("%s (%d): %s"):format(name_of_code, code, words)
  return setmetatable({ code = code, name = name_of_code, member = member, message = message }, Fault)
end

--- Makes a fault that the engine has no code for.
function M.other(name, words)
  return setmetatable({ name = name, message = name .. ": " .. words }, Fault)
end

local function told(...)
  local value, fault = ...
  if value == nil and getmetatable(fault) == Fault then
    return nil, fault.message, fault
  end
  return ...
end

-- Lets a function return what Lua's own libraries do: nil, a sentence, and as a third result the
-- fault. A sentence, because nginx shows nothing of a table that `assert` raises.
function M.public(call)
  return function(...)
    return told(call(...))
  end
end

--- Does so with all functions of a table, but for those named. Returns the table.
function M.published(functions, except)
  for name, value in pairs(functions) do
    if type(value) == "function" and name:sub(1, 2) ~= "__" and not (except and except[name]) then
      functions[name] = M.public(value)
    end
  end
  return functions
end

--- Does so with a copy, for a file whose functions others of this module use as they are.
function M.export(functions)
  local copy = {}
  for name, value in pairs(functions) do
    copy[name] = value
  end
  return M.published(copy)
end

local buffer_size = 1024
local buffer = ffi.new("char[?]", buffer_size)
local length = ffi.new("size_t[1]")

--- Copies what a function writes into a buffer of the caller's.
function M.copied(write)
  if write(buffer, buffer_size, length) ~= 0 then
    return ""
  end
  if length[0] < buffer_size then
    return ffi.string(buffer, length[0])
  end
  local size = tonumber(length[0]) + 1
  local larger = ffi.new("char[?]", size)
  write(larger, size, length)
  return ffi.string(larger, length[0])
end

--- Makes room for the reason of a call that fails.
function M.why()
  return ffi.new("jot_error", { ffi.sizeof "jot_error", 0, NONE })
end

--- Returns true, or nil and the fault. A handle that was closed is a mistake of the program.
function M.done(code, why)
  if code == 0 then
    return true
  end
  if code == C.JOT_ARGUMENT_NULL then
    error("jot: the object was closed", 3)
  end
  if why == nil or why.code ~= code then
    why = M.why()
    why.code = code
  end
  local member = ffi.string(why.name)
  local fault = {
    code = code,
    name = ffi.string(C.jot_code_name(code)),
    member = member ~= "" and member or nil,
    offset = why.offset ~= NONE and why.offset or nil,
    message = M.copied(function(into, size, needed) return C.jot_error_message(why, into, size, needed) end),
  }
  return nil, setmetatable(fault, Fault)
end

--- The numbers of the codes by their names.
M.codes = {}
do
  local position = 0
  while true do
    local code = C.jot_code_at(position)
    if code == NONE then
      break
    end
    M.codes[ffi.string(C.jot_code_name(code))] = code
    position = position + 1
  end
end

--- Returns the name of a code.
function M.name_of(code)
  return ffi.string(C.jot_code_name(code))
end

local function string_of(view)
  return ffi.string(view.ptr, view.len)
end
M.string_of = string_of

--- Returns the text of a view; nil for an absent one.
function M.optional(view)
  if view.ptr == nil then
    return nil
  end
  return string_of(view)
end

local kept, turn = {}, 0

--- Keeps something alive for the call of C that follows. The collector does not see the pointers
-- in a struct, and compiled code forgets a variable after its last use.
local function keep(value)
  turn = turn % 64 + 1
  kept[turn] = value
  return value
end
M.keep = keep

--- Returns a view of a string for the call that follows; of nil an absent one.
function M.view(text)
  if text == nil then
    return ffi.new "jot_slice"
  end
  return ffi.new("jot_slice", keep(text), #text)
end

--- Returns views of strings for the call that follows, and how many they are.
function M.views(texts)
  local views = keep(ffi.new("jot_slice[?]", math.max(#keep(texts), 1)))
  for i = 1, #texts do
    views[i - 1].ptr, views[i - 1].len = texts[i], #texts[i]
  end
  return views, #texts
end

--- Returns the text that a function of C writes: `fill(text, why)` returns a code.
function M.written(fill)
  local text, why = C.jot_text_new(), M.why()
  local code = fill(text, why)
  local copy = code == 0 and string_of(C.jot_text_view(text)) or nil
  C.jot_text_free(text)
  if copy then
    return copy
  end
  return M.done(code, why)
end

--- Raises an error unless an argument has this type.
function M.expect(value, wanted, name)
  if type(value) ~= wanted then
    error(("jot: %s: a %s is wanted, not a %s"):format(name, wanted, type(value)), 3)
  end
  return value
end

--- Returns the number of seconds of an instant: the clock's, if there is none. It may be an
-- int64_t. A number beyond 2^53, or none, is no instant, and a token must not be judged at a
-- made-up one.
function M.instant(now)
  if now == nil then
    return C.jot_clock_now()
  end
  if ffi.istype("int64_t", now) then
    return now
  end
  if type(now) ~= "number" or not (now > -2 ^ 53 and now < 2 ^ 53) then
    error("jot: now: seconds since 1970 are wanted, not " .. tostring(now), 3)
  end
  return math.floor(now)
end

--- Returns the number of an algorithm.
function M.alg(name)
  local number = ffi.new "uint32_t[1]"
  if type(name) ~= "string" then
    return nil, M.fault("alg_unknown", nil, "an algorithm is a string, not a " .. type(name))
  end
  local code = C.jot_alg_parse(M.view(name), number)
  if code ~= 0 then
    return M.done(code)
  end
  return number[0]
end

local alg_names = {}

--- Returns the name of an algorithm; nil for 0.
function M.alg_name(number)
  local name = alg_names[number]
  if not name and number ~= 0 then
    name = ffi.string(C.jot_alg_name(number))
    alg_names[number] = name
  end
  return name
end

--- Frees a handle when nobody refers to it any more.
function M.owned(handle, free)
  return ffi.gc(handle, free)
end

--- Frees a handle now. What uses the object later raises an error.
function M.close(object, free)
  local handle = object.handle
  if handle ~= nil then
    object.handle = nil
    ffi.gc(handle, nil)
    free(handle)
  end
end

--- JSON as Lua has it: cjson, which OpenResty brings and Debian has as lua-cjson. An instance of
-- our own, so that settings of others change nothing.
function M.json()
  local is_there, cjson = pcall(require, "cjson")
  if not is_there then
    error("jot: lua-cjson is not there; without it take `payload`, or `verifier:read`", 3)
  end
  M.json_of = M.json_of or cjson.new()
  return M.json_of
end

return M
