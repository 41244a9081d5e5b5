// jot.hpp: libjot for C++17. It is header-only and wraps jot.h, whose rules on
// ownership, threads and the lifetime of views apply here too.
//
//     auto keys = jot::key_set::from_jwks(jwks);             // once
//     if (!keys) return fail(keys.error().message());
//     auto verifier = jot::verifier_builder(jot::policy({JOT_RS256}).audience("api"))
//                         .issuer("https://issuer", *keys)
//                         .build();
//     if (!verifier) return fail(verifier.error().message());
//
//     jot::scratch scratch;                                   // in each thread
//
//     auto verdict = verifier->verify(token, now, scratch);   // for each token
//     if (verdict) greet(verdict.claims().text("sub").value_or("?"));
//     else log(verdict.name());
//
// Functions that can fail return a jot::result, which holds a value or a jot::error
// and throws nothing. Handles are move-only and free themselves. A view into a scratch
// is valid until the scratch is used for the next token.
//
// A scratch is passed by reference and changed. A `const` or temporary scratch does not
// compile, because the views of a verdict point into the scratch, and because two
// threads must not use one at once.
#ifndef JOT_HPP
#define JOT_HPP

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "jot.h"

namespace jot {

// Conversions between views of C and of C++.
inline jot_slice slice(std::string_view text) noexcept {
  // An empty text is not an absent one.
  const char *from = text.data() != nullptr ? text.data() : "";
  return {reinterpret_cast<const uint8_t *>(from), text.size()};
}

inline jot_slice slice(const std::optional<std::string_view> &text) noexcept {
  return text ? slice(*text) : jot_slice{nullptr, 0};
}

inline std::string_view view(jot_slice slice) noexcept {
  return {reinterpret_cast<const char *>(slice.ptr), slice.len};
}

inline std::optional<std::string_view> optional_view(jot_slice slice) noexcept {
  if (slice.ptr == nullptr) return std::nullopt;
  return view(slice);
}

// Returns the algorithm with this `alg` name, such as "ES256", if there is one.
inline std::optional<uint32_t> alg_of(std::string_view name) noexcept {
  uint32_t alg = 0;
  return jot_alg_parse(slice(name), &alg) == JOT_ACCEPTED ? std::optional(alg) : std::nullopt;
}

// Returns for how many algorithms the process no longer uses accelerated code.
inline size_t backend_distrusted() noexcept { return jot_backend_distrusted(); }

// Returns the error of RFC 6750 for `WWW-Authenticate: Bearer error="…"`, if there is
// one. See also jot_code_http_status.
inline std::optional<std::string_view> bearer_error(uint32_t code) noexcept {
  const char *text = jot_code_bearer_error(code);
  return text != nullptr ? std::optional<std::string_view>(text) : std::nullopt;
}

// The reason why a call failed.
class error {
 public:
  error() noexcept : raw_{} { raw_.size = sizeof raw_; }
  explicit error(uint32_t code) noexcept : error() { raw_.code = code, raw_.offset = JOT_NONE; }

  uint32_t code() const noexcept { return raw_.code; }
  const char *code_name() const noexcept { return jot_code_name(raw_.code); }
  // The argument, JWK member, Header Parameter or setting at fault, or empty.
  std::string_view name() const noexcept { return raw_.name; }
  std::optional<uint32_t> offset() const noexcept {
    return raw_.offset == JOT_NONE ? std::nullopt : std::optional(raw_.offset);
  }
  // Returns one sentence about the error.
  std::string message() const {
    size_t length = 0;
    if (jot_error_message(&raw_, nullptr, 0, &length) != JOT_ACCEPTED) return code_name();
    std::string text(length + 1, '\0');
    jot_error_message(&raw_, text.data(), text.size(), nullptr);
    text.resize(length);
    return text;
  }
  jot_error *raw() noexcept { return &raw_; }

 private:
  jot_error raw_;
};

// A value, or the reason why there is none; like std::expected of C++23.
template <class T>
class result {
 public:
  result(T value) noexcept(std::is_nothrow_move_constructible_v<T>) : held_(std::in_place_index<0>, std::move(value)) {}
  result(const jot::error &why) noexcept : held_(std::in_place_index<1>, why) {}

  bool has_value() const noexcept { return held_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  // Ends the program if there is no value.
  T &value() & noexcept { return *held(); }
  const T &value() const & noexcept { return *const_cast<result *>(this)->held(); }
  T &&value() && noexcept { return std::move(*held()); }
  T &operator*() & noexcept { return value(); }
  const T &operator*() const & noexcept { return value(); }
  T &&operator*() && noexcept { return std::move(*this).value(); }
  T *operator->() noexcept { return held(); }
  const T *operator->() const noexcept { return &value(); }
  const jot::error &error() const noexcept {
    if (has_value()) std::terminate();
    return *std::get_if<1>(&held_);
  }

 private:
  T *held() noexcept {
    if (!has_value()) std::terminate();
    return std::get_if<0>(&held_);
  }
  std::variant<T, jot::error> held_;
};

template <>
class result<void> {
 public:
  result() noexcept = default;
  result(const jot::error &why) noexcept : error_(why) {}
  bool has_value() const noexcept { return !error_; }
  explicit operator bool() const noexcept { return has_value(); }
  const jot::error &error() const noexcept {
    if (!error_) std::terminate();
    return *error_;
  }

 private:
  std::optional<jot::error> error_;
};

namespace detail {

template <auto Free>
struct deleter {
  template <class T>
  void operator()(T *handle) const noexcept {
    Free(handle);
  }
};

template <class T, auto Free>
using handle = std::unique_ptr<T, deleter<Free>>;

inline result<void> done(uint32_t code, const error &why) noexcept {
  if (code == JOT_ACCEPTED) return {};
  return why;
}

inline result<void> done(uint32_t code) noexcept { return done(code, error(code)); }

// Converts a path for C without allocating: no JSON of a token nests deeper than 32
// levels.
template <class Call>
decltype(auto) with_path(std::initializer_list<std::string_view> names, Call call) noexcept {
  std::array<jot_slice, 33> path{};
  size_t depth = 0;
  for (auto name : names)
    if (depth < path.size()) path[depth++] = slice(name);
  return call(path.data(), depth);
}

}  // namespace detail

// A text that the library wrote. It is wiped when it is destroyed.
class text {
 public:
  text() noexcept : handle_(jot_text_new()) {}
  // Valid until the text is filled again or destroyed.
  std::string_view view() const && = delete;
  std::string_view view() const & noexcept { return jot::view(jot_text_view(handle_.get())); }
  std::string str() const { return std::string(view()); }
  jot_text *raw() const noexcept { return handle_.get(); }

 private:
  detail::handle<jot_text, jot_text_free> handle_;
};

// Returns a line for a log if accelerated code was found wrong and `told`, which is 0 at
// first, does not have it yet.
inline std::optional<std::string> backend_news(uint64_t &told) {
  text line;
  jot_backend_news(&told, line.raw());
  return line.view().empty() ? std::nullopt : std::optional(line.str());
}

// Options for reading a key; see jot_key_options.
struct key_options {
  uint32_t alg = 0;
  std::optional<std::string_view> kid = std::nullopt;
  bool allow_weak_keys = false;
  bool dated = false;
  bool all_certificates = false;
  bool certificate_validity = false;

  jot_key_options raw() const noexcept {
    const uint32_t weak = allow_weak_keys ? JOT_ALLOW_WEAK_KEYS : 0, dates = dated ? JOT_DATED_KEYS : 0;
    const uint32_t all = all_certificates ? JOT_ALL_CERTIFICATES : 0;
    const uint32_t certified = certificate_validity ? JOT_CERTIFICATE_VALIDITY : 0;
    return {sizeof(jot_key_options), alg, weak | dates | all | certified, slice(kid)};
  }
};

class signer;

// Verifying keys; see jot_key_set. A set that was given to a verifier can no longer be
// changed.
class key_set {
 public:
  key_set() noexcept : handle_(jot_key_set_new()) {}
  explicit key_set(jot_key_set *owned) noexcept : handle_(owned) {}

  // The set of an issuer whose keys are still to be fetched.
  static key_set not_yet() noexcept { return key_set(jot_key_set_not_yet()); }
  // The set of an issuer whose keys could not be fetched again for too long.
  static key_set stale() noexcept { return key_set(jot_key_set_stale()); }
  static result<key_set> from_jwks(std::string_view jwks, const key_options &options = {}) noexcept {
    return made([&](key_set &set) { return set.add_jwks(jwks, options); });
  }
  static result<key_set> from_jwk(std::string_view jwk, const key_options &options = {}) noexcept {
    return made([&](key_set &set) { return set.add_jwk(jwk, options); });
  }
  static result<key_set> from_pem(std::string_view pem, const key_options &options = {}) noexcept {
    return made([&](key_set &set) { return set.add_pem(pem, options); });
  }
  static result<key_set> from_secret(std::string_view secret, const key_options &options = {}) noexcept {
    return made([&](key_set &set) { return set.add_secret(secret, options); });
  }

