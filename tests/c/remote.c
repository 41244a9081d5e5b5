/* Keys followed by a thread, from a server on this machine: rotation under load, floods,
 * a server that is down, forks. */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "jot_fetch.h"

#define THREADS 4
#define LONG 20000

static char url[64];
static int listening;
static pthread_t server;
static atomic_int requests, status = 200, slow_ms;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char body[4096], list[4096];

static void pause_ms(int milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
  nanosleep(&time, NULL);
}

static void *serve(void *unused) {
  (void)unused;
  for (;;) {
    int connection = accept(listening, NULL, NULL);
    if (connection < 0) return NULL;
    char head[4096], answer[8192];
    size_t have = 0;
    while (have < sizeof head - 1) {
      ssize_t read_now = recv(connection, head + have, sizeof head - 1 - have, 0);
      if (read_now <= 0) break;
      have += (size_t)read_now;
      head[have] = '\0';
      if (strstr(head, "\r\n\r\n") != NULL) break;
    }
    if (have > 0) {
      atomic_fetch_add(&requests, 1);
      pause_ms(atomic_load(&slow_ms));
      pthread_mutex_lock(&lock);
      const int is_list = strncmp(head, "GET /revoked ", 13) == 0 || strncmp(head, "GET /status/", 12) == 0;
      const char *page = is_list ? list : body;
      int length = snprintf(answer, sizeof answer,
                            "HTTP/1.1 %d x\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
                            atomic_load(&status), strlen(page), page);
      pthread_mutex_unlock(&lock);
      if (send(connection, answer, (size_t)length, MSG_NOSIGNAL) < 0) perror("send");
    }
    close(connection);
  }
}

static void open_server(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  listening = socket(AF_INET, SOCK_STREAM, 0);
  CHECK(bind(listening, (struct sockaddr *)&address, sizeof address) == 0 && listen(listening, 64) == 0);
  CHECK(getsockname(listening, (struct sockaddr *)&address, &length) == 0);
  snprintf(url, sizeof url, "http://127.0.0.1:%d/jwks", ntohs(address.sin_port));
  CHECK(pthread_create(&server, NULL, serve, NULL) == 0);
}

static void publish(jot_signer *signer) {
  jot_key_set *set = keys_of(signer);
  jot_text *jwks = jot_text_new();
  OK(jot_key_set_to_jwks(set, jwks, NULL));
  pthread_mutex_lock(&lock);
  snprintf(body, sizeof body, "%s", (const char *)jot_text_view(jwks).ptr);
  pthread_mutex_unlock(&lock);
  jot_key_set_free(set), jot_text_free(jwks);
}

static jot_keeper_options options_of(uint32_t cool_down) {
  jot_keeper_options options = {.size = sizeof options};
  OK(jot_keeper_options_default(&options));
  options.flags = JOT_ALLOW_LOOPBACK;
  options.cool_down = cool_down;
  return options;
}

static jot_fetcher *fetcher_of(void) {
  /* No proxy, whatever the environment says. */
  jot_fetcher_options options = {.size = sizeof options, .proxy = JOT_TEXT(""), .budget_fetches = 1000};
  jot_fetcher *fetcher = NULL;
  OK(jot_fetcher_new(&options, &fetcher, NULL));
  return fetcher;
}

static jot_remote_keys *follow(jot_fetcher *fetcher, uint32_t cool_down, jot_verifier **verifier) {
  jot_keeper_options options = options_of(cool_down);
  jot_remote_keys *keys = NULL;
  jot_key_set *set = NULL;
  OK(jot_remote_keys_new(fetcher, text(url), &options, &keys, NULL));
  OK(jot_remote_keys_set(keys, &set));
  *verifier = verifier_of(policy_of(JOT_EDDSA), set, 100);
  jot_key_set_free(set);
  OK(jot_remote_keys_feed(keys, *verifier, text(ISSUER), NULL));
  CHECK_CODE(jot_remote_keys_feed(keys, *verifier, text("https://other"), NULL), JOT_ISSUER_UNKNOWN);
  return keys;
}

/* Verifies as a program does that may wait. */
static uint32_t verify(const jot_verifier *verifier, const jot_remote_keys *keys, jot_slice token,
                       jot_scratch *scratch) {
  uint32_t code = jot_verifier_verify(verifier, token, NOW, scratch, NULL);
  if (code != JOT_ACCEPTED && (code = jot_remote_keys_retry(keys, code, LONG)) == JOT_ACCEPTED)
    code = jot_verifier_verify(verifier, token, NOW, scratch, NULL);
  return code;
}

