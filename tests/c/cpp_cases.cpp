// Runs the cases that tests/c_cases.rs wrote through jot.hpp, as cases.c does through
// jot.h: a word and its arguments on each line, texts in hexadecimal behind `=`.
#include <fstream>
#include <map>
#include <sstream>

#include "check.h"
#include "jot.hpp"

namespace {

struct statement {
  std::string word;
  std::vector<std::string> arguments;  // numbers as they are, texts decoded

  // The only argument, if there is one.
  std::string_view text() const { return arguments.empty() ? std::string_view() : arguments.front(); }
  uint32_t number() const { return static_cast<uint32_t>(std::stoul(arguments.front())); }
};

unsigned digit(char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); }

statement split(const std::string &chars) {
  std::istringstream words(chars);
  statement found;
  words >> found.word;
  for (std::string word; words >> word; found.arguments.push_back(word)) {
    if (word[0] != '=') continue;
    std::string text;
    for (size_t at = 1; at < word.size(); at += 2)
      text += static_cast<char>(digit(word[at]) << 4 | digit(word[at + 1]));
    word = text;
  }
  return found;
}

// A case in the making. `code` is the first refusal.
struct making {
  std::string id, token;
  std::optional<std::string> detached;
  std::vector<uint32_t> algs;
  std::optional<jot::policy> policy;
  std::optional<jot::verifier_builder> builder;
  std::optional<jot::key_set> set;
  std::vector<jot::status_list> lists;
  jot::key_options options;
  int64_t now = 0;
  uint32_t code = JOT_ACCEPTED;

  template <class T>
  void settle(const jot::result<T> &done) {
    if (code == JOT_ACCEPTED && !done) code = done.error().code();
  }

  void add(const statement &line) {
    if (!set) set.emplace();
    settle(line.word == "jwks"  ? set->add_jwks(line.text(), options)
           : line.word == "jwk" ? set->add_jwk(line.text(), options)
           : line.word == "pem" ? set->add_pem(line.text(), options)
                                : set->add_secret(line.text(), options));
  }

  void trust(const statement &line) {
    if (!builder) builder.emplace(*policy);
    if (line.word == "issuer") builder->issuer(line.text(), *set);
    else builder->keys(*set);
    set.reset();
  }
};

using setting = void (*)(jot::policy &, const statement &);

// The settings of a policy by their words.
const std::map<std::string, setting> SETTINGS = {
    {"audiences", [](jot::policy &policy, const statement &line) { policy.audience(line.text()); }},
    {"required", [](jot::policy &policy, const statement &line) { policy.require(line.text()); }},
    {"scopes", [](jot::policy &policy, const statement &line) { policy.scope(line.text()); }},
    {"understand_critical", [](jot::policy &policy, const statement &line) { policy.understand_critical(line.text()); }},
    {"subject", [](jot::policy &policy, const statement &line) { policy.subject(line.text()); }},
    {"typs", [](jot::policy &policy, const statement &line) { policy.typ(line.text()); }},
    {"nonce", [](jot::policy &policy, const statement &line) { policy.nonce(line.text()); }},
    {"authorized_party", [](jot::policy &policy, const statement &line) { policy.authorized_party(line.text()); }},
    {"claims", [](jot::policy &policy, const statement &line) { policy.claim(line.text()); }},
    {"leeway", [](jot::policy &policy, const statement &line) { policy.leeway(line.number()); }},
    {"max_age", [](jot::policy &policy, const statement &line) { policy.max_age(line.number()); }},
    {"token_bytes", [](jot::policy &policy, const statement &line) { policy.limits(line.number()); }},
    {"header_bytes", [](jot::policy &policy, const statement &line) { policy.limits(0, line.number()); }},
    {"any_audience", [](jot::policy &policy, const statement &) { policy.any_audience(); }},
    {"allow_missing_exp", [](jot::policy &policy, const statement &) { policy.allow_missing_exp(); }},
    {"allow_future_iat", [](jot::policy &policy, const statement &) { policy.allow_future_iat(); }},
    {"issuer_required", [](jot::policy &policy, const statement &) { policy.issuer_required(); }},
    {"check_status", [](jot::policy &policy, const statement &) { policy.check_status(); }},
    {"require_status", [](jot::policy &policy, const statement &) { policy.require_status(); }},
};