  result<void> add_jwks(std::string_view jwks, const key_options &options = {}) noexcept {
    return add(jot_key_set_add_jwks, jwks, options);
  }
  result<void> add_jwk(std::string_view jwk, const key_options &options = {}) noexcept {
    return add(jot_key_set_add_jwk, jwk, options);
  }
  result<void> add_pem(std::string_view pem, const key_options &options = {}) noexcept {
    return add(jot_key_set_add_pem, pem, options);
  }
  result<void> add_pem_bundle(std::string_view pem, const key_options &options = {}) noexcept {
    return add(jot_key_set_add_pem_bundle, pem, options);
  }
  // Reads a JWK Set, a JWK or PEM and recognizes which it is.
  result<void> add_text(std::string_view text, const key_options &options = {}) noexcept {
    return add(jot_key_set_add_text, text, options);
  }
  result<void> add_der(std::string_view der, const key_options &options = {}) noexcept {
    return add(jot_key_set_add_der, der, options);
  }
  result<void> add_secret(std::string_view secret, const key_options &options = {}) noexcept {
    return add(jot_key_set_add_secret, secret, options);
  }
  result<void> add(const signer &key) noexcept;

  size_t size() const noexcept { return jot_key_set_len(handle_.get()); }
  // The keys that could not be used, each with its reason. The views are valid until
  // the set is changed or destroyed.
  struct skipped_key {
    size_t position = 0;
    std::optional<std::string_view> kid;
    error why;
  };
  size_t skipped() const noexcept { return jot_key_set_skipped_len(handle_.get()); }
  std::optional<skipped_key> skipped(size_t index) const && = delete;
  std::optional<skipped_key> skipped(size_t index) const & noexcept {
    skipped_key found;
    jot_slice kid{};
    if (jot_key_set_skipped(handle_.get(), index, &found.position, &kid, found.why.raw()) != JOT_ACCEPTED)
      return std::nullopt;
    found.kid = optional_view(kid);
    return found;
  }
  // Describes in one line the keys that could not be used.
  result<std::string> reasons() const {
    size_t length = 0;
    uint32_t code = jot_key_set_reasons(handle_.get(), nullptr, 0, &length);
    std::string line(length, '\0');
    if (code == JOT_ACCEPTED) code = jot_key_set_reasons(handle_.get(), line.data(), length + 1, nullptr);
    if (code != JOT_ACCEPTED) return error(code);
    return line;
  }
  // Describes an HMAC secret of the set that looks as if it was not meant as raw bytes.
  std::optional<std::string_view> secret_doubt() const noexcept {
    return optional_view(jot_key_set_secret_doubt(handle_.get()));
  }
  // Describes the key; the views are valid until the set is changed or destroyed.
  std::optional<jot_key_info> key(size_t index) const && = delete;
  std::optional<jot_key_info> key(size_t index) const & noexcept {
    jot_key_info info{};
    info.size = sizeof info;
    if (jot_key_set_key(handle_.get(), index, &info) != JOT_ACCEPTED) return std::nullopt;
    return info;
  }
  result<std::string> to_jwks() const {
    text out;
    error why;
    if (jot_key_set_to_jwks(handle_.get(), out.raw(), why.raw()) != JOT_ACCEPTED) return why;
    return out.str();
  }
  // Verifies a signature over bytes that are not a token, with the key at an index.
  bool check_signature(size_t index, uint32_t alg, std::string_view message,
                       std::string_view signature) const noexcept {
    return jot_key_set_check_signature(handle_.get(), index, alg, slice(message), slice(signature)) == JOT_ACCEPTED;
  }
  // Returns the public key at an index.
  result<std::string> to_pem(size_t index) const {
    text out;
    error why;
    if (jot_key_set_to_pem(handle_.get(), index, out.raw(), why.raw()) != JOT_ACCEPTED) return why;
    return out.str();
  }
  jot_key_set *raw() const noexcept { return handle_.get(); }

 private:
  template <class Fill>
  static result<key_set> made(Fill fill) noexcept {
    key_set set;
    if (auto filled = fill(set); !filled) return filled.error();
    return set;
  }
  template <class Add>
  result<void> add(Add adding, std::string_view key, const key_options &options) noexcept {
    error why;
    const jot_key_options how = options.raw();
    return detail::done(adding(handle_.get(), slice(key), &how, why.raw()), why);
  }
  detail::handle<jot_key_set, jot_key_set_free> handle_;
};

// The way to a claim: its name, or the names that lead to it.
class claim_path {
 public:
  claim_path(std::string_view name) : names_{slice(name)} {}
  claim_path(const char *name) : claim_path(std::string_view(name)) {}
  claim_path(std::initializer_list<std::string_view> names) {
    for (auto name : names) names_.push_back(slice(name));
  }
  const std::vector<jot_slice> &names() const noexcept { return names_; }

 private:
  std::vector<jot_slice> names_;
};

namespace detail {

// A value as the notation of conditions writes it.
template <class T>
std::string word(const T &value) {
  if constexpr (std::is_same_v<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_integral_v<T>) {
    return std::to_string(value);
  } else if constexpr (std::is_floating_point_v<T>) {
    const double number = value;
    // What is no number is refused, and not taken for a text.
    if (!std::isfinite(number)) return "null";
    // The shortest number that is read as this one.
    char digits[40] = {};
    for (int precision = 0; precision < 17; precision++) {
      std::snprintf(digits, sizeof digits, "%.*e", precision, number);
      if (std::strtod(digits, nullptr) == number) break;
    }
    // Some locales have a comma there.
    for (char &digit : digits)
      if (digit == ',') digit = '.';
    return digits;
  } else {
    static constexpr char hex[] = "0123456789abcdef";
    std::string text = "\"";
    for (char c : std::string_view(value)) {
      if (c == '"' || c == '\\') text += '\\';
      if (static_cast<unsigned char>(c) < ' ') text += "\\u00", text += hex[c >> 4], text += hex[c & 15];
      else text += c;
    }
    return text + '"';
  }
}

// The tests of conditions, or the contrary of each.
template <class Condition, bool Not>
struct tests {
  static result<Condition> present(const claim_path &claim) { return made(claim, {"present"}); }
  template <class T>
  static result<Condition> equals(const claim_path &claim, const T &value) {
    return made(claim, {"equals", word(value)});
  }
  template <class... T>
  static result<Condition> any_of(const claim_path &claim, const T &...values) {
    return made(claim, {"any_of", word(values)...});
  }
  template <class... T>
  static result<Condition> contains(const claim_path &claim, const T &...elements) {
    return made(claim, {"contains", word(elements)...});
  }
  static result<Condition> prefix(const claim_path &claim, std::string_view text) {
    return made(claim, {"prefix", word(text)});
  }
  static result<Condition> regex(const claim_path &claim, std::string_view pattern) {
    return made(claim, {"regex", word(pattern)});
  }
  template <class T>
  static result<Condition> ge(const claim_path &claim, const T &number) {
    return made(claim, {"ge", word(number)});
  }
  template <class T>
  static result<Condition> gt(const claim_path &claim, const T &number) {
    return made(claim, {"gt", word(number)});
  }
  template <class T>
  static result<Condition> le(const claim_path &claim, const T &number) {
    return made(claim, {"le", word(number)});
  }
  template <class T>
  static result<Condition> lt(const claim_path &claim, const T &number) {
    return made(claim, {"lt", word(number)});
  }

 private:
  static result<Condition> made(const claim_path &claim, const std::vector<std::string> &words) {
    std::vector<std::string_view> all;
    if (Not) all.push_back("not");
    all.insert(all.end(), words.begin(), words.end());
    return Condition::from_words(claim, all);
  }
};

}  // namespace detail

// A condition on a claim, made of its notation, which docs/conditions.md has, or of
// values: texts, numbers and bools.
//
//     jot::condition::parse("/realm/tier any_of gold silver")
//     jot::condition::any_of({"realm", "tier"}, "gold", "silver")
class condition : public detail::tests<condition, false> {
 public:
  static result<condition> parse(std::string_view text) noexcept {
    return made([&](jot_condition **out, jot_error *why) { return jot_condition_parse(slice(text), out, why); });
  }
  // Of the words that follow the name; `flags` is 0 or JOT_CONDITION_TEXT.
  static result<condition> from_words(const claim_path &claim, const std::vector<std::string_view> &words,
                                      uint32_t flags = 0) {
    std::vector<jot_slice> rest;
    for (auto word : words) rest.push_back(slice(word));
    const auto &names = claim.names();
    return made([&](jot_condition **out, jot_error *why) {
      return jot_condition_new(names.data(), names.size(), rest.data(), rest.size(), flags, out, why);
    });
  }