static jot_signer *signers[2];
static jot_text *tokens[2];

static jot_health health_of(const jot_remote_keys *keys) {
  jot_health health = {.size = sizeof health};
  OK(jot_remote_keys_health(keys, &health));
  return health;
}

static void new_key_is_found_and_a_flood_fetches_nothing(void) {
  jot_fetcher *fetcher = fetcher_of();
  jot_verifier *verifier = NULL;
  jot_scratch *scratch = jot_scratch_new();
  publish(signers[0]);
  jot_remote_keys *keys = follow(fetcher, 1000, &verifier);
  OK(jot_remote_keys_wait(keys, LONG));
  OK(verify(verifier, keys, jot_text_view(tokens[0]), scratch));
  publish(signers[1]);
  OK(verify(verifier, keys, jot_text_view(tokens[1]), scratch));
  const int before = atomic_load(&requests);
  for (int i = 0; i < 10000; i++)
    CHECK_CODE(verify(verifier, keys, jot_text_view(tokens[0]), scratch), JOT_KID_UNKNOWN);
  CHECK(atomic_load(&requests) == before && health_of(keys).refused >= 10000);

  jot_text *saved = jot_text_new();
  OK(jot_remote_keys_save(keys, saved));
  OK(jot_remote_keys_restore(keys, jot_text_view(saved), NULL));
  CHECK_CODE(jot_remote_keys_restore(keys, text("{}"), NULL), JOT_SAVED_KEYS_INVALID);
  /* Freed in any order; the verifier keeps its keys. */
  jot_fetcher_free(fetcher), jot_remote_keys_free(keys), jot_text_free(saved);
  OK(jot_verifier_verify(verifier, jot_text_view(tokens[1]), NOW, scratch, NULL));
  jot_verifier_free(verifier), jot_scratch_free(scratch);
}

static void server_that_is_down_is_not_the_callers_fault(void) {
  jot_fetcher *fetcher = fetcher_of();
  jot_verifier *verifier = NULL;
  jot_scratch *scratch = jot_scratch_new();
  atomic_store(&status, 502);
  jot_remote_keys *keys = follow(fetcher, 0, &verifier);
  CHECK_CODE(verify(verifier, keys, jot_text_view(tokens[1]), scratch), JOT_FETCH_STATUS);
  CHECK(jot_code_http_status(JOT_FETCH_STATUS) == 503);
  CHECK_CODE(jot_remote_keys_wait(keys, 1), JOT_KEYS_NOT_YET);
  jot_text *reason = jot_text_new();
  OK(jot_remote_keys_reason(keys, reason));
  CHECK(is_text(jot_text_view(reason), "the status is 502"));
  atomic_store(&status, 200), atomic_store(&slow_ms, 300);
  OK(jot_remote_keys_refresh_now(keys));
  CHECK_CODE(jot_remote_keys_retry(keys, JOT_KEYS_NOT_YET, 1), JOT_FETCH_TIMEOUT);
  CHECK_CODE(jot_remote_keys_retry(keys, JOT_EXPIRED, 1), JOT_EXPIRED);
  OK(verify(verifier, keys, jot_text_view(tokens[1]), scratch));
  atomic_store(&slow_ms, 0);
  jot_text_free(reason), jot_remote_keys_free(keys), jot_fetcher_free(fetcher);
  jot_verifier_free(verifier), jot_scratch_free(scratch);
}

struct shared {
  const jot_verifier *verifier;
  const jot_remote_keys *keys;
  atomic_int stop, turns, wrong, current;
};

/* A token of the key that is published is never refused, nor one of no key accepted. */
static void *look(void *given) {
  struct shared *shared = given;
  jot_scratch *scratch = jot_scratch_new();
  while (!atomic_load(&shared->stop)) {
    const int mine = atomic_load(&shared->current);
    if (mine < 0) continue;
    const uint32_t code = verify(shared->verifier, shared->keys, jot_text_view(tokens[mine % 2]), scratch);
    /* Unless it was taken away in between. */
    if (code != JOT_ACCEPTED && atomic_load(&shared->current) == mine) atomic_fetch_add(&shared->wrong, 1);
    health_of(shared->keys);
    atomic_fetch_add(&shared->turns, 1);
  }
  jot_scratch_free(scratch);
  return NULL;
}