// The words that make something.
const std::map<std::string, void (*)(making &, const statement &)> MAKERS = {
    {"case", [](making &made, const statement &line) { made = making(), made.id = line.text(); }},
    {"alg", [](making &made, const statement &line) { made.algs.push_back(*jot::alg_of(line.text())); }},
    {"policy", [](making &made, const statement &) { made.policy.emplace(made.algs); }},
    {"access_token",
     [](making &made, const statement &line) { made.policy = jot::policy::access_token(line.text(), made.algs); }},
    {"id_token", [](making &made, const statement &line) { made.policy = jot::policy::id_token(line.text(), made.algs); }},
    {"weak", [](making &made, const statement &) { made.options.allow_weak_keys = true; }},
    {"key_alg", [](making &made, const statement &line) { made.options.alg = *jot::alg_of(line.text()); }},
    {"jwks", [](making &made, const statement &line) { made.add(line); }},
    {"jwk", [](making &made, const statement &line) { made.add(line); }},
    {"pem", [](making &made, const statement &line) { made.add(line); }},
    {"secret", [](making &made, const statement &line) { made.add(line); }},
    {"anyone", [](making &made, const statement &line) { made.trust(line); }},
    {"issuer", [](making &made, const statement &line) { made.trust(line); }},
    {"status_list",
     [](making &made, const statement &line) { made.lists.push_back(*jot::status_list::from_claims(line.text(), 1 << 10)); }},
    {"status_list_not_yet",
     [](making &made, const statement &line) { made.lists.push_back(jot::status_list::not_yet(line.text())); }},
    {"status_list_stale",
     [](making &made, const statement &line) { made.lists.push_back(jot::status_list::stale(line.text())); }},
    {"now", [](making &made, const statement &line) { made.now = std::stoll(line.arguments.front()); }},
    {"token", [](making &made, const statement &line) { made.token = line.text(); }},
    {"detached", [](making &made, const statement &line) { made.detached = line.text(); }},
};

// The other two ways to the same answer.
void judge_again(const making &made, const jot::verifier &verifier, const jot::batch &batch, uint32_t code) {
  jot::scratch scratch;
  CHECK_CODE(verifier.check(made.token, made.now, scratch).code(), code);
  auto rows = batch.verify(verifier, {made.token}, made.now);
  CHECK(rows && rows->codes == std::vector{code});
}

bool is_as_wanted(making &made, const statement &line, const jot::batch &batch) {
  const uint32_t wanted = line.number();
  const bool is_jws = line.word == "jws", held = line.arguments[1] == "1";
  const std::string_view claim = is_jws ? std::string_view() : std::string_view(line.arguments[2]);
  auto verifier = made.builder->build();
  made.settle(verifier);
  if (made.code != JOT_ACCEPTED) return made.code == wanted && !held && claim.empty();
  for (const auto &list : made.lists) CHECK(verifier->put_status_list(list).has_value());
  jot::scratch scratch;
  const std::optional<std::string_view> detached = made.detached;
  const auto verdict = is_jws ? verifier->verify_jws(made.token, scratch, detached)
                              : verifier->verify(made.token, made.now, scratch);
  CHECK(bool(verdict) == (verdict.code() == JOT_ACCEPTED));
  CHECK(verdict.signature_ok() || !verdict.payload());
  if (!is_jws) judge_again(made, *verifier, batch, verdict.code());
  return verdict.code() == wanted && verdict.signature_ok() == held &&
         (claim.empty() || verdict.fault_claim() == claim);
}

}  // namespace

int main(int argc, char **argv) {
  std::ifstream file(argc == 2 ? argv[1] : "");
  const auto batch = jot::batch::with_threads(1);
  making made;
  size_t cases = 0, announced = 0, wrong = 0;
  for (std::string chars; std::getline(file, chars);) {
    const statement line = split(chars);
    const auto maker = MAKERS.find(line.word);
    const auto setting = SETTINGS.find(line.word);
    if (line.word == "end") announced = line.number();
    else if (maker != MAKERS.end()) maker->second(made, line);
    else if (setting != SETTINGS.end()) setting->second(*made.policy, line);
    else if (!CHECK(line.word == "verify" || line.word == "jws")) std::fprintf(stderr, "  %s\n", line.word.c_str());
    else if (!CHECK(is_as_wanted(made, line, *batch))) std::fprintf(stderr, "  %s\n", made.id.c_str()), wrong++;
    cases += line.word == "case";
  }
  CHECK(cases == announced && cases > 500);
  std::printf("cpp_cases: %zu cases, %zu wrong\n", cases, wrong);
  return checked("cpp_cases");
}