  // The contrary of each test: `condition::not_::contains("roles", "guest")`.
  using not_ = detail::tests<condition, true>;

  const jot_condition *raw() const noexcept { return handle_.get(); }

 private:
  explicit condition(jot_condition *owned) noexcept : handle_(owned) {}

  template <class Make>
  static result<condition> made(Make make) noexcept {
    error why;
    jot_condition *owned = nullptr;
    if (make(&owned, why.raw()) != JOT_ACCEPTED) return why;
    return condition(owned);
  }
  detail::handle<jot_condition, jot_condition_free> handle_;
};

// The rules that a token must meet; see jot_policy. The settings chain; one that
// fails makes the verifier fail to build.
class policy {
 public:
  policy(std::initializer_list<uint32_t> algs) noexcept : policy(algs.begin(), algs.size()) {}
  explicit policy(const std::vector<uint32_t> &algs) noexcept : policy(algs.data(), algs.size()) {}
  static policy access_token(std::string_view resource, const std::vector<uint32_t> &algs) noexcept {
    policy wanted;
    wanted.take([&](jot_policy **out) {
      return jot_policy_new_access_token(slice(resource), algs.data(), algs.size(), out, wanted.why_.raw());
    });
    return wanted;
  }
  static policy id_token(std::string_view client, const std::vector<uint32_t> &algs) noexcept {
    policy wanted;
    wanted.take([&](jot_policy **out) {
      return jot_policy_new_id_token(slice(client), algs.data(), algs.size(), out, wanted.why_.raw());
    });
    return wanted;
  }

  // For verifiers of signed lists; see list_keeper.
  static policy revocation_list(const std::vector<uint32_t> &algs) noexcept {
    policy wanted;
    wanted.take([&](jot_policy **out) {
      return jot_policy_new_revocation_list(algs.data(), algs.size(), out, wanted.why_.raw());
    });
    return wanted;
  }
  static policy status_list(const std::vector<uint32_t> &algs) noexcept {
    policy wanted;
    wanted.take([&](jot_policy **out) {
      return jot_policy_new_status_list(algs.data(), algs.size(), out, wanted.why_.raw());
    });
    return wanted;
  }

  policy &typ(std::string_view typ) noexcept { return set(jot_policy_typ, slice(typ)); }
  policy &understand_critical(std::string_view name) noexcept { return set(jot_policy_understand_critical, slice(name)); }
  policy &audience(std::string_view audience) noexcept { return set(jot_policy_audience, slice(audience)); }
  policy &any_audience() noexcept { return set(jot_policy_any_audience); }
  policy &subject(std::string_view subject) noexcept { return set(jot_policy_subject, slice(subject)); }
  policy &require(std::string_view claim) noexcept { return set(jot_policy_require, slice(claim)); }
  policy &nonce(std::string_view nonce) noexcept { return set(jot_policy_nonce, slice(nonce)); }
  policy &authorized_party(std::string_view party) noexcept { return set(jot_policy_authorized_party, slice(party)); }
  policy &scope(std::string_view scope) noexcept { return set(jot_policy_scope, slice(scope)); }
  policy &leeway(uint32_t seconds) noexcept { return set(jot_policy_leeway, seconds); }
  policy &allow_missing_exp() noexcept { return set(jot_policy_allow_missing_exp); }
  policy &allow_future_iat() noexcept { return set(jot_policy_allow_future_iat); }
  policy &max_age(uint32_t seconds) noexcept { return set(jot_policy_max_age, seconds); }
  // The status of a token that names a status list counts, or every token must name one.
  policy &check_status() noexcept { return set(jot_policy_check_status); }
  policy &require_status() noexcept { return set(jot_policy_require_status); }
  policy &issuer_required() noexcept { return set(jot_policy_issuer_required); }
  policy &limits(size_t token_bytes, size_t header_bytes = 0) noexcept {
    return set(jot_policy_limits, token_bytes, header_bytes);
  }

  // Demands that a claim meets a condition, such as "tier any_of gold silver".
  policy &claim(const condition &wanted) noexcept { return set(jot_policy_claim, wanted.raw()); }
  policy &claim(const result<condition> &wanted) noexcept {
    if (wanted) return claim(*wanted);
    if (handle_) handle_.reset(), why_ = wanted.error();
    return *this;
  }
  policy &claim(std::string_view text) noexcept { return claim(condition::parse(text)); }

  // Returns `true` if any key verifies with an algorithm of this policy.
  bool fits(const key_set &keys) const noexcept { return jot_policy_fits(handle_.get(), keys.raw()) == JOT_ACCEPTED; }

  const jot_policy *raw() const noexcept { return handle_.get(); }
  // The reason why it could not be made.
  const error &why() const noexcept { return why_; }

 private:
  policy() = default;
  policy(const uint32_t *algs, size_t count) noexcept {
    take([&](jot_policy **out) { return jot_policy_new(algs, count, out, why_.raw()); });
  }
  template <class Make>
  void take(Make make) noexcept {
    jot_policy *made = nullptr;
    if (make(&made) == JOT_ACCEPTED) handle_.reset(made);
  }
  template <class Setting, class... Values>
  policy &set(Setting setting, Values... values) noexcept {
    setting(handle_.get(), values...);
    return *this;
  }
  detail::handle<jot_policy, jot_policy_free> handle_;
  error why_;
};

// The buffers of one verification at a time; make one per thread. The views of a
// verdict point into it.
class scratch {
 public:
  scratch() noexcept : handle_(jot_scratch_new()) {}
  jot_scratch *raw() & noexcept { return handle_.get(); }

 private:
  detail::handle<jot_scratch, jot_scratch_free> handle_;
};

class value_iterator;

// A JSON value of the token that a scratch holds; using it after the next token is an
// error.
class value {
 public:
  value(jot_scratch *of, const jot_value &found) noexcept : scratch_(of), raw_(found) {}

  // JOT_NULL, JOT_BOOLEAN, JOT_NUMBER, JOT_STRING, JOT_ARRAY or JOT_OBJECT.
  uint32_t kind() const noexcept { return raw_.kind; }
  // The JSON text that was signed; for a string its characters.
  std::string_view raw_text() const noexcept { return view(raw_.text); }
  std::optional<std::string_view> text() const noexcept {
    if (kind() != JOT_STRING) return std::nullopt;
    return raw_text();
  }
  std::optional<int64_t> integer() const noexcept { return read<int64_t>(jot_value_integer); }
  std::optional<double> number() const noexcept { return read<double>(jot_value_number); }
  std::optional<bool> boolean() const noexcept {
    const auto boolean = read<uint32_t>(jot_value_boolean);
    return boolean ? std::optional(*boolean != 0) : std::nullopt;
  }
  std::optional<value> member(std::string_view name) const noexcept {
    jot_value found;
    if (jot_value_member(scratch_, &raw_, slice(name), &found) != JOT_ACCEPTED) return std::nullopt;
    return value(scratch_, found);
  }

  // Iterates over an object's members or an array's elements, whose names are empty.
  // Other values have none.
  value_iterator begin() const noexcept;
  value_iterator end() const noexcept;

 private:
  template <class T, class Reader>
  std::optional<T> read(Reader reader) const noexcept {
    T out;
    if (reader(&raw_, &out) != JOT_ACCEPTED) return std::nullopt;
    return out;
  }
  jot_scratch *scratch_;
  jot_value raw_;
};

class value_iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = std::pair<std::string_view, value>;
  using difference_type = std::ptrdiff_t;
  using pointer = const value_type *;
  using reference = const value_type &;

  value_iterator() noexcept = default;
  value_iterator(jot_scratch *in, const jot_value &of) noexcept : scratch_(in), of_(of) { ++*this; }
  reference operator*() const noexcept { return *at_; }
  pointer operator->() const noexcept { return &*at_; }
  value_iterator &operator++() noexcept {
    jot_slice name{};
    jot_value next{};
    if (jot_value_next(scratch_, &of_, &cursor_, &name, &next) == JOT_ACCEPTED)
      at_.emplace(view(name), value(scratch_, next));
    else
      at_.reset();
    return *this;
  }
  bool operator==(const value_iterator &other) const noexcept { return at_.has_value() == other.at_.has_value(); }
  bool operator!=(const value_iterator &other) const noexcept { return !(*this == other); }