static void keys_rotate_under_load(void) {
  jot_fetcher *fetcher = fetcher_of();
  jot_verifier *verifier = NULL;
  publish(signers[0]);
  jot_remote_keys *keys = follow(fetcher, 0, &verifier);
  OK(jot_remote_keys_wait(keys, LONG));
  struct shared shared = {.verifier = verifier, .keys = keys};
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, look, &shared) == 0);
  for (int turn = 1; turn <= (getenv("JOT_SLOW") == NULL ? 20 : 4); turn++) {
    /* No key is known to be there until the next one is. */
    atomic_store(&shared.current, -1);
    publish(signers[turn % 2]);
    atomic_store(&shared.current, turn);
    const int before = atomic_load(&shared.turns);
    while (atomic_load(&shared.turns) < before + 100) pause_ms(1);
  }
  atomic_store(&shared.stop, 1);
  for (int i = 0; i < THREADS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
  CHECK(atomic_load(&shared.wrong) == 0);
  jot_remote_keys_free(keys), jot_fetcher_free(fetcher), jot_verifier_free(verifier);
}

static void child_of_a_fork_follows_the_keys(void) {
  jot_fetcher *fetcher = fetcher_of();
  jot_verifier *verifier = NULL;
  publish(signers[0]);
  jot_remote_keys *keys = follow(fetcher, 0, &verifier);
  OK(jot_remote_keys_wait(keys, LONG));
  publish(signers[1]);
  fflush(NULL);
  pid_t pid = fork();
  if (pid == 0) {
    alarm(60);
    jot_scratch *scratch = jot_scratch_new();
    OK(jot_remote_keys_start(keys));
    OK(verify(verifier, keys, jot_text_view(tokens[1]), scratch));
    _exit(checks_failed != 0);
  }
  int child = -1;
  CHECK(pid > 0 && waitpid(pid, &child, 0) == pid && WIFEXITED(child) && WEXITSTATUS(child) == 0);
  CHECK(jot_remote_keys_snapshots(keys) >= 1);
  int64_t since = 0;
  jot_key_set *past = NULL;
  OK(jot_remote_keys_snapshot(keys, 0, &since, &past));
  CHECK(jot_key_set_len(past) == 1 && since <= jot_clock_now());
  jot_key_set_free(past);
  jot_remote_keys_free(keys), jot_fetcher_free(fetcher), jot_verifier_free(verifier);
}

/* A list that revokes one session and lives for so many seconds. */
static void revoke(jot_signer *signer, const char *sid, int lives) {
  char claims[512];
  const long long now = jot_clock_now();
  snprintf(claims, sizeof claims,
           "{\"iss\":\"" ISSUER "\",\"iat\":%lld,\"exp\":%lld,\"ttl\":1,\"revocations\":[{\"sid\":\"%s\"}]}", now,
           now + lives, sid);
  jot_sign_header header = {.size = sizeof header, .typ = text("revocations+jwt")};
  jot_text *signed_list = jot_text_new();
  OK(jot_signer_sign_claims(signer, &header, text(claims), signed_list, NULL));
  pthread_mutex_lock(&lock);
  snprintf(list, sizeof list, "%s", (const char *)jot_text_view(signed_list).ptr);
  pthread_mutex_unlock(&lock);
  jot_text_free(signed_list);
}

static uint32_t until_code(const jot_verifier *verifier, jot_slice token, jot_scratch *scratch, uint32_t wanted) {
  uint32_t code = wanted + 1;
  for (int i = 0; i < LONG / 20 && code != wanted; i++) {
    code = jot_verifier_verify(verifier, token, NOW, scratch, NULL);
    if (code != wanted) pause_ms(20);
  }
  return code;
}

