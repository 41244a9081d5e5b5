--- A small harness: each test is a function; a failure says where, and the rest goes on.
local M = { failed = 0, made = 0, tests = {} }

local function told(value)
  return type(value) == "string" and ("%q"):format(value) or tostring(value)
end

local function count(is_so, words)
  M.made = M.made + 1
  if not is_so then
    M.failed = M.failed + 1
    -- Those who call this do it last, and have no frame of their own.
    local at = debug.getinfo(2, "Sl")
    io.stderr:write(("%s:%d: %s\n"):format(at.short_src, at.currentline, words))
  end
  return is_so
end

function M.is(found, wanted, what)
  return count(found == wanted, ("%s%s, and not %s"):format(what and what .. ": " or "", told(found), told(wanted)))
end

function M.ok(value, why)
  return count(value, "not so: " .. told(why))
end

--- Checks that a call raises an error with these words.
function M.raises(words, call, ...)
  local is_done, why = pcall(call, ...)
  return count(not is_done and tostring(why):find(words, 1, true) ~= nil,
    is_done and "no error" or ("%s, and not %s"):format(tostring(why), words))
end

--- Checks that a call returns nil, a sentence and a fault with this code and member.
function M.fails(name, member, value, words, fault)
  local found = type(fault) == "table" and fault or {}
  return count(value == nil and found.name == name and found.member == member and found.message == words,
    ("%s [%s], and not %s [%s]"):format(told(found.name), told(found.member), name, told(member)))
end

function M.test(name, run)
  M.tests[#M.tests + 1] = { name, run }
end

--- Runs what was gathered, and ends the program.
function M.run(what)
  for _, test in ipairs(M.tests) do
    local is_done, why = xpcall(test[2], debug.traceback)
    if not is_done then
      M.failed = M.failed + 1
      io.stderr:write(("%s: %s\n"):format(test[1], why))
    end
  end
  local is_right = M.failed == 0 and M.made > 0
  print(("%s: %d tests, %d checks, %d failed"):format(what, #M.tests, M.made, M.failed))
  os.exit(is_right and 0 or 1)
end

return M