 private:
  jot_scratch *scratch_ = nullptr;
  jot_value of_{};
  uint32_t cursor_ = 0;
  std::optional<value_type> at_;
};

inline value_iterator value::begin() const noexcept { return {scratch_, raw_}; }
inline value_iterator value::end() const noexcept { return {}; }

// The claims of a token whose signature held; empty otherwise.
class claims {
 public:
  explicit claims(jot_scratch *of) noexcept : scratch_(of) {}

  std::optional<value> get(std::string_view name) const noexcept { return path({name}); }
  std::optional<value> path(std::initializer_list<std::string_view> names) const noexcept {
    return detail::with_path(names, [&](const jot_slice *way, size_t depth) noexcept -> std::optional<value> {
      jot_value found;
      if (jot_claims_path(scratch_, way, depth, &found) != JOT_ACCEPTED) return std::nullopt;
      return value(scratch_, found);
    });
  }
  // Returns the object or array at a path, or an empty one, for a range-for loop.
  // There, `*get(name)` would be destroyed before the first step.
  value each(std::initializer_list<std::string_view> names = {}) const noexcept {
    const auto found = path(names);
    return found ? *found : value(scratch_, jot_value{});
  }
  std::optional<value> root() const noexcept { return path({}); }
  // Returns JOT_ACCEPTED, JOT_CLAIM_MISSING or JOT_CLAIM_MISMATCH.
  uint32_t meet(const condition &wanted) const noexcept { return jot_claims_meet(scratch_, wanted.raw()); }
  // Returns JOT_ACCEPTED, JOT_SCOPE_INSUFFICIENT or JOT_SCOPE_INVALID.
  uint32_t have_scopes(const std::vector<std::string_view> &scopes) const {
    std::vector<jot_slice> all;
    for (auto scope : scopes) all.push_back(slice(scope));
    return jot_claims_have_scopes(scratch_, all.data(), all.size());
  }
  // Check whether the token grants a scope, and whether an array at a path contains
  // this text, such as a role, for routes with different needs.
  bool has_scope(std::string_view scope) const noexcept { return jot_claims_has_scope(scratch_, slice(scope)); }
  bool contains(std::initializer_list<std::string_view> names, std::string_view element) const noexcept {
    return detail::with_path(names, [&](const jot_slice *way, size_t depth) noexcept {
      return jot_claims_contains(scratch_, way, depth, slice(element));
    });
  }
  std::optional<std::string_view> text(std::string_view name) const noexcept {
    const auto found = read<jot_slice>(jot_claims_text, name);
    return found ? std::optional(view(*found)) : std::nullopt;
  }
  std::optional<int64_t> integer(std::string_view name) const noexcept {
    return read<int64_t>(jot_claims_integer, name);
  }
  std::optional<double> number(std::string_view name) const noexcept {
    return read<double>(jot_claims_number, name);
  }
  std::optional<int64_t> date(std::string_view name) const noexcept {
    return read<int64_t>(jot_claims_date, name);
  }
  std::optional<bool> boolean(std::string_view name) const noexcept {
    const auto found = read<uint32_t>(jot_claims_boolean, name);
    return found ? std::optional(*found != 0) : std::nullopt;
  }

 private:
  template <class T, class Reader>
  std::optional<T> read(Reader reader, std::string_view name) const noexcept {
    T out;
    if (reader(scratch_, slice(name), &out) != JOT_ACCEPTED) return std::nullopt;
    return out;
  }
  jot_scratch *scratch_;
};

// The JOSE Header of a well-formed token. It is unverified unless the signature held.
class header {
 public:
  explicit header(jot_scratch *of) noexcept : scratch_(of) {}

  std::optional<value> get(std::string_view name) const noexcept { return path({name}); }
  std::optional<value> path(std::initializer_list<std::string_view> names) const noexcept {
    return detail::with_path(names, [&](const jot_slice *way, size_t depth) noexcept -> std::optional<value> {
      jot_value found;
      if (jot_header_path(scratch_, way, depth, &found) != JOT_ACCEPTED) return std::nullopt;
      return value(scratch_, found);
    });
  }

 private:
  jot_scratch *scratch_;
};

// The outcome of verifying a token; true if it was accepted. See jot_verdict.
class verdict {
 public:
  explicit verdict(jot_scratch *of) noexcept : scratch_(of), raw_{} { raw_.size = sizeof raw_; }

  explicit operator bool() const noexcept { return raw_.code == JOT_ACCEPTED; }
  uint32_t code() const noexcept { return raw_.code; }
  const char *name() const noexcept { return jot_code_name(raw_.code); }
  const char *meaning() const noexcept { return jot_code_meaning(raw_.code); }
  // The status of the HTTP response; jot::bearer_error returns the other part.
  uint32_t http_status() const noexcept { return jot_code_http_status(raw_.code); }
  // Describes the fault, for a log; `token` is the rejected token.
  std::string detail(std::string_view token) const {
    std::array<char, JOT_DETAIL_BYTES> text{};
    size_t length = 0;
    if (jot_verdict_detail(&raw_, slice(token), text.data(), text.size(), &length) != JOT_ACCEPTED) return {};
    return std::string(text.data(), length);
  }
  bool signature_ok() const noexcept { return (raw_.flags & JOT_SIGNATURE_OK) != 0; }
  bool from_cache() const noexcept { return (raw_.flags & JOT_FROM_CACHE) != 0; }
  std::optional<int64_t> expires_at() const noexcept { return date(JOT_HAS_EXP, raw_.expires_at); }
  std::optional<int64_t> not_before() const noexcept { return date(JOT_HAS_NBF, raw_.not_before); }
  std::optional<int64_t> issued_at() const noexcept { return date(JOT_HAS_IAT, raw_.issued_at); }
  std::optional<std::string_view> fault_claim() const noexcept { return optional_view(raw_.fault_claim); }
  std::optional<std::string_view> header() const noexcept { return optional_view(raw_.header); }
  std::optional<std::string_view> payload() const noexcept { return optional_view(raw_.payload); }
  std::optional<std::string_view> kid() const noexcept { return optional_view(raw_.kid); }
  jot::claims claims() const noexcept { return jot::claims(scratch_); }
  jot::header parameters() const noexcept { return jot::header(scratch_); }
  const jot_verdict &raw() const noexcept { return raw_; }
  jot_verdict *out() noexcept { return &raw_; }

 private:
  std::optional<int64_t> date(uint32_t flag, int64_t seconds) const noexcept {
    return (raw_.flags & flag) != 0 ? std::optional(seconds) : std::nullopt;
  }
  jot_scratch *scratch_;
  jot_verdict raw_;
};

// A list of revocations; see jot_revocations.
class revocations {
 public:
  explicit revocations(size_t limit = 1'000'000) noexcept : handle_(jot_revocations_new(limit)) {}
  explicit revocations(jot_revocations *owned) noexcept : handle_(owned) {}
  static result<revocations> from_text(std::string_view text, size_t limit) noexcept {
    error why;
    jot_revocations *read = nullptr;
    if (jot_revocations_from_text(slice(text), limit, &read, why.raw()) != JOT_ACCEPTED) return why;
    return revocations(read);
  }
  static result<revocations> from_claims(std::string_view claims, size_t limit) noexcept {
    error why;
    jot_revocations *read = nullptr;
    if (jot_revocations_from_claims(slice(claims), limit, &read, why.raw()) != JOT_ACCEPTED) return why;
    return revocations(read);
  }
  // The list of a verifier whose own one is too old or not there yet; tokens are 503.
  static revocations stale() noexcept { return revocations(jot_revocations_stale()); }
  static revocations not_yet() noexcept { return revocations(jot_revocations_not_yet()); }
  result<void> revoke_jti(std::string_view jti, int64_t until = JOT_NEVER) noexcept {
    return detail::done(jot_revocations_revoke_jti(handle_.get(), slice(jti), until));
  }
  result<void> revoke_session(std::string_view sid, int64_t until = JOT_NEVER) noexcept {
    return detail::done(jot_revocations_revoke_session(handle_.get(), slice(sid), until));
  }
  result<void> revoke_subject(std::string_view subject, int64_t issued_before) noexcept {
    return detail::done(jot_revocations_revoke_subject(handle_.get(), slice(subject), issued_before));
  }
  result<void> revoke_key(std::string_view thumbprint) noexcept {
    return detail::done(jot_revocations_revoke_key(handle_.get(), slice(thumbprint)));
  }
  void purge(int64_t now) noexcept { jot_revocations_purge(handle_.get(), now); }
  size_t size() const noexcept { return jot_revocations_len(handle_.get()); }
  // Until when a list that was read may be used; JOT_NEVER if it does not say.
  int64_t end() const noexcept { return jot_revocations_end(handle_.get()); }
  std::string to_text() const {
    text out;
    jot_revocations_to_text(handle_.get(), out.raw());
    return out.str();
  }
  const jot_revocations *raw() const noexcept { return handle_.get(); }