static void revocations_are_followed(void) {
  jot_fetcher *fetcher = fetcher_of();
  jot_verifier *verifier = NULL;
  jot_scratch *scratch = jot_scratch_new();
  jot_text *one = jot_text_new(), *two = jot_text_new(), *saved = jot_text_new(), *reason = jot_text_new();
  sign(signers[0], "{\"iss\":\"" ISSUER "\",\"sid\":\"one\",\"exp\":1900000000}", one);
  sign(signers[0], "{\"iss\":\"" ISSUER "\",\"sid\":\"two\",\"exp\":1900000000}", two);
  publish(signers[0]);
  jot_remote_keys *keys = follow(fetcher, 0, &verifier);
  OK(jot_remote_keys_wait(keys, LONG));
  OK(jot_verifier_verify(verifier, jot_text_view(one), NOW, scratch, NULL));

  char where[80];
  snprintf(where, sizeof where, "%.*s/revoked", (int)(strlen(url) - strlen("/jwks")), url);
  jot_list_options options = {.size = sizeof options, .least_poll = 1, .flags = JOT_LIST_ALLOW_LOOPBACK};
  jot_remote_revocations *revoked = NULL;
  const uint32_t eddsa = 1u << JOT_EDDSA;
  jot_error why = {.size = sizeof why};
  CHECK_CODE(jot_remote_revocations_new(fetcher, text(where), keys, text(ISSUER), eddsa, NULL, &revoked, NULL),
             JOT_URL_REFUSED);
  CHECK_CODE(jot_remote_revocations_new(fetcher, text(where), keys, ABSENT, eddsa, &options, &revoked, NULL),
             JOT_ISSUER_REQUIRED);
  CHECK_CODE(jot_remote_revocations_new(fetcher, text(where), keys, text(ISSUER), 0, &options, &revoked, NULL),
             JOT_ALGORITHMS_EMPTY);
  options.flags |= 4;
  CHECK_CODE(jot_remote_revocations_new(fetcher, text(where), keys, text(ISSUER), eddsa, &options, &revoked, &why),
             JOT_ARGUMENT_VALUE);
  CHECK(strcmp(why.name, "flags") == 0);
  options.flags = JOT_LIST_ALLOW_LOOPBACK;
  OK(jot_remote_revocations_new(fetcher, text(where), keys, text(ISSUER), eddsa, &options, &revoked, NULL));
  OK(jot_remote_revocations_feed(revoked, verifier));
  /* There is no list yet, and nobody vouches for the token. */
  CHECK_CODE(jot_verifier_verify(verifier, jot_text_view(one), NOW, scratch, NULL), JOT_REVOCATIONS_NOT_YET);
  CHECK_CODE(jot_remote_revocations_wait(revoked, 0), JOT_REVOCATIONS_NOT_YET);
  CHECK(jot_code_http_status(JOT_REVOCATIONS_NOT_YET) == 503);
  revoke(signers[0], "one", 600);
  OK(jot_remote_revocations_refresh_now(revoked));
  OK(jot_remote_revocations_wait(revoked, LONG));
  CHECK_CODE(jot_verifier_verify(verifier, jot_text_view(one), NOW, scratch, NULL), JOT_SID_REVOKED);
  OK(jot_verifier_verify(verifier, jot_text_view(two), NOW, scratch, NULL));
  OK(jot_remote_revocations_save(revoked, saved));
  OK(jot_remote_revocations_restore(revoked, jot_text_view(saved)));
  CHECK_CODE(jot_remote_revocations_restore(revoked, text("x")), JOT_TOKEN_SEGMENTS);
  jot_revocations *copy = NULL;
  OK(jot_remote_revocations_list(revoked, &copy));
  CHECK(jot_revocations_len(copy) == 1 && jot_revocations_end(copy) == JOT_NEVER);
  jot_revocations_free(copy);

  /* It lives for three seconds, and then the server is down. */
  revoke(signers[0], "two", 3);
  CHECK_CODE(until_code(verifier, jot_text_view(two), scratch, JOT_SID_REVOKED), JOT_SID_REVOKED);
  atomic_store(&status, 502);
  CHECK_CODE(until_code(verifier, jot_text_view(one), scratch, JOT_REVOCATIONS_STALE), JOT_REVOCATIONS_STALE);
  jot_list_health health = {.size = sizeof health};
  OK(jot_remote_revocations_health(revoked, &health));
  CHECK(health.error == JOT_FETCH_STATUS && health.entries == 1 && health.failures > 0);
  OK(jot_remote_revocations_reason(revoked, reason));
  CHECK(is_text(jot_text_view(reason), "the status is 502"));
  atomic_store(&status, 200);
  revoke(signers[0], "two", 600);
  CHECK_CODE(until_code(verifier, jot_text_view(one), scratch, JOT_ACCEPTED), JOT_ACCEPTED);
  OK(jot_remote_revocations_start(revoked));
  jot_text_free(one), jot_text_free(two), jot_text_free(saved), jot_text_free(reason);
  jot_remote_revocations_free(revoked), jot_remote_keys_free(keys), jot_fetcher_free(fetcher);
  jot_verifier_free(verifier), jot_scratch_free(scratch);
}

