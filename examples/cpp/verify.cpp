// Verifies one token: verify JWKS TOKEN
#include <iostream>
#include <jot.hpp>

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  auto keys = jot::key_set::from_jwks(argv[1]);
  if (!keys) return std::cerr << keys.error().message() << '\n', 1;
  auto verifier = jot::verifier_builder(jot::policy({JOT_ES256}).audience("api"))
                      .issuer("https://issuer.example", *keys)
                      .build();
  if (!verifier) return std::cerr << verifier.error().message() << '\n', 1;

  jot::scratch scratch;  // one per thread, used again and again
  auto verdict = verifier->verify(argv[2], jot_clock_now(), scratch);
  if (verdict) std::cout << "welcome, " << verdict.claims().text("sub").value_or("whoever you are") << '\n';
  else std::cout << "401: " << verdict.name() << '\n';
  return verdict ? 0 : 1;
}