 private:
  detail::handle<jot_revocations, jot_revocations_free> handle_;
};

// A Token Status List that verifiers may share; see jot_status_list.
class status_list {
 public:
  explicit status_list(jot_status_list *owned) noexcept : handle_(owned) {}
  static result<status_list> from_claims(std::string_view claims, size_t most_entries) noexcept {
    error why;
    jot_status_list *read = nullptr;
    if (jot_status_list_from_claims(slice(claims), most_entries, &read, why.raw()) != JOT_ACCEPTED) return why;
    return status_list(read);
  }
  // What stands in the place of a list that is not there yet or too old; tokens are 503.
  static status_list not_yet(std::string_view uri) noexcept { return status_list(jot_status_list_not_yet(slice(uri))); }
  static status_list stale(std::string_view uri) noexcept { return status_list(jot_status_list_stale(slice(uri))); }
  size_t size() const noexcept { return jot_status_list_len(handle_.get()); }
  // Its exp; JOT_NEVER if it has none.
  int64_t end() const noexcept { return jot_status_list_end(handle_.get()); }
  const jot_status_list *raw() const noexcept { return handle_.get(); }

 private:
  detail::handle<jot_status_list, jot_status_list_free> handle_;
};

// A policy and trusted keys. Any number of threads may share it.
class verifier {
 public:
  explicit verifier(jot_verifier *owned) noexcept : handle_(owned) {}

  jot::verdict verify(std::string_view token, int64_t now, scratch &room) const noexcept {
    jot::verdict verdict(room.raw());
    jot_verifier_verify(handle_.get(), slice(token), now, room.raw(), verdict.out());
    return verdict;
  }
  // Verifies a token that must also meet `demand`; see jot_demand.
  jot::verdict verify_for(std::string_view token, int64_t now, const jot_demand &demand,
                          scratch &room) const noexcept {
    jot::verdict verdict(room.raw());
    jot_verifier_verify_for(handle_.get(), slice(token), now, &demand, room.raw(), verdict.out());
    return verdict;
  }
  // Verifies a token without reading the claims if the cache holds it.
  jot::verdict check(std::string_view token, int64_t now, scratch &room) const noexcept {
    jot::verdict verdict(room.raw());
    jot_verifier_check(handle_.get(), slice(token), now, room.raw(), verdict.out());
    return verdict;
  }
  jot::verdict verify_jws(std::string_view token, scratch &room,
                          std::optional<std::string_view> detached = std::nullopt,
                          std::optional<std::string_view> issuer = std::nullopt) const noexcept {
    jot::verdict verdict(room.raw());
    jot_verifier_verify_jws(handle_.get(), slice(token), slice(issuer), slice(detached), room.raw(),
                            verdict.out());
    return verdict;
  }
  // Returns the number of the issuer whose keys an unverified token needs; see
  // jot_verifier_unverified_issuer.
  std::optional<uint32_t> unverified_issuer(std::string_view token, scratch &room) const noexcept {
    uint32_t index = 0;
    const uint32_t code = jot_verifier_unverified_issuer(handle_.get(), slice(token), room.raw(), &index);
    return code == JOT_ACCEPTED ? std::optional(index) : std::nullopt;
  }
  result<void> replace_keys(std::optional<std::string_view> issuer, const key_set &others) const noexcept {
    error why;
    return detail::done(jot_verifier_replace_keys(handle_.get(), slice(issuer), others.raw(), why.raw()), why);
  }
  // Returns the current keys of an issuer, or the only key set, as a set that cannot be
  // changed.
  result<key_set> keys(std::optional<std::string_view> issuer = std::nullopt) const noexcept {
    jot_key_set *found = nullptr;
    const uint32_t code = jot_verifier_keys(handle_.get(), slice(issuer), &found);
    if (code != JOT_ACCEPTED) return error(code);
    return key_set(found);
  }
  result<void> set_revocations(const jot::revocations &list) const noexcept {
    return detail::done(jot_verifier_set_revocations(handle_.get(), list.raw()));
  }
  // Returns a copy of the current revocations, to which you can add before you set them
  // again.
  result<jot::revocations> revocations() const noexcept {
    jot_revocations *copy = nullptr;
    const uint32_t code = jot_verifier_revocations(handle_.get(), &copy);
    if (code != JOT_ACCEPTED) return error(code);
    return jot::revocations(copy);
  }
  // Adds a status list by the claims of one that was verified.
  result<void> set_status_list(std::string_view claims, size_t most_entries) const noexcept {
    error why;
    return detail::done(jot_verifier_set_status_list(handle_.get(), slice(claims), most_entries, why.raw()), why);
  }
  result<void> put_status_list(const status_list &list) const noexcept {
    return detail::done(jot_verifier_put_status_list(handle_.get(), list.raw()));
  }
  // Asks a function for the lists that tokens name; see jot_verifier_add_status_feed.
  result<void> add_status_feed(jot_status_wanted wanted, void *user) const noexcept {
    return detail::done(jot_verifier_add_status_feed(handle_.get(), wanted, user));
  }
  // Tells whether a token named this list since the last call.
  bool status_list_was_named(std::string_view uri) const noexcept {
    uint32_t named = 0;
    jot_verifier_status_list_was_named(handle_.get(), slice(uri), &named);
    return named != 0;
  }
  result<void> forget_status_list(std::string_view uri) const noexcept {
    return detail::done(jot_verifier_forget_status_list(handle_.get(), slice(uri)));
  }
  // Builds accelerated tables now; see jot_verifier_prepare.
  size_t prepare() const noexcept { return jot_verifier_prepare(handle_.get()); }
  std::string_view backend_name(uint32_t alg) const noexcept {
    return view(jot_verifier_backend_name(handle_.get(), alg));
  }
  jot_backend_report backend_report() const noexcept {
    jot_backend_report taken{};
    taken.size = sizeof taken;
    jot_verifier_backend_report(handle_.get(), &taken);
    return taken;
  }
  // Return how many tokens had a code, and how many signatures of an algorithm held.
  uint64_t verdicts(uint32_t code) const noexcept { return jot_verifier_verdicts(handle_.get(), code); }
  uint64_t verifications(uint32_t alg) const noexcept { return jot_verifier_verifications(handle_.get(), alg); }
  jot_statistics statistics() const noexcept {
    jot_statistics taken{};
    taken.size = sizeof taken;
    jot_verifier_statistics(handle_.get(), &taken);
    return taken;
  }
  std::string prometheus() const {
    text out;
    jot_verifier_prometheus(handle_.get(), out.raw());
    return out.str();
  }
  const jot_verifier *raw() const noexcept { return handle_.get(); }

 private:
  detail::handle<jot_verifier, jot_verifier_free> handle_;
};

// Builds a verifier. The calls chain; build() returns the first error.
class verifier_builder {
 public:
  explicit verifier_builder(const policy &rules) noexcept : why_(rules.why()) {
    jot_verifier_builder *begun = nullptr;
    if (rules.raw() == nullptr) return;
    if (jot_verifier_builder_new(rules.raw(), &begun, why_.raw()) == JOT_ACCEPTED) handle_.reset(begun);
  }
  verifier_builder &keys(const jot::key_set &trusted) noexcept {
    return set(jot_verifier_builder_keys(handle_.get(), trusted.raw()));
  }
  verifier_builder &issuer(std::string_view name, const jot::key_set &trusted) noexcept {
    return set(jot_verifier_builder_issuer(handle_.get(), slice(name), trusted.raw()));
  }
  // Adds keys for the calls of verify_for that name them.
  verifier_builder &key_set(std::string_view name, std::optional<std::string_view> issuer,
                            const jot::key_set &trusted) noexcept {
    return set(jot_verifier_builder_key_set(handle_.get(), slice(name), slice(issuer), trusted.raw()));
  }
  verifier_builder &cache_entries(size_t entries) noexcept {
    return set(jot_verifier_builder_cache_entries(handle_.get(), entries));
  }
  verifier_builder &backend(uint32_t wanted) noexcept {
    return set(jot_verifier_builder_backend(handle_.get(), wanted));
  }
  verifier_builder &table_bytes(size_t bytes) noexcept {
    return set(jot_verifier_builder_table_bytes(handle_.get(), bytes));
  }
  verifier_builder &cross_check(uint32_t one_in) noexcept {
    return set(jot_verifier_builder_cross_check(handle_.get(), one_in));
  }
  verifier_builder &cache_bytes(size_t bytes) noexcept {
    return set(jot_verifier_builder_cache_bytes(handle_.get(), bytes));
  }
  result<verifier> build() const noexcept {
    if (!handle_) return why_;
    error why;
    jot_verifier *built = nullptr;
    if (jot_verifier_builder_build(handle_.get(), &built, why.raw()) != JOT_ACCEPTED) return why;
    return verifier(built);
  }
  // Checks whether build() would succeed, without the cost of building.
  result<void> check() const noexcept {
    if (!handle_) return why_;
    error why;
    return detail::done(jot_verifier_builder_check(handle_.get(), why.raw()), why);
  }

