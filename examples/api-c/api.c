/* An API in C that is guarded by tokens of jotd: api PORT ISSUER AUDIENCE, on this machine.
 *
 * libjot_fetch follows the issuer's keys and what it took back, on a thread of its own. Four
 * threads answer GET /orders; they share one verifier, each with a scratch of its own.
 *
 *     cc api.c $(pkg-config --cflags --libs jot_fetch) -pthread
 */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <jot_fetch.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define THREADS 4
#define REQUEST_BYTES 16384

static jot_verifier *verifier;
static jot_remote_keys *keys;
static int listener;

static jot_slice slice(const char *text) { return (jot_slice){(const uint8_t *)text, strlen(text)}; }

/* Ends the program with the reason. */
static void demand(uint32_t code, const char *what) {
  if (code == JOT_ACCEPTED) return;
  fprintf(stderr, "api: %s: %s (%u): %s\n", what, jot_code_name(code), code, jot_code_meaning(code));
  exit(1);
}

static void follow(const char *issuer, const char *audience) {
  jot_fetcher *fetcher = NULL;
  jot_remote_revocations *revoked = NULL;
  jot_policy *policy = NULL;
  jot_verifier_builder *builder = NULL;
  jot_key_set *now = NULL;
  const uint32_t algs[] = {JOT_ES256};
  jot_keeper_options how = {.size = sizeof how};
  /* As often as the issuer says, also each second. */
  jot_list_options list = {.size = sizeof list, .poll = 5, .least_poll = 1, .flags = JOT_LIST_ALLOW_LOOPBACK};
  char url[1024];
  if (snprintf(url, sizeof url, "%s/revocations", issuer) >= (int)sizeof url) exit(2);

  demand(jot_keeper_options_default(&how), "the settings");
  how.flags |= JOT_ALLOW_LOOPBACK;
  demand(jot_fetcher_new(NULL, &fetcher, NULL), "the fetcher");
  demand(jot_remote_keys_discover(fetcher, slice(issuer), &how, &keys, NULL), issuer);
  demand(jot_remote_keys_wait(keys, 10000), issuer);
  demand(jot_remote_keys_set(keys, &now), issuer);
  demand(jot_policy_new_access_token(slice(audience), algs, 1, &policy, NULL), "the policy");
  demand(jot_verifier_builder_new(policy, &builder, NULL), "the policy");
  demand(jot_verifier_builder_issuer(builder, slice(issuer), now), "the verifier");
  demand(jot_verifier_builder_build(builder, &verifier, NULL), "the verifier");
  demand(jot_remote_keys_feed(keys, verifier, slice(issuer), NULL), "the verifier");
  demand(jot_remote_revocations_new(fetcher, slice(url), keys, slice(issuer), 1u << JOT_ES256, &list, &revoked, NULL), url);
  demand(jot_remote_revocations_feed(revoked, verifier), url);
  jot_key_set_free(now);
  jot_verifier_builder_free(builder);
  jot_policy_free(policy);
}

static void respond(int peer, uint32_t status, const char *header, const char *body) {
  char answer[1024];
  const int length = snprintf(answer, sizeof answer,
                              "HTTP/1.1 %u -\r\nConnection: close\r\nContent-Type: text/plain\r\n"
                              "Content-Length: %zu\r\n%s\r\n%s",
                              status, strlen(body), header, body);
  if (length > 0 && length < (int)sizeof answer) send(peer, answer, (size_t)length, MSG_NOSIGNAL);
}

/* The token of the only Authorization header, if it is a Bearer one (RFC 6750). */
static jot_slice bearer(const char *request) {
  jot_slice none = {NULL, 0}, found = none;
  for (const char *line = request; (line = strstr(line, "\r\n")) != NULL;) {
    line += 2;
    if (strncasecmp(line, "authorization:", 14) != 0) continue;
    if (found.ptr != NULL) return none;
    const char *value = line + 14 + strspn(line + 14, " \t");
    if (strncasecmp(value, "bearer ", 7) != 0) return none;
    value += 7 + strspn(value + 7, " ");
    found = (jot_slice){(const uint8_t *)value, strcspn(value, " \t\r\n")};
  }
  return found;
}

static void orders(int peer, const char *request, jot_scratch *scratch) {
  const jot_slice token = bearer(request);
  uint32_t code = JOT_TOKEN_NULL;
  if (token.ptr != NULL) {
    code = jot_verifier_verify(verifier, token, jot_clock_now(), scratch, NULL);
    /* Its key may have been published a moment ago. */
    if (code != JOT_ACCEPTED && (code = jot_remote_keys_retry(keys, code, 2000)) == JOT_ACCEPTED)
      code = jot_verifier_verify(verifier, token, jot_clock_now(), scratch, NULL);
  }
  char header[100] = "", body[200];
  jot_slice name = {NULL, 0};
  if (code == JOT_ACCEPTED) {
    jot_claims_text(scratch, JOT_TEXT("username"), &name);
    snprintf(body, sizeof body, "two orders of %.*s\n", (int)name.len, (const char *)name.ptr);
    respond(peer, 200, header, body);
    return;
  }
  const char *error = jot_code_bearer_error(code);
  const uint32_t status = jot_code_http_status(code);
  if (error != NULL) snprintf(header, sizeof header, "WWW-Authenticate: Bearer error=\"%s\"\r\n", error);
  else if (status == 401) snprintf(header, sizeof header, "WWW-Authenticate: Bearer\r\n");
  snprintf(body, sizeof body, "%s\n", jot_code_name(code));
  respond(peer, status, header, body);
}

/* Reads up to the empty line; 0 when that does not come. */
static size_t read_request(int peer, char *request) {
  size_t length = 0;
  while (length < REQUEST_BYTES - 1) {
    const ssize_t count = recv(peer, request + length, REQUEST_BYTES - 1 - length, 0);
    if (count <= 0) return 0;
    length += (size_t)count;
    request[length] = 0;
    if (strstr(request, "\r\n\r\n") != NULL) return length;
  }
  return 0;
}

static void *serve(void *unused) {
  (void)unused;
  jot_scratch *scratch = jot_scratch_new();
  char *request = malloc(REQUEST_BYTES);
  for (int peer; request != NULL && (peer = accept(listener, NULL, NULL)) >= 0; close(peer)) {
    struct timeval patience = {.tv_sec = 5};
    setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (read_request(peer, request) == 0) respond(peer, 400, "", "");
    else if (strncmp(request, "GET /orders ", 12) == 0) orders(peer, request, scratch);
    else respond(peer, 404, "", "");
  }
  free(request);
  jot_scratch_free(scratch);
  return NULL;
}

int main(int argc, char **argv) {
  if (argc != 4) return fprintf(stderr, "api PORT ISSUER AUDIENCE\n"), 2;
  follow(argv[2], argv[3]);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  const int yes = 1;
  listener = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 128) != 0)
    return perror("api"), 1;
  printf("listening on 127.0.0.1:%s\n", argv[1]);
  fflush(stdout);
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, serve, NULL);
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  return 0;
}
