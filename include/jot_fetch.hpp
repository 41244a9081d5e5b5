// jot_fetch.hpp: a thread that follows keys at URLs, for C++17. It wraps jot_fetch.h;
// link libjot_fetch in the place of libjot.
//
//     auto fetcher = jot::fetcher::make();                        // once
//     auto keys = fetcher->discover("https://issuer");
//     if (!keys) return fail(keys.error().message());
//     auto verifier = jot::verifier_builder(jot::policy({JOT_RS256}).audience("api"))
//                         .issuer("https://issuer", *keys->set())
//                         .build();
//     keys->feed(*verifier, "https://issuer");
//
//     auto verdict = verifier->verify(token, now, scratch);       // for each token
//     if (!verdict && keys->retry(verdict.code(), 2000) == JOT_ACCEPTED)
//       verdict = verifier->verify(token, now, scratch);
#ifndef JOT_FETCH_HPP
#define JOT_FETCH_HPP

#include "jot.hpp"
#include "jot_fetch.h"

namespace jot {

// The keys of one issuer, followed until this is destroyed; see jot_remote_keys. Any
// number of threads may use it.
class remote_keys {
 public:
  explicit remote_keys(jot_remote_keys *owned) noexcept : handle_(owned) {}

  // Returns the keys to verify with, or an empty set that says why there are none.
  result<key_set> set() const noexcept {
    jot_key_set *found = nullptr;
    const uint32_t code = jot_remote_keys_set(handle_.get(), &found);
    if (code != JOT_ACCEPTED) return error(code);
    return key_set(found);
  }
  // Hands the keys to a verifier, now and whenever they change.
  result<void> feed(const verifier &fed, std::optional<std::string_view> issuer = std::nullopt) const noexcept {
    error why;
    return detail::done(jot_remote_keys_feed(handle_.get(), fed.raw(), slice(issuer), why.raw()), why);
  }
  result<void> wait(uint32_t milliseconds) const noexcept {
    return detail::done(jot_remote_keys_wait(handle_.get(), milliseconds));
  }
  // Says what becomes of a token with this code: with JOT_ACCEPTED verify it again,
  // anything else is the code to answer with.
  uint32_t retry(uint32_t code, uint32_t milliseconds) const noexcept {
    return jot_remote_keys_retry(handle_.get(), code, milliseconds);
  }
  // Starts the threads of a child of a fork.
  result<void> start() const noexcept { return detail::done(jot_remote_keys_start(handle_.get())); }
  result<void> refresh_now() const noexcept { return detail::done(jot_remote_keys_refresh_now(handle_.get())); }
  jot_health health() const noexcept {
    jot_health taken{};
    taken.size = sizeof taken;
    jot_remote_keys_health(handle_.get(), &taken);
    return taken;
  }
  // Says in words what was wrong with the last fetch.
  std::string reason() const {
    text out;
    jot_remote_keys_reason(handle_.get(), out.raw());
    return out.str();
  }
  // Returns the key sets that there were, oldest first, each with the instant since when it
  // was seen.
  std::vector<std::pair<int64_t, key_set>> snapshots() const {
    std::vector<std::pair<int64_t, key_set>> found;
    for (size_t number = 0; number < jot_remote_keys_snapshots(handle_.get()); number++) {
      int64_t since = 0;
      jot_key_set *set = nullptr;
      if (jot_remote_keys_snapshot(handle_.get(), number, &since, &set) == JOT_ACCEPTED)
        found.emplace_back(since, key_set(set));
    }
    return found;
  }
  std::string save() const {
    text out;
    jot_remote_keys_save(handle_.get(), out.raw());
    return out.str();
  }
  result<void> restore(std::string_view saved) const noexcept {
    error why;
    return detail::done(jot_remote_keys_restore(handle_.get(), slice(saved), why.raw()), why);
  }
  jot_remote_keys *raw() const noexcept { return handle_.get(); }

 private:
  detail::handle<jot_remote_keys, jot_remote_keys_free> handle_;
};

// The revocations of one issuer, followed until this is destroyed; see
// jot_remote_revocations. Any number of threads may use it.
class remote_revocations {
 public:
  explicit remote_revocations(jot_remote_revocations *owned) noexcept : handle_(owned) {}

  // Sets the revocations of a verifier, now and whenever they change.
  result<void> feed(const verifier &fed) const noexcept {
    return detail::done(jot_remote_revocations_feed(handle_.get(), fed.raw()));
  }
  result<void> wait(uint32_t milliseconds) const noexcept {
    return detail::done(jot_remote_revocations_wait(handle_.get(), milliseconds));
  }
  // Returns a copy of the list that verifiers have now.
  result<revocations> list() const noexcept {
    jot_revocations *found = nullptr;
    const uint32_t code = jot_remote_revocations_list(handle_.get(), &found);
    if (code != JOT_ACCEPTED) return error(code);
    return revocations(found);
  }
  // Starts the threads of a child of a fork.
  result<void> start() const noexcept { return detail::done(jot_remote_revocations_start(handle_.get())); }
  result<void> refresh_now() const noexcept {
    return detail::done(jot_remote_revocations_refresh_now(handle_.get()));
  }
  jot_list_health health() const noexcept {
    jot_list_health taken{};
    taken.size = sizeof taken;
    jot_remote_revocations_health(handle_.get(), &taken);
    return taken;
  }
  // Says in words what was wrong with the last fetch.
  std::string reason() const {
    text out;
    jot_remote_revocations_reason(handle_.get(), out.raw());
    return out.str();
  }
  std::string save() const {
    text out;
    jot_remote_revocations_save(handle_.get(), out.raw());
    return out.str();
  }
  result<void> restore(std::string_view saved) const noexcept {
    return detail::done(jot_remote_revocations_restore(handle_.get(), slice(saved)));
  }
  jot_remote_revocations *raw() const noexcept { return handle_.get(); }