 private:
  // The C builder itself keeps the first error.
  verifier_builder &set(uint32_t) noexcept { return *this; }
  detail::handle<jot_verifier_builder, jot_verifier_builder_free> handle_;
  error why_;
};

// A private key or an HMAC secret. Any number of threads may share it.
class signer {
 public:
  explicit signer(jot_signer *owned) noexcept : handle_(owned) {}

  static result<signer> generate(uint32_t alg, std::optional<std::string_view> kid = std::nullopt,
                                 size_t rsa_bits = 0) noexcept {
    return made([&](jot_signer **out, jot_error *why) {
      return jot_signer_generate(alg, rsa_bits, slice(kid), out, why);
    });
  }
  static result<signer> from_jwk(std::string_view jwk, const key_options &options = {}) noexcept {
    return read(jot_signer_from_jwk, jwk, options);
  }
  static result<signer> from_pem(std::string_view pem, const key_options &options = {}) noexcept {
    return read(jot_signer_from_pem, pem, options);
  }
  static result<signer> from_der(std::string_view der, const key_options &options = {}) noexcept {
    return read(jot_signer_from_der, der, options);
  }
  static result<signer> from_secret(std::string_view secret, const key_options &options = {}) noexcept {
    return read(jot_signer_from_secret, secret, options);
  }

  // Describes the key; the views are valid until the signer is destroyed.
  jot_key_info key() const && = delete;
  jot_key_info key() const & noexcept {
    jot_key_info info{};
    info.size = sizeof info;
    jot_signer_key(handle_.get(), &info);
    return info;
  }
  // Signs a JSON object as a JWT, with the default header or this one.
  result<std::string> sign_claims(std::string_view claims, const jot_sign_header *header = nullptr) const {
    return written([&](jot_text *out, jot_error *why) {
      return jot_signer_sign_claims(handle_.get(), header, slice(claims), out, why);
    });
  }
  result<std::string> sign_payload(std::string_view payload, uint32_t form = JOT_ATTACHED,
                                   const jot_sign_header *header = nullptr) const {
    return written([&](jot_text *out, jot_error *why) {
      return jot_signer_sign_payload(handle_.get(), header, slice(payload), form, out, why);
    });
  }
  // Signs bytes that are not a token.
  result<std::string> sign_message(std::string_view message) const {
    return written([&](jot_text *out, jot_error *why) {
      return jot_signer_sign_message(handle_.get(), slice(message), out, why);
    });
  }
  // Return the private key, which is a secret.
  result<std::string> to_jwk() const {
    return written([&](jot_text *out, jot_error *why) { return jot_signer_to_jwk(handle_.get(), out, why); });
  }
  result<std::string> to_pem() const {
    return written([&](jot_text *out, jot_error *why) { return jot_signer_to_pem(handle_.get(), out, why); });
  }
  const jot_signer *raw() const noexcept { return handle_.get(); }

 private:
  template <class Make>
  static result<signer> made(Make make) noexcept {
    error why;
    jot_signer *owned = nullptr;
    if (make(&owned, why.raw()) != JOT_ACCEPTED) return why;
    return signer(owned);
  }
  template <class Reader>
  static result<signer> read(Reader reader, std::string_view key, const key_options &options) noexcept {
    const jot_key_options how = options.raw();
    return made([&](jot_signer **out, jot_error *why) { return reader(slice(key), &how, out, why); });
  }
  template <class Write>
  result<std::string> written(Write write) const {
    text out;
    error why;
    if (write(out.raw(), why.raw()) != JOT_ACCEPTED) return why;
    return out.str();
  }
  detail::handle<jot_signer, jot_signer_free> handle_;
};

inline result<void> key_set::add(const signer &key) noexcept {
  error why;
  return detail::done(jot_key_set_add_signer(handle_.get(), key.raw(), why.raw()), why);
}

// The columns that a batch fills.
struct verdicts {
  std::vector<uint32_t> codes;
  std::vector<uint8_t> flags;
  std::vector<uint32_t> issuer_index, key_index, first_row;
  std::vector<int64_t> expires_at, not_before, issued_at;
  // JOT_STATE_ACTIVE and its like, or 0; 1, 0 or JOT_TIME_OK_UNKNOWN; seconds, or 0.
  std::vector<uint8_t> key_state, time_ok;
  std::vector<int64_t> expired_by_seconds;
  size_t accepted = 0, distinct = 0;
  bool cancelled = false;
};

// Threads and memory for verifying batches; one call at a time.
class batch {
 public:
  // The batch calls this after each chunk, from several threads at once; `true` cancels
  // the rest. It must not throw.
  using progress = std::function<bool(size_t done, size_t total)>;

  // 1 is only the calling thread, 0 means one thread for each processor.
  static result<batch> with_threads(size_t threads) noexcept {
    error why;
    jot_batch *owned = nullptr;
    if (jot_batch_new(threads, &owned, why.raw()) != JOT_ACCEPTED) return why;
    return batch(owned);
  }

  // Verifies all tokens at one instant.
  result<verdicts> verify(const verifier &verifier, const std::vector<std::string_view> &tokens, int64_t now,
                          const progress &watch = {}) const {
    jot_batch_options options{};
    options.now = now;
    return run(verifier, tokens, options, watch);
  }
  // Verifies each token at its own instant.
  result<verdicts> verify(const verifier &verifier, const std::vector<std::string_view> &tokens,
                          const std::vector<int64_t> &as_of, const progress &watch = {}) const {
    jot_batch_options options{};
    if (as_of.size() != tokens.size()) return error(JOT_BATCH_INVALID);
    options.as_of = as_of.data();
    return run(verifier, tokens, options, watch);
  }
  // Verifies each token at its own instant, if that is known: a token without one is
  // never accepted, and JOT_TIME_UNKNOWN if it meets every rule that needs none.
  result<verdicts> verify(const verifier &verifier, const std::vector<std::string_view> &tokens,
                          const std::vector<std::optional<int64_t>> &as_of, const progress &watch = {}) const {
    if (as_of.size() != tokens.size()) return error(JOT_BATCH_INVALID);
    std::vector<int64_t> instants;
    std::vector<uint8_t> known;
    instants.reserve(as_of.size()), known.reserve(as_of.size());
    for (const auto &at : as_of) instants.push_back(at.value_or(0)), known.push_back(at.has_value());
    jot_batch_options options{};
    options.as_of = instants.data();
    options.as_of_known = known.data();
    return run(verifier, tokens, options, watch);
  }
  // Keeps these claims, such as JOT_CLAIM_SUBJECT | JOT_CLAIM_JWT_ID, from the next
  // batch on.
  void keep(uint32_t claims) noexcept { claims_ = claims; }
  // Keeps what the headers name from the next batch on: JOT_UNVERIFIED_ALG |
  // JOT_UNVERIFIED_KID.
  void keep_unverified(uint32_t names) noexcept { unverified_ = names; }
  // Returns one of them, row by row, for tokens whose signature holds, accepted or not.
  // The views are valid until the next batch.
  result<std::vector<std::optional<std::string_view>>> claim(uint32_t claim) const {
    jot_text_column column{};
    column.size = sizeof column;
    error why;
    if (jot_batch_claim(handle_.get(), claim, &column, why.raw()) != JOT_ACCEPTED) return why;
    return texts(column);
  }
  // Returns one of the names, row by row, unverified unless the row's flags have
  // JOT_SIGNATURE_OK. The views are valid until the next batch.
  result<std::vector<std::optional<std::string_view>>> unverified(uint32_t name) const {
    jot_text_column column{};
    column.size = sizeof column;
    error why;
    if (jot_batch_unverified(handle_.get(), name, &column, why.raw()) != JOT_ACCEPTED) return why;
    return texts(column);
  }
  jot_batch *raw() const noexcept { return handle_.get(); }

 private:
  explicit batch(jot_batch *owned) noexcept : handle_(owned) {}

