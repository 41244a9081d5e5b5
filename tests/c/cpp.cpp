// jot.hpp: what C++ adds to jot.h.
#include <cstdlib>
#include <new>
#include <thread>

#include "check.h"
#include "jot.hpp"

static size_t allocations;

void *operator new(std::size_t bytes) {
  allocations++;
  if (void *room = std::malloc(bytes)) return room;
  std::abort();
}
void operator delete(void *room) noexcept { std::free(room); }
void operator delete(void *room, std::size_t) noexcept { std::free(room); }

static void errors_are_told() {
  auto keys = jot::key_set::from_jwks("{}");
  CHECK(!keys && keys.error().code() == JOT_KEY_MEMBER_MISSING && keys.error().name() == "keys");
  CHECK(keys.error().message().find("key_member_missing (401): ") == 0);
  jot::key_set none;
  auto verifier = jot::verifier_builder(jot::policy({JOT_HS256}).audience("\xff")).keys(none).build();
  CHECK(!verifier && verifier.error().code() == JOT_ARGUMENT_TEXT && verifier.error().name() == "audience");
  verifier = jot::verifier_builder(jot::policy({77})).keys(none).build();
  CHECK(!verifier && verifier.error().code() == JOT_ARGUMENT_VALUE);
  verifier = jot::verifier_builder(jot::policy({JOT_HS256})).build();
  CHECK(!verifier && verifier.error().code() == JOT_KEYS_EMPTY && !verifier.error().offset());
}

template <class Claims>
static void conditions_are_made_and_asked(const Claims &claims) {
  using jot::condition;
  auto code = [&](const jot::result<condition> &made) { return CHECK(made.has_value()) ? claims.meet(*made) : 0; };
  CHECK_CODE(code(condition::present("n")), JOT_ACCEPTED);
  CHECK_CODE(code(condition::not_::present("n")), JOT_CLAIM_MISMATCH);
  CHECK_CODE(code(condition::any_of({"iss"}, "7", 7, std::string_view(ISSUER))), JOT_ACCEPTED);
  CHECK_CODE(code(condition::equals("n", "7")), JOT_CLAIM_MISMATCH);
  CHECK_CODE(code(condition::equals("n", 7.0)), JOT_ACCEPTED);
  CHECK_CODE(code(condition::equals("n", 7.1)), JOT_CLAIM_MISMATCH);
  CHECK_CODE(code(condition::equals("aud", std::string("a\"\\\n"))), JOT_CLAIM_MISMATCH);
  CHECK_CODE(code(condition::prefix("aud", "ap")), JOT_ACCEPTED);
  CHECK_CODE(code(condition::regex("aud", "a[p ]i")), JOT_ACCEPTED);
  CHECK_CODE(code(condition::gt("n", 6.9)), JOT_ACCEPTED);
  CHECK_CODE(code(condition::le("n", 7)), JOT_ACCEPTED);
  CHECK_CODE(code(condition::lt("n", 7)), JOT_CLAIM_MISMATCH);
  CHECK_CODE(code(condition::ge({"x", "n"}, 7)), JOT_CLAIM_MISSING);
  CHECK_CODE(code(condition::from_words("n", {"equals", "7"}, JOT_CONDITION_TEXT)), JOT_ACCEPTED);
  CHECK(!condition::equals("n", 0.0 / 0.0) && !condition::regex("n", ""));
  CHECK_CODE(claims.have_scopes({"read"}), JOT_SCOPE_INSUFFICIENT);
  CHECK_CODE(claims.have_scopes({}), JOT_ACCEPTED);
  auto refused = jot::verifier_builder(jot::policy({JOT_ES256}).claim("tier is gold").claim("n present")).build();
  CHECK(!refused && refused.error().code() == JOT_CONDITION_TEST && refused.error().name() == "is");
}

