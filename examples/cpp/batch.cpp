// Verifies the tokens on the lines of a file, on all processors, and counts what
// they came to: batch JWKS_FILE TOKENS_FILE ISSUER AUDIENCE
#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <jot.hpp>
#include <map>

static std::string contents(const char *path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int main(int argc, char **argv) {
  if (argc != 5) return std::cerr << "batch JWKS_FILE TOKENS_FILE ISSUER AUDIENCE\n", 2;
  auto keys = jot::key_set::from_jwks(contents(argv[1]));
  if (!keys) return std::cerr << argv[1] << ": " << keys.error().message() << '\n', 1;
  auto policy = jot::policy({JOT_RS256, JOT_ES256, JOT_EDDSA});
  auto verifier = jot::verifier_builder(policy.audience(argv[4])).issuer(argv[3], *keys).build();
  auto batch = jot::batch::with_threads(0);
  if (!verifier || !batch) return std::cerr << "no verifier\n", 1;

  const std::string text = contents(argv[2]);
  std::vector<std::string_view> tokens;
  for (std::string_view rest = text; !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    tokens.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }

  auto verdicts = batch->verify(*verifier, tokens, jot_clock_now());
  if (!verdicts) return std::cerr << verdicts.error().message() << '\n', 1;
  std::map<std::string, size_t> counts;
  for (uint32_t code : verdicts->codes) counts[jot_code_name(code)]++;
  for (const auto &[name, count] : counts) std::cout << name << ' ' << count << '\n';
}