  static std::vector<std::optional<std::string_view>> texts(const jot_text_column &column) {
    const std::string_view all = view(column.data);
    std::vector<std::optional<std::string_view>> out(column.rows);
    for (size_t row = 0; row < column.rows; row++) {
      const auto start = static_cast<size_t>(column.offsets[row]);
      const auto end = static_cast<size_t>(column.offsets[row + 1]);
      if (column.validity[row / 8] >> row % 8 & 1) out[row] = all.substr(start, end - start);
    }
    return out;
  }

  result<verdicts> run(const verifier &verifier, const std::vector<std::string_view> &tokens,
                       jot_batch_options options, const progress &watch) const {
    std::vector<jot_slice> slices;
    slices.reserve(tokens.size());
    for (auto token : tokens) slices.push_back(slice(token));
    jot_tokens column{};
    column.size = sizeof column, column.layout = JOT_SLICES;
    column.rows = slices.size(), column.slices = slices.data();
    options.size = sizeof options;
    if (watch) {
      options.user = const_cast<progress *>(&watch);
      options.progress = [](void *user, size_t done, size_t total) noexcept -> int {
        return (*static_cast<const progress *>(user))(done, total) ? 1 : 0;
      };
    }
    verdicts out;
    const size_t rows = slices.size();
    out.codes.resize(rows), out.flags.resize(rows), out.issuer_index.resize(rows), out.key_index.resize(rows);
    out.first_row.resize(rows);
    out.expires_at.resize(rows), out.not_before.resize(rows), out.issued_at.resize(rows);
    out.key_state.resize(rows), out.time_ok.resize(rows), out.expired_by_seconds.resize(rows);
    const jot_columns columns = {sizeof columns,          out.codes.data(),     out.flags.data(),
                                 out.issuer_index.data(), out.key_index.data(), out.expires_at.data(),
                                 out.not_before.data(),   out.issued_at.data(), out.first_row.data(),
                                 claims_,                 unverified_,          out.key_state.data(),
                                 out.time_ok.data(),      out.expired_by_seconds.data()};
    jot_batch_report report{};
    report.size = sizeof report;
    error why;
    if (jot_batch_verify(handle_.get(), verifier.raw(), &column, &options, &columns, &report, why.raw()) !=
        JOT_ACCEPTED)
      return why;
    out.accepted = report.accepted, out.distinct = report.distinct, out.cancelled = report.cancelled != 0;
    return out;
  }
  detail::handle<jot_batch, jot_batch_free> handle_;
  uint32_t claims_ = 0, unverified_ = 0;
};

// What is known of a token that came with its own key; see jot_selfsigned. It is no
// verdict: there is no acceptance, and nothing converts to `bool`.
class self_signed {
 public:
  self_signed() noexcept : raw_{} { raw_.size = sizeof raw_; }

  // Whether the key signed the token, which anybody can do: compare the thumbprint.
  bool signature_holds() const noexcept { return raw_.code == JOT_SELF_SIGNED; }
  uint32_t code() const noexcept { return raw_.code; }
  const char *name() const noexcept { return jot_code_name(raw_.code); }
  const char *meaning() const noexcept { return jot_code_meaning(raw_.code); }
  // Returns `true` if the key signed the token and has this thumbprint, such as the `jkt`
  // of an access token that was accepted.
  bool is_of(std::string_view jkt) const noexcept { return signature_holds() && thumbprint() == jkt; }
  std::string_view thumbprint() const noexcept { return raw_.thumbprint; }
  std::optional<int64_t> expires_at() const noexcept { return date(JOT_HAS_EXP, raw_.expires_at); }
  std::optional<int64_t> not_before() const noexcept { return date(JOT_HAS_NBF, raw_.not_before); }
  std::optional<int64_t> issued_at() const noexcept { return date(JOT_HAS_IAT, raw_.issued_at); }
  // The member of the key at fault, or empty.
  std::string_view fault_name() const noexcept { return raw_.fault_name; }
  // What the holder of the key says; a view into the scratch.
  std::optional<std::string_view> payload() const noexcept { return optional_view(raw_.payload); }
  const jot_selfsigned &raw() const noexcept { return raw_; }
  jot_selfsigned *out() noexcept { return &raw_; }

 private:
  std::optional<int64_t> date(uint32_t flag, int64_t seconds) const noexcept {
    return (raw_.flags & flag) != 0 ? std::optional(seconds) : std::nullopt;
  }
  jot_selfsigned raw_;
};

// Verifies tokens that come with their own key, such as DPoP proofs.
class self_signed_verifier {
 public:
  // Allows these algorithms and these `typ`s; without any `typ`, tokens of any.
  static result<self_signed_verifier> with(std::initializer_list<uint32_t> algs,
                                           std::initializer_list<std::string_view> typs,
                                           uint32_t backend = JOT_BACKEND_AWS_LC) {
    std::vector<jot_slice> wanted;
    for (auto typ : typs) wanted.push_back(slice(typ));
    jot_selfsigned_options options{};
    options.size = sizeof options, options.backend = backend;
    for (auto alg : algs) {
      if (alg > 31) return error(JOT_ARGUMENT_VALUE);
      options.algs |= uint32_t{1} << alg;
    }
    options.flags = wanted.empty() ? JOT_ANY_TYP : 0;
    options.typs = wanted.data(), options.typ_count = wanted.size();
    error why;
    jot_selfsigned_verifier *owned = nullptr;
    if (jot_selfsigned_verifier_new(&options, &owned, why.raw()) != JOT_ACCEPTED) return why;
    return self_signed_verifier(owned);
  }

  // Verifies a token with the key in its header, or with this JWK.
  self_signed verify(std::string_view token, scratch &room,
                     std::optional<std::string_view> jwk = std::nullopt) const noexcept {
    self_signed known;
    jot_selfsigned_verify(handle_.get(), slice(token), slice(jwk), room.raw(), known.out());
    return known;
  }

  // Returns the code of each token, JOT_SELF_SIGNED if its own key signed it, and fills in
  // the digests of these keys, if there is a place for them. With `jwks`, a key for each
  // token.
  result<std::vector<uint32_t>> verify_batch(const batch &batch, const std::vector<std::string_view> &tokens,
                                             std::vector<std::array<uint8_t, 32>> *digests = nullptr,
                                             const std::vector<std::string_view> *jwks = nullptr) const {
    std::vector<jot_slice> rows, keys;
    for (auto token : tokens) rows.push_back(slice(token));
    if (jwks != nullptr)
      for (auto jwk : *jwks) keys.push_back(slice(jwk));
    jot_tokens column{}, own{};
    column.size = own.size = sizeof column, column.layout = own.layout = JOT_SLICES;
    column.rows = rows.size(), column.slices = rows.data();
    own.rows = keys.size(), own.slices = keys.data();
    std::vector<uint32_t> codes(rows.size());
    if (digests != nullptr) digests->resize(rows.size());
    jot_selfsigned_columns columns{};
    columns.size = sizeof columns, columns.codes = codes.data();
    if (digests != nullptr && !digests->empty()) columns.digests = digests->front().data();
    error why;
    if (jot_batch_verify_selfsigned(batch.raw(), handle_.get(), &column, jwks != nullptr ? &own : nullptr, &columns,
                                    why.raw()) != JOT_ACCEPTED)
      return why;
    return codes;
  }

 private:
  explicit self_signed_verifier(jot_selfsigned_verifier *owned) noexcept : handle_(owned) {}
  detail::handle<jot_selfsigned_verifier, jot_selfsigned_verifier_free> handle_;
};

// Decodes a token without verifying it, for display and never for a decision. The views
// are valid until the scratch is used again.
inline result<jot_decoded> decode_unverified(std::string_view token, scratch &room) {
  jot_decoded decoded{};
  decoded.size = sizeof decoded;
  const uint32_t code = jot_token_decode_unverified(slice(token), room.raw(), &decoded);
  if (code != JOT_ACCEPTED) return error(code);
  return decoded;
}

// The token of a request; `several` if there is more than one, and then there is none.
struct request_token {
  std::optional<std::string_view> token;
  bool several = false;
};

// Finds the token in the values of the Authorization fields; see jot_authorization_token.
inline result<request_token> authorization_token(const std::vector<std::string_view> &values,
                                                 std::string_view scheme = "Bearer") {
  std::vector<jot_slice> fields;
  for (auto value : values) fields.push_back(slice(value));
  jot_slice token{};
  uint32_t found = 0;
  const uint32_t code = jot_authorization_token(slice(scheme), fields.data(), fields.size(), &token, &found);
  if (code != JOT_ACCEPTED) return error(code);
  return request_token{optional_view(token), found == 2};
}

// Why a request is refused; see jot_challenge.
struct challenge {
  uint32_t code = JOT_TOKEN_NULL;
  std::string_view realm = "";
  std::vector<std::string_view> scopes = {};
  std::optional<std::string_view> resource_metadata = std::nullopt;
  bool several_tokens = false;
  bool described = true;
};

// The answer to a request that is refused: a status, and the value of WWW-Authenticate unless
// that is empty.
struct refusal {
  uint32_t status;
  std::string challenge;
};

inline result<refusal> answer(const challenge &about) {
  std::vector<jot_slice> scopes;
  for (auto scope : about.scopes) scopes.push_back(slice(scope));
  jot_challenge parts{};
  parts.size = sizeof parts, parts.code = about.code;
  parts.flags = (about.several_tokens ? uint32_t{JOT_SEVERAL_TOKENS} : 0) |
                (about.described ? 0 : uint32_t{JOT_WITHOUT_DESCRIPTION});
  parts.realm = slice(about.realm), parts.resource_metadata = slice(about.resource_metadata);
  parts.scopes = scopes.data(), parts.scope_count = scopes.size();
  error why;
  text written;
  uint32_t status = 0;
  if (jot_challenge_write(&parts, &status, written.raw(), why.raw()) != JOT_ACCEPTED) return why;
  return refusal{status, written.str()};
}

// Limits the fetches that unknown kids may cause; see jot_budget.
class fetch_budget {
 public:
  explicit fetch_budget(uint32_t fetches = 10, uint32_t seconds = 60) noexcept
      : handle_(jot_budget_new(fetches, seconds)) {}
  jot_budget *raw() const noexcept { return handle_.get(); }