static void tokens_are_signed_verified_and_read() {
  auto signer = jot::signer::generate(JOT_ES256, "k");
  CHECK(signer.has_value());
  jot::key_set keys;
  CHECK(keys.add(*signer).has_value() && keys.size() == 1 && keys.key(0) && !keys.key(1));
  auto again = jot::key_set::from_jwks(*keys.to_jwks());
  CHECK(again && jot::view(again->key(0)->thumbprint) == jot::view(keys.key(0)->thumbprint));
  auto token = signer->sign_claims(
      R"({"iss":"https://issuer.example","aud":"api","exp":1800000100,"n":7,"roles":["a","b"],"x":{"y":true}})");
  jot::key_set any;
  CHECK(any.add_text(*keys.to_jwks()).has_value() && any.size() == 1);
  auto page = any.add_text("<html>");
  CHECK(!page && page.error().code() == JOT_KEY_TEXT_IS_PAGE && any.size() == 1);
  CHECK(jot::policy({JOT_ES256}).fits(any) && !jot::policy({JOT_RS256}).fits(any));
  auto checked = jot::verifier_builder(jot::policy({JOT_ES256})).check();
  CHECK(!checked && checked.error().code() == JOT_KEYS_EMPTY);
  CHECK(jot::verifier_builder(jot::policy({JOT_ES256})).keys(any).check().has_value());
  auto policy = jot::policy({JOT_ES256});
  policy.audience("api").claim("n any_of 7 8").claim(jot::condition::equals({"x", "y"}, true));
  policy.claim(jot::condition::contains("roles", "b", "c")).claim(jot::condition::not_::ge("n", 7.25));
  auto verifier = jot::verifier_builder(policy).issuer(ISSUER, *again).cache_entries(10).build();
  CHECK(verifier.has_value());
  jot::scratch scratch;
  auto verdict = verifier->verify(*token, NOW, scratch);
  CHECK(verdict && verdict.signature_ok() && verdict.kid() == "k" && verdict.expires_at() == 1800000100);
  CHECK(!verdict.issued_at() && !verdict.fault_claim() && !verdict.from_cache());
  CHECK(verdict.claims().text("aud") == "api" && verdict.claims().integer("n") == 7);
  CHECK(verdict.claims().date("exp") == 1800000100 && !verdict.claims().boolean("n"));
  CHECK(!verdict.claims().text("nope") && !verdict.claims().path({"x", "nope"}));
  CHECK(verdict.claims().path({"x", "y"})->boolean() == true);
  conditions_are_made_and_asked(verdict.claims());
  std::string roles, names;
  for (auto &[name, role] : verdict.claims().each({"roles"})) CHECK(name.empty()), roles += *role.text();
  for (auto &[name, claim] : verdict.claims().each()) names += name;
  CHECK(roles == "ab" && names == "issaudexpnrolesx");
  size_t walked = 0;
  for (auto &none : verdict.claims().each({"n"})) walked += 1 + none.first.size();
  for (auto &none : verdict.claims().each({"nope"})) walked += 1 + none.first.size();
  CHECK(walked == 0);
  CHECK(verifier->check(*token, NOW, scratch).from_cache());
  verdict = verifier->verify(*token, 1800000100, scratch);
  CHECK(!verdict && verdict.code() == JOT_EXPIRED && verdict.signature_ok() && verdict.fault_claim() == "exp");
  CHECK(verifier->verify({}, NOW, scratch).code() == JOT_TOKEN_EMPTY);

  auto decoded = jot::decode_unverified(*token, scratch);
  CHECK(decoded && jot::view(decoded->header) == R"({"alg":"ES256","typ":"JWT","kid":"k"})");
  auto detached = signer->sign_payload("pay", JOT_DETACHED);
  CHECK(verifier->verify_jws(*detached, scratch, "pay", ISSUER).payload() == "pay");
  CHECK(!verifier->verify_jws(*detached, scratch, "", ISSUER));

  jot::revocations list;
  CHECK(list.revoke_key(jot::view(keys.key(0)->thumbprint)).has_value() && list.size() == 1);
  CHECK(verifier->set_revocations(*jot::revocations::from_text(list.to_text(), 5)).has_value());
  CHECK(verifier->check(*token, NOW, scratch).code() == JOT_KEY_REVOKED);
  auto other = jot::signer::from_pem(*jot::signer::generate(JOT_ES256)->to_pem());
  jot::key_set others;
  CHECK(others.add(*other).has_value() && verifier->replace_keys(ISSUER, others).has_value());
  const auto nobody = verifier->replace_keys("nobody", others).error();
  CHECK(nobody.code() == JOT_ISSUER_UNKNOWN && nobody.name() == "issuer");
  CHECK(nobody.message() == "issuer_unknown (422): The verifier has no key set of this issuer. [issuer]");
  CHECK(verifier->check(*token, NOW, scratch).code() == JOT_SIGNATURE_INVALID);
  CHECK(verifier->statistics().accepted == 2 && verifier->prometheus().find("jot_cache_hits_total 1") != std::string::npos);
}

static void reading_allocates_nothing() {
  auto signer = jot::signer::from_secret("0123456789abcdef0123456789abcdef");
  jot::key_set keys;
  CHECK(keys.add(*signer).has_value());
  auto verifier = jot::verifier_builder(jot::policy({JOT_HS256})).keys(keys).build();
  auto token = signer->sign_claims(
      R"({"exp":1800000100,"scope":"read write","realm":{"roles":["admin"],"id":7},"sub":"alice"})");
  jot::scratch scratch;
  const size_t before = allocations;
  auto verdict = verifier->verify(*token, NOW, scratch);
  const auto claims = verdict.claims();
  bool fine = bool(verdict) && claims.get("sub")->text() == "alice" && claims.path({"realm", "id"})->integer() == 7;
  fine = fine && claims.has_scope("write") && !claims.has_scope("admin") && claims.root().has_value();
  fine = fine && claims.contains({"realm", "roles"}, "admin") && !claims.contains({"realm"}, "admin");
  for (auto &[name, role] : claims.each({"realm", "roles"})) fine = fine && role.text() == "admin" && name.empty();
  fine = fine && verdict.parameters().get("alg")->text() == "HS256" && !verdict.parameters().path({"a", "b"});
  CHECK(fine && allocations == before);
  static_assert(noexcept(claims.get("sub")) && noexcept(verifier->keys()) && noexcept(jot::policy({JOT_HS256})));
}

static void status_lists_are_shared_and_wanted() {
  auto signer = jot::signer::generate(JOT_ES256);
  jot::key_set keys;
  CHECK(keys.add(*signer).has_value());
  auto verifier = jot::verifier_builder(jot::policy({JOT_ES256}).check_status()).keys(keys).build();
  auto token = signer->sign_claims(R"({"exp":1800000100,"status":{"status_list":{"idx":3,"uri":"https://a/1"}}})");
  jot::scratch scratch;
  CHECK(verifier->verify(*token, NOW, scratch).code() == JOT_STATUS_LIST_UNKNOWN);
  std::string asked;
  const auto wanted = [](void *user, jot_slice uri) noexcept -> int {
    static_cast<std::string *>(user)->append(jot::view(uri));
    return 1;
  };
  CHECK(verifier->add_status_feed(wanted, &asked).has_value());
  CHECK(verifier->verify(*token, NOW, scratch).code() == JOT_STATUS_LIST_NOT_YET && asked == "https://a/1");
  auto list = jot::status_list::from_claims(
      R"({"sub":"https://a/1","exp":1800000050,"status_list":{"bits":1,"lst":"eNrbuRgAAhcBXQ"}})", 16);
  CHECK(list && list->size() == 16 && list->end() == 1800000050 && !jot::status_list::from_claims("{}", 16));
  CHECK(verifier->put_status_list(*list) && verifier->verify(*token, NOW, scratch).code() == JOT_STATUS_REVOKED);
  CHECK(verifier->status_list_was_named("https://a/1") && !verifier->status_list_was_named("https://a/1"));
  CHECK(verifier->put_status_list(jot::status_list::stale("https://a/1")).has_value());
  CHECK(verifier->verify(*token, NOW, scratch).code() == JOT_STATUS_LIST_STALE);
  CHECK(verifier->put_status_list(jot::status_list::not_yet("https://a/1")).has_value());
  CHECK(verifier->verify(*token, NOW, scratch).code() == JOT_STATUS_LIST_NOT_YET && asked == "https://a/1");
  CHECK(verifier->forget_status_list("https://a/1") && !verifier->forget_status_list("https://a/1"));
}

static void refusals_are_explained() {
  auto signer = jot::signer::generate(JOT_HS256, "new");
  auto other = jot::signer::generate(JOT_HS256, "old");
  jot::key_set keys;
  CHECK(keys.add(*signer).has_value() && jot::view(signer->key().kid) == "new" && signer->key().alg == JOT_HS256);
  auto builder = jot::verifier_builder(jot::policy({*jot::alg_of("HS256")}).scope("write"));
  auto verifier = builder.keys(keys).backend(JOT_BACKEND_AWS_LC).table_bytes(0).cross_check(1).build();
  jot::scratch scratch;
  auto token = other->sign_claims(R"({"iss":"me","exp":1800000100})");
  auto verdict = verifier->verify(*token, NOW, scratch);
  CHECK(verdict.code() == JOT_KID_UNKNOWN && verdict.http_status() == 401 && !jot::alg_of("none"));
  CHECK(jot::bearer_error(verdict.code()) == "invalid_token" && !jot::bearer_error(JOT_INTERNAL));
  CHECK(verdict.detail(*token) == R"(unverified kid="old" alg="HS256" iss="me")");
  CHECK(std::string_view(verdict.meaning()) == "No key has the token's kid.");
  token = signer->sign_claims(R"({"exp":1800000100,"scope":"read"})");
  verdict = verifier->verify(*token, NOW, scratch);
  CHECK(verdict.http_status() == 403 && jot::bearer_error(verdict.code()) == "insufficient_scope");
  CHECK(verdict.detail(*token) == R"(scope="read" scp=none)");
  jot::challenge about;
  about.code = verdict.code(), about.realm = "orders", about.scopes = {"write"}, about.described = false;
  auto refusal = jot::answer(about);
  CHECK(refusal->status == 403);
  CHECK(refusal->challenge == R"(Bearer realm="orders", error="insufficient_scope", scope="write")");
  about.code = JOT_ACCEPTED;
  CHECK(jot::answer(about).error().name() == "code");
  CHECK(jot::authorization_token({"Basic YTpi", "bearer a.b.c"})->token == "a.b.c");
  CHECK(jot::authorization_token({"DPoP a", "Bearer b"}, "DPoP")->token == "a");
  auto two = jot::authorization_token({"Bearer a", "Bearer a"});
  CHECK(two->several && !two->token && !jot::authorization_token({})->several);
  CHECK(verifier->verdicts(JOT_KID_UNKNOWN) == 1 && verifier->verifications(JOT_HS256) == 0);
  CHECK(verifier->prepare() == 0 && verifier->backend_name(JOT_HS256) == "aws-lc");
  uint64_t told = 0;
  CHECK(jot::backend_distrusted() == 0 && !jot::backend_news(told) && told == 0);
  CHECK(verifier->backend_report().warning == JOT_BACKEND_FINE && verifier->keys()->size() == 1);
  CHECK(verifier->keys("nobody").error().code() == JOT_ISSUER_UNKNOWN);
  jot::revocations list;
  CHECK(jot::revocations::from_claims(R"({"revocations":[{"sid":"i"}]})", 9)->size() == 1);
  jot::revocations sessions;
  CHECK(!jot::revocations::from_claims("{}", 9) && sessions.revoke_session("i") && sessions.size() == 1);
  CHECK(list.revoke_jti("1").has_value() && verifier->set_revocations(list).has_value());
  CHECK(verifier->revocations()->size() == 1);
  auto ec = jot::signer::generate(JOT_ES256);
  jot::key_set set;
  CHECK(set.add(*ec).has_value() && set.to_pem(0)->find("-----BEGIN PUBLIC KEY-----") == 0);
  const std::string signature = *ec->sign_message("bytes");
  CHECK(signature.size() == 64 && set.check_signature(0, JOT_ES256, "bytes", signature));
  CHECK(!set.check_signature(0, JOT_ES256, "other", signature) && !set.check_signature(1, JOT_ES256, "bytes", signature));
  CHECK(set.to_pem(1).error().code() == JOT_VALUE_MISSING);
  const std::string jwk = *ec->to_jwk();
  CHECK(set.add_jwks(R"({"keys":[{"kty":"XX","kid":"x"},)" + jwk + "]}").has_value() && set.skipped() == 1);
  jot::key_set nothing;
  CHECK(*nothing.reasons() == "" && nothing.add_text(R"({"keys":[7,{"kty":"XX"}]})").error().code() == JOT_KEY_SET_EMPTY);
  CHECK(nothing.reasons()->find("key 2 of 2 in the JWK Set: key_type_unknown (403)") != std::string::npos);
  CHECK(nothing.reasons()->find('\0') == std::string::npos);
  jot::key_set spelled;
  CHECK(!spelled.secret_doubt() && spelled.add_secret("c2VjcmV0IHdyaXR0ZW4gYXMgYmFzZTY0").has_value());
  CHECK(*spelled.secret_doubt() == "the secret looks like base64, which is not decoded");
  jot::key_set chain;
  CHECK(chain.add_pem_bundle(CHAIN) && chain.size() == 1 && chain.skipped(0)->why.code() == JOT_KEY_OF_AUTHORITY);
  jot::key_options all;
  all.all_certificates = true;
  CHECK(chain.add_pem_bundle(CHAIN, all) && chain.size() == 3 && chain.skipped() == 1);
  CHECK(set.skipped(0)->kid == "x" && set.skipped(0)->why.code() == JOT_KEY_TYPE_UNKNOWN && !set.skipped(1));
  // Handed to a verifier the set no longer changes.
  auto named = jot::verifier_builder(jot::policy({JOT_ES256})).key_set("tenant", std::nullopt, set).build();
  auto its = ec->sign_claims(R"({"exp":1800000100})");
  jot_demand demand{};
  demand.size = sizeof demand;
  CHECK(named && named->verify_for(*its, NOW, demand, scratch).code() == JOT_ISSUER_UNKNOWN);
  demand.key_set = JOT_TEXT("tenant");
  CHECK(named && named->verify_for(*its, NOW, demand, scratch));
}

static void batches_are_verified() {
  auto signer = jot::signer::from_secret("0123456789abcdef0123456789abcdef");
  jot::key_set keys;
  CHECK(keys.add(*signer).has_value());
  auto verifier = jot::verifier_builder(jot::policy({JOT_HS256})).keys(keys).build();
  auto token = signer->sign_claims(R"({"exp":1800000100,"sub":"alice"})");
  auto batch = jot::batch::with_threads(2);
  std::vector<std::string_view> tokens = {*token, "x", *token};
  auto out = batch->verify(*verifier, tokens, NOW);
  CHECK(out && out->codes == std::vector<uint32_t>({0, JOT_TOKEN_SEGMENTS, 0}) && out->accepted == 2);
  CHECK(out->distinct == 2 && (out->flags[2] & JOT_REPEATED) && out->expires_at[0] == 1800000100);
  out = batch->verify(*verifier, tokens, std::vector<int64_t>{NOW, NOW, 1800000100});
  CHECK(out && out->codes[2] == JOT_EXPIRED && out->expired_by_seconds == std::vector<int64_t>({0, 0, 0}));
  CHECK(out->time_ok == std::vector<uint8_t>({1, JOT_TIME_OK_UNKNOWN, 0}));
  CHECK(out->key_state == std::vector<uint8_t>({JOT_STATE_ACTIVE, 0, JOT_STATE_ACTIVE}));
  CHECK(out && out->first_row == std::vector<uint32_t>({0, 1, 0}));
  using instants = std::vector<std::optional<int64_t>>;
  out = batch->verify(*verifier, tokens, instants{NOW, std::nullopt, std::nullopt});
  CHECK(out->codes[0] == JOT_ACCEPTED && out->codes[1] != JOT_ACCEPTED && out->codes[2] == JOT_TIME_UNKNOWN);
  CHECK(batch->verify(*verifier, tokens, instants{NOW}).error().code() == JOT_BATCH_INVALID);
  CHECK(batch->claim(JOT_CLAIM_SUBJECT).error().code() == JOT_VALUE_MISSING);
  batch->keep(JOT_CLAIM_SUBJECT | JOT_CLAIM_JWT_ID);
  CHECK(batch->verify(*verifier, tokens, NOW).has_value());
  auto subjects = batch->claim(JOT_CLAIM_SUBJECT), ids = batch->claim(JOT_CLAIM_JWT_ID);
  CHECK(subjects && subjects->size() == 3 && (*subjects)[0] == "alice" && !(*subjects)[1] && (*subjects)[2] == "alice");
  CHECK(ids && !(*ids)[0]);
  CHECK(batch->unverified(JOT_UNVERIFIED_ALG).error().code() == JOT_VALUE_MISSING);
  batch->keep_unverified(JOT_UNVERIFIED_ALG);
  CHECK(batch->verify(*verifier, tokens, NOW).has_value());
  auto algs = batch->unverified(JOT_UNVERIFIED_ALG);
  CHECK(algs && algs->size() == 3 && (*algs)[0] == "HS256" && !(*algs)[1] && (*algs)[2] == "HS256");
  CHECK(batch->verify(*verifier, tokens, std::vector<int64_t>{NOW}).error().code() == JOT_BATCH_INVALID);
  size_t seen = 0;
  auto alone = jot::batch::with_threads(1);
  out = alone->verify(*verifier, tokens, NOW, [&](size_t, size_t total) { return seen = total, true; });
  CHECK(out && out->cancelled && seen == 2);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++)
    threads.emplace_back([&] {
      jot::scratch scratch;
      for (int turn = 0; turn < 100; turn++)
        if (!verifier->verify(*token, NOW, scratch)) std::terminate();
    });
  for (auto &thread : threads) thread.join();
}

static void keys_are_followed() {
  auto keeper = jot::keeper::of_keys("https://issuer.example/jwks", 1);
  CHECK(!jot::keeper::of_issuer("http://issuer.example", 1).has_value());
  CHECK(jot::keeper::of_authorization_server("https://issuer.example", 1).has_value());
  auto verifier = jot::verifier_builder(jot::policy({JOT_ES256})).keys(*keeper->keys(NOW)).build();
  auto signer = jot::signer::generate(JOT_ES256, "k");
  auto token = signer->sign_claims(R"({"exp":1800000100})");
  jot::scratch scratch;
  CHECK(verifier->verify(*token, NOW, scratch).code() == JOT_KEYS_NOT_YET);
  CHECK(verifier->unverified_issuer(*token, scratch) == 0u && !verifier->unverified_issuer("x", scratch));
  jot::key_set keys;
  CHECK(keys.add(*signer).has_value());
  auto jwks = keys.to_jwks();
  const auto request = keeper->poll(NOW);
  CHECK(jot::view(request.url) == "https://issuer.example/jwks" && request.timeout == 5);
  jot_reply reply{};
  reply.size = sizeof reply, reply.status = 200, reply.body = jot::slice(std::string_view(*jwks));
  CHECK(keeper->answer(request.ticket, reply, NOW).value() == JOT_CHANGE_KEYS);
  CHECK(verifier->replace_keys(std::nullopt, *keeper->keys(NOW)).has_value());
  CHECK(verifier->verify(*token, NOW, scratch));
  jot::fetch_budget budget;
  CHECK(keeper->unknown_kid(budget, NOW) && keeper->health().keys == 1);
  keeper->refresh_now(NOW);
  auto again = jot::keeper::of_keys("https://issuer.example/jwks", 2);
  CHECK(again->restore(keeper->save()).has_value() && again->health().keys == 1);
}

static void tokens_with_their_own_keys_are_never_accepted() {
  auto signer = jot::signer::generate(JOT_ES256, "k");
  if (!CHECK(signer.has_value())) return;
  jot::key_set keys;
  CHECK(keys.add(*signer).has_value());
  const std::string set = keys.to_jwks().value();
  const std::string jwk = set.substr(9, set.size() - 11), parameters = "{\"jwk\":" + jwk + "}";
  jot_sign_header header{};
  header.size = sizeof header, header.typ = text("dpop+jwt"), header.parameters = text(parameters.c_str());
  const std::string brought = signer->sign_payload("{\"iat\":5}", JOT_ATTACHED, &header).value();
  header.parameters = {nullptr, 0};
  const std::string apart = signer->sign_payload("{\"iat\":5}", JOT_ATTACHED, &header).value();
  auto verifier = jot::self_signed_verifier::with({JOT_ES256}, {"dpop+jwt"}, JOT_BACKEND_AUTO);
  if (!CHECK(verifier.has_value())) return;
  jot::scratch room;
  auto known = verifier->verify(brought, room);
  CHECK(known.signature_holds() && known.code() == JOT_SELF_SIGNED && known.payload() == "{\"iat\":5}");
  CHECK(known.issued_at() == 5 && !known.expires_at() && !known.not_before() && known.fault_name().empty());
  CHECK(known.is_of(std::string(known.thumbprint())) && !known.is_of("") && known.thumbprint().size() == 43);
  CHECK(verifier->verify(apart, room, jwk).is_of(known.thumbprint()));
  auto refused = verifier->verify(apart, room);
  CHECK(!refused.signature_holds() && refused.name() == std::string("jwk_missing") && !refused.is_of(""));
  auto batch = jot::batch::with_threads(1).value();
  std::vector<std::array<uint8_t, 32>> digests;
  auto codes = verifier->verify_batch(batch, {brought, "a.b", brought}, &digests);
  CHECK(codes && *codes == std::vector<uint32_t>({JOT_SELF_SIGNED, JOT_TOKEN_SEGMENTS, JOT_SELF_SIGNED}));
  CHECK(digests.size() == 3 && digests[0] == digests[2] && digests[0] != digests[1]);
  const std::vector<std::string_view> jwks = {jwk};
  codes = verifier->verify_batch(batch, {apart}, nullptr, &jwks);
  CHECK(codes && *codes == std::vector<uint32_t>({JOT_SELF_SIGNED}));
  codes = verifier->verify_batch(batch, {apart, apart}, nullptr, &jwks);
  CHECK(!codes && codes.error().code() == JOT_BATCH_INVALID);
  CHECK(!jot::self_signed_verifier::with({JOT_HS256}, {}).has_value());
  CHECK(!jot::self_signed_verifier::with({77}, {}).has_value());
}

int main() {
  keys_are_followed();
  errors_are_told();
  tokens_are_signed_verified_and_read();
  reading_allocates_nothing();
  status_lists_are_shared_and_wanted();
  refusals_are_explained();
  batches_are_verified();
  tokens_with_their_own_keys_are_never_accepted();
  return checked("cpp");
}