 private:
  detail::handle<jot_remote_revocations, jot_remote_revocations_free> handle_;
};

// The status lists of an issuer, followed until this and the verifiers with them are
// destroyed; see jot_remote_status_lists. Any number of threads may use it.
class remote_status_lists {
 public:
  explicit remote_status_lists(jot_remote_status_lists *owned) noexcept : handle_(owned) {}

  // Hands the lists to a verifier, and those that its tokens name.
  result<void> feed(const verifier &fed) const noexcept {
    return detail::done(jot_remote_status_lists_feed(handle_.get(), fed.raw()));
  }
  // Waits until every list that is followed is in force.
  result<void> wait(uint32_t milliseconds) const noexcept {
    return detail::done(jot_remote_status_lists_wait(handle_.get(), milliseconds));
  }
  // Says of a rejected token whether to verify it again (0), or the code to answer with.
  uint32_t retry(uint32_t code, uint32_t milliseconds) const noexcept {
    return jot_remote_status_lists_retry(handle_.get(), code, milliseconds);
  }
  // Starts the threads of a child of a fork.
  result<void> start() const noexcept { return detail::done(jot_remote_status_lists_start(handle_.get())); }
  result<void> refresh_now() const noexcept {
    return detail::done(jot_remote_status_lists_refresh_now(handle_.get()));
  }
  // Returns the URIs of the lists that are followed, each on a line.
  std::string uris() const {
    text out;
    jot_remote_status_lists_uris(handle_.get(), out.raw());
    return out.str();
  }
  result<jot_list_health> health(std::string_view uri) const noexcept {
    jot_list_health taken{};
    taken.size = sizeof taken;
    const uint32_t code = jot_remote_status_lists_health(handle_.get(), slice(uri), &taken);
    if (code != JOT_ACCEPTED) return error(code);
    return taken;
  }
  // Says in words what was wrong with the last fetch of a list.
  std::string reason(std::string_view uri) const {
    text out;
    jot_remote_status_lists_reason(handle_.get(), slice(uri), out.raw());
    return out.str();
  }
  // Returns how often a token named a list that was one too many.
  uint64_t refused() const noexcept { return jot_remote_status_lists_refused(handle_.get()); }
  jot_remote_status_lists *raw() const noexcept { return handle_.get(); }

 private:
  detail::handle<jot_remote_status_lists, jot_remote_status_lists_free> handle_;
};

// Threads that follow any number of issuers; see jot_fetcher. They end with it.
class fetcher {
 public:
  explicit fetcher(jot_fetcher *owned) noexcept : handle_(owned) {}

  static result<fetcher> make() noexcept { return made(nullptr); }
  static result<fetcher> make(const jot_fetcher_options &options) noexcept { return made(&options); }

  result<remote_keys> keys(std::string_view url,
                           const jot_keeper_options &options = keeper_options()) const noexcept {
    return follow(jot_remote_keys_new, url, options);
  }
  result<remote_keys> discover(std::string_view issuer,
                               const jot_keeper_options &options = keeper_options()) const noexcept {
    return follow(jot_remote_keys_discover, issuer, options);
  }
  // Follows the revocations of an issuer; `algs` has the bit `1u << JOT_…` of each
  // algorithm that they may be signed with.
  result<remote_revocations> revocations(std::string_view url, const remote_keys &keys,
                                         std::optional<std::string_view> issuer, uint32_t algs,
                                         const jot_list_options *options = nullptr) const noexcept {
    error why;
    jot_remote_revocations *owned = nullptr;
    if (jot_remote_revocations_new(handle_.get(), slice(url), keys.raw(), slice(issuer), algs, options, &owned,
                                   why.raw()) != JOT_ACCEPTED)
      return why;
    return remote_revocations(owned);
  }
  // Follows the status lists of an issuer; `algs` as for revocations.
  result<remote_status_lists> status_lists(const jot_status_places &places, const remote_keys &keys, uint32_t algs,
                                           const jot_list_options *options = nullptr) const noexcept {
    error why;
    jot_remote_status_lists *owned = nullptr;
    if (jot_remote_status_lists_new(handle_.get(), &places, keys.raw(), algs, options, &owned, why.raw()) !=
        JOT_ACCEPTED)
      return why;
    return remote_status_lists(owned);
  }

 private:
  static result<fetcher> made(const jot_fetcher_options *options) noexcept {
    error why;
    jot_fetcher *owned = nullptr;
    if (jot_fetcher_new(options, &owned, why.raw()) != JOT_ACCEPTED) return why;
    return fetcher(owned);
  }
  template <class Follow>
  result<remote_keys> follow(Follow following, std::string_view where,
                             const jot_keeper_options &options) const noexcept {
    error why;
    jot_remote_keys *owned = nullptr;
    if (following(handle_.get(), slice(where), &options, &owned, why.raw()) != JOT_ACCEPTED) return why;
    return remote_keys(owned);
  }
  detail::handle<jot_fetcher, jot_fetcher_free> handle_;
};

}  // namespace jot

#endif  // JOT_FETCH_HPP