 private:
  detail::handle<jot_budget, jot_budget_free> handle_;
};

// Returns the options of a keeper, to be changed.
inline jot_keeper_options keeper_options() noexcept {
  jot_keeper_options options{};
  options.size = sizeof options;
  jot_keeper_options_default(&options);
  return options;
}

// Follows the keys at a URL, in a program that makes the requests; see jot_keeper.
// jot_fetch.hpp has a thread that makes them.
class keeper {
 public:
  explicit keeper(jot_keeper *owned) noexcept : handle_(owned) {}

  static result<keeper> of_keys(std::string_view url, uint64_t seed,
                                const jot_keeper_options &options = keeper_options()) noexcept {
    return made(jot_keeper_new, url, seed, options);
  }
  static result<keeper> of_issuer(std::string_view issuer, uint64_t seed,
                                  const jot_keeper_options &options = keeper_options()) noexcept {
    return made(jot_keeper_new_issuer, issuer, seed, options);
  }
  static result<keeper> of_authorization_server(std::string_view issuer, uint64_t seed,
                                                const jot_keeper_options &options = keeper_options()) noexcept {
    return made(jot_keeper_new_authorization_server, issuer, seed, options);
  }

  // Says what to do now. The views are valid until the keeper is used again.
  jot_request poll(int64_t now) && = delete;
  jot_request poll(int64_t now) & noexcept {
    jot_request request{};
    request.size = sizeof request;
    jot_keeper_poll(handle_.get(), now, &request);
    return request;
  }
  // Takes how a request ended; returns a JOT_CHANGE_….
  result<uint32_t> answer(uint64_t ticket, const jot_reply &reply, int64_t now) noexcept {
    error why;
    uint32_t change = 0;
    if (jot_keeper_answer(handle_.get(), ticket, &reply, now, &change, why.raw()) != JOT_ACCEPTED) return why;
    return change;
  }
  // Returns the keys to verify with, or an empty set that says why there are none.
  result<key_set> keys(int64_t now) const noexcept {
    jot_key_set *set = nullptr;
    const uint32_t code = jot_keeper_keys(handle_.get(), now, &set);
    if (code != JOT_ACCEPTED) return error(code);
    return key_set(set);
  }
  // Says of a token with an unknown kid whether to verify it again after the next answer.
  bool unknown_kid(fetch_budget &budget, int64_t now) noexcept {
    uint32_t pending = 0;
    jot_keeper_unknown_kid(handle_.get(), budget.raw(), now, &pending);
    return pending != 0;
  }
  void refresh_now(int64_t now) noexcept { jot_keeper_refresh_now(handle_.get(), now); }
  // For the child of a fork, which then fetches at other times.
  void reseed(uint64_t seed) noexcept { jot_keeper_reseed(handle_.get(), seed); }
  jot_health health() const noexcept {
    jot_health taken{};
    taken.size = sizeof taken;
    jot_keeper_health(handle_.get(), &taken);
    return taken;
  }
  // Returns the key sets that there were, oldest first, each with the instant since when it
  // was seen.
  std::vector<std::pair<int64_t, key_set>> snapshots() const {
    std::vector<std::pair<int64_t, key_set>> found;
    for (size_t number = 0; number < jot_keeper_snapshots(handle_.get()); number++) {
      int64_t since = 0;
      jot_key_set *set = nullptr;
      if (jot_keeper_snapshot(handle_.get(), number, &since, &set) == JOT_ACCEPTED)
        found.emplace_back(since, key_set(set));
    }
    return found;
  }
  std::string save() const {
    text out;
    jot_keeper_save(handle_.get(), out.raw());
    return out.str();
  }
  result<void> restore(std::string_view saved) noexcept {
    error why;
    return detail::done(jot_keeper_restore(handle_.get(), slice(saved), why.raw()), why);
  }
  jot_keeper *raw() const noexcept { return handle_.get(); }

 private:
  template <class Make>
  static result<keeper> made(Make make, std::string_view where, uint64_t seed,
                             const jot_keeper_options &options) noexcept {
    error why;
    jot_keeper *owned = nullptr;
    if (make(slice(where), &options, seed, &owned, why.raw()) != JOT_ACCEPTED) return why;
    return keeper(owned);
  }
  detail::handle<jot_keeper, jot_keeper_free> handle_;
};

// Follows a signed list at a URL, in a program that makes the requests; see
// jot_list_keeper. jot_fetch.hpp has a thread that makes them.
class list_keeper {
 public:
  explicit list_keeper(jot_list_keeper *owned) noexcept : handle_(owned) {}

  // `lists` says which lists count: its policy is policy::revocation_list.
  static result<list_keeper> of_revocations(std::string_view url, const verifier &lists, uint64_t seed,
                                            const jot_list_options *options = nullptr) noexcept {
    return made(jot_list_keeper_new_revocations, url, lists, seed, options);
  }
  // The policy of `lists` is policy::status_list.
  static result<list_keeper> of_status_list(std::string_view uri, const verifier &lists, uint64_t seed,
                                            const jot_list_options *options = nullptr) noexcept {
    return made(jot_list_keeper_new_status_list, uri, lists, seed, options);
  }

  // Says what to do now. The views are valid until the keeper is used again.
  jot_request poll(int64_t now) && = delete;
  jot_request poll(int64_t now) & noexcept {
    jot_request request{};
    request.size = sizeof request;
    jot_list_keeper_poll(handle_.get(), now, &request);
    return request;
  }
  // Takes how a request ended; returns a JOT_CHANGE_….
  result<uint32_t> answer(uint64_t ticket, const jot_reply &reply, int64_t now) noexcept {
    error why;
    uint32_t change = 0;
    if (jot_list_keeper_answer(handle_.get(), ticket, &reply, now, &change, why.raw()) != JOT_ACCEPTED)
      return why;
    return change;
  }
  // Gives a verifier what it is to have now.
  result<void> feed(const verifier &fed, int64_t now) const noexcept {
    return detail::done(jot_list_keeper_feed(handle_.get(), fed.raw(), now));
  }
  void refresh_now(int64_t now) noexcept { jot_list_keeper_refresh_now(handle_.get(), now); }
  void reseed(uint64_t seed) noexcept { jot_list_keeper_reseed(handle_.get(), seed); }
  jot_list_health health() const noexcept {
    jot_list_health taken{};
    taken.size = sizeof taken;
    jot_list_keeper_health(handle_.get(), &taken);
    return taken;
  }
  std::string save() const {
    text out;
    jot_list_keeper_save(handle_.get(), out.raw());
    return out.str();
  }
  result<void> restore(std::string_view saved, int64_t now) noexcept {
    return detail::done(jot_list_keeper_restore(handle_.get(), slice(saved), now));
  }
  jot_list_keeper *raw() const noexcept { return handle_.get(); }

 private:
  template <class Make>
  static result<list_keeper> made(Make make, std::string_view where, const verifier &lists, uint64_t seed,
                                  const jot_list_options *options) noexcept {
    error why;
    jot_list_keeper *owned = nullptr;
    if (make(slice(where), lists.raw(), options, seed, &owned, why.raw()) != JOT_ACCEPTED) return why;
    return list_keeper(owned);
  }
  detail::handle<jot_list_keeper, jot_list_keeper_free> handle_;
};

}  // namespace jot

#endif  // JOT_HPP