/* A list of 16 tokens, of which number 3 is revoked and 2 is not. */
static void serve_statuses(jot_signer *signer, const char *uri) {
  char claims[512];
  snprintf(claims, sizeof claims,
           "{\"sub\":\"%s\",\"iat\":%lld,\"ttl\":1,\"status_list\":{\"bits\":1,\"lst\":\"eNrbuRgAAhcBXQ\"}}", uri,
           (long long)jot_clock_now());
  jot_sign_header header = {.size = sizeof header, .typ = text("statuslist+jwt")};
  jot_text *signed_list = jot_text_new();
  OK(jot_signer_sign_claims(signer, &header, text(claims), signed_list, NULL));
  pthread_mutex_lock(&lock);
  snprintf(list, sizeof list, "%s", (const char *)jot_text_view(signed_list).ptr);
  pthread_mutex_unlock(&lock);
  jot_text_free(signed_list);
}

static void status_lists_are_followed(void) {
  jot_fetcher *fetcher = fetcher_of();
  jot_remote_keys *keys = NULL;
  jot_key_set *none = NULL;
  jot_scratch *scratch = jot_scratch_new();
  jot_text *good = jot_text_new(), *bad = jot_text_new(), *said = jot_text_new();
  jot_keeper_options keys_options = options_of(0);
  publish(signers[0]);
  OK(jot_remote_keys_new(fetcher, text(url), &keys_options, &keys, NULL));
  OK(jot_remote_keys_set(keys, &none));
  jot_policy *policy = policy_of(JOT_EDDSA);
  OK(jot_policy_check_status(policy));
  jot_verifier *verifier = verifier_of(policy, none, 100);
  OK(jot_remote_keys_feed(keys, verifier, text(ISSUER), NULL));
  OK(jot_remote_keys_wait(keys, LONG));

  char below[80], uri[96], claims[256];
  snprintf(below, sizeof below, "%.*s/status/", (int)(strlen(url) - strlen("/jwks")), url);
  snprintf(uri, sizeof uri, "%s1", below);
  for (int index = 2; index < 4; index++) {
    snprintf(claims, sizeof claims,
             "{\"iss\":\"" ISSUER "\",\"exp\":1900000000,\"status\":{\"status_list\":{\"idx\":%d,\"uri\":\"%s\"}}}", index,
             uri);
    sign(signers[0], claims, index == 2 ? good : bad);
  }
  CHECK_CODE(jot_verifier_verify(verifier, jot_text_view(good), NOW, scratch, NULL), JOT_STATUS_LIST_UNKNOWN);
  const jot_slice uris[] = {text(below)};
  jot_status_places places = {.size = sizeof places, .uris = uris, .count = 1, .most = 1};
  jot_list_options options = {.size = sizeof options, .least_poll = 1, .flags = JOT_LIST_ALLOW_LOOPBACK};
  jot_remote_status_lists *lists = NULL;
  const uint32_t eddsa = 1u << JOT_EDDSA;
  CHECK_CODE(jot_remote_status_lists_new(fetcher, &places, keys, eddsa, NULL, &lists, NULL), JOT_URL_REFUSED);
  CHECK_CODE(jot_remote_status_lists_new(fetcher, &places, keys, 0, &options, &lists, NULL), JOT_ALGORITHMS_EMPTY);
  OK(jot_remote_status_lists_new(fetcher, &places, keys, eddsa, &options, &lists, NULL));
  OK(jot_remote_status_lists_feed(lists, verifier));
  OK(jot_remote_status_lists_uris(lists, said));
  CHECK(is_text(jot_text_view(said), ""));
  serve_statuses(signers[0], uri);
  /* The first token of a list is never accepted, and asks for it. */
  atomic_store(&slow_ms, 300);
  CHECK_CODE(jot_verifier_verify(verifier, jot_text_view(good), NOW, scratch, NULL), JOT_STATUS_LIST_NOT_YET);
  CHECK_CODE(jot_remote_status_lists_retry(lists, JOT_STATUS_LIST_NOT_YET, 0), JOT_STATUS_LIST_NOT_YET);
  atomic_store(&slow_ms, 0);
  CHECK_CODE(jot_remote_status_lists_retry(lists, JOT_EXPIRED, LONG), JOT_EXPIRED);
  OK(jot_remote_status_lists_retry(lists, JOT_STATUS_LIST_NOT_YET, LONG));
  OK(jot_remote_status_lists_retry(lists, JOT_STATUS_LIST_NOT_YET, 0));
  OK(jot_verifier_verify(verifier, jot_text_view(good), NOW, scratch, NULL));
  CHECK_CODE(jot_verifier_verify(verifier, jot_text_view(bad), NOW, scratch, NULL), JOT_STATUS_REVOKED);
  OK(jot_remote_status_lists_wait(lists, LONG));
  OK(jot_remote_status_lists_uris(lists, said));
  CHECK(jot_text_view(said).len == strlen(uri) + 1 && memcmp(jot_text_view(said).ptr, uri, strlen(uri)) == 0);
  jot_list_health health = {.size = sizeof health};
  OK(jot_remote_status_lists_health(lists, text(uri), &health));
  CHECK(health.entries == 16 && health.error == 0 && health.expires_at == INT64_MIN);
  CHECK_CODE(jot_remote_status_lists_health(lists, text(below), &health), JOT_STATUS_LIST_UNKNOWN);
  CHECK(jot_remote_status_lists_refused(lists) == 0);
  OK(jot_remote_status_lists_start(lists));

  /* Another list is one too many; without one this one ends. */
  snprintf(claims, sizeof claims,
           "{\"iss\":\"" ISSUER "\",\"exp\":1900000000,\"status\":{\"status_list\":{\"idx\":2,\"uri\":\"%s2\"}}}", below);
  sign(signers[0], claims, bad);
  CHECK_CODE(jot_verifier_verify(verifier, jot_text_view(bad), NOW, scratch, NULL), JOT_STATUS_LIST_UNKNOWN);
  CHECK(jot_remote_status_lists_refused(lists) == 1 && jot_code_http_status(JOT_STATUS_LIST_UNKNOWN) == 503);
  atomic_store(&status, 502);
  OK(jot_remote_status_lists_refresh_now(lists));
  CHECK_CODE(until_code(verifier, jot_text_view(good), scratch, JOT_STATUS_LIST_STALE), JOT_STATUS_LIST_STALE);
  OK(jot_remote_status_lists_reason(lists, text(uri), said));
  CHECK(is_text(jot_text_view(said), "the status is 502"));
  atomic_store(&status, 200);
  jot_text_free(good), jot_text_free(bad), jot_text_free(said), jot_key_set_free(none);
  jot_remote_status_lists_free(lists), jot_remote_keys_free(keys), jot_fetcher_free(fetcher);
  jot_verifier_free(verifier), jot_scratch_free(scratch);
}

