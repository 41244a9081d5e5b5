// What must not compile, beside what must: WRONG is the number of the case that
// must not; with 0 everything does.
#include "jot.hpp"

class handler {
 public:
  explicit handler(const jot::verifier &verifier) : verifier_(verifier) {}
  // Two threads may call what is const at once.
#if WRONG == 1
  bool allows(std::string_view token) const { return bool(verifier_.verify(token, 0, scratch_)); }
#else
  bool allows(std::string_view token) { return bool(verifier_.verify(token, 0, scratch_)); }
#endif

 private:
  const jot::verifier &verifier_;
  jot::scratch scratch_;
};

void verdicts_borrow_from_a_scratch(const jot::verifier &verifier, std::string_view token) {
  jot::scratch room;
  [[maybe_unused]] const jot::scratch fixed;
#if WRONG == 2
  verifier.verify(token, 0, jot::scratch());
#elif WRONG == 3
  verifier.check(token, 0, jot::scratch());
#elif WRONG == 4
  verifier.verify_jws(token, jot::scratch());
#elif WRONG == 5
  (void)jot::decode_unverified(token, jot::scratch());
#elif WRONG == 6
  verifier.verify(token, 0, fixed);
#elif WRONG == 7
  jot::verdict verdict(jot::scratch().raw());
#elif WRONG == 8
  jot::claims claims(fixed.raw());
#else
  verifier.verify(token, 0, room);
  verifier.check(token, 0, room);
  verifier.verify_jws(token, room);
  (void)jot::decode_unverified(token, room);
  jot::verdict verdict(room.raw());
  jot::claims claims(room.raw());
#endif
}

void views_borrow_from_their_handle() {
  jot::key_set keys;
  jot::text text;
  jot::signer signer(nullptr);
#if WRONG == 9
  (void)jot::key_set().key(0);
#elif WRONG == 10
  (void)jot::key_set().skipped(0);
#elif WRONG == 11
  (void)jot::text().view();
#elif WRONG == 12
  (void)jot::signer(nullptr).key();
#elif WRONG == 13
  jot::key_set copy = keys;
#else
  (void)keys.key(0), (void)keys.skipped(0), (void)text.view(), (void)signer.key();
  jot::key_set moved = std::move(keys);
#endif
}