static void wrong_settings_are_named(void) {
  jot_fetcher *fetcher = NULL;
  jot_error why = {.size = sizeof why};
  jot_fetcher_options options = {.size = sizeof options, .authorities = JOT_TEXT("x")};
  CHECK_CODE(jot_fetcher_new(&options, &fetcher, &why), JOT_ARGUMENT_VALUE);
  CHECK(strcmp(why.name, "authorities") == 0 && fetcher == NULL);
  options.authorities = ABSENT, options.threads = 256;
  CHECK_CODE(jot_fetcher_new(&options, &fetcher, &why), JOT_ARGUMENT_VALUE);
  CHECK(strcmp(why.name, "threads") == 0);
  OK(jot_fetcher_new(NULL, &fetcher, NULL));
  jot_remote_keys *keys = NULL;
  CHECK_CODE(jot_remote_keys_new(fetcher, text(url), NULL, &keys, NULL), JOT_URL_REFUSED);
  CHECK_CODE(jot_remote_keys_discover(fetcher, text("http://i.example"), NULL, &keys, NULL), JOT_URL_REFUSED);
  jot_fetcher_free(fetcher);
}

int main(void) {
  open_server();
  for (int i = 0; i < 2; i++) {
    signers[i] = signer_of(JOT_EDDSA, i == 0 ? "a" : "b");
    tokens[i] = jot_text_new();
    sign(signers[i], "{\"iss\":\"" ISSUER "\",\"exp\":1900000000}", tokens[i]);
  }
  new_key_is_found_and_a_flood_fetches_nothing();
  server_that_is_down_is_not_the_callers_fault();
  keys_rotate_under_load();
  if (getenv("JOT_SLOW") == NULL) child_of_a_fork_follows_the_keys();
  revocations_are_followed();
  status_lists_are_followed();
  wrong_settings_are_named();
  for (int i = 0; i < 2; i++) jot_text_free(tokens[i]), jot_signer_free(signers[i]);
  CHECK(shutdown(listening, SHUT_RDWR) == 0 && pthread_join(server, NULL) == 0);
  close(listening);
  return checked("remote");
}
