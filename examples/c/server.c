/* An HTTP server that guards a resource: server PORT JWKS_FILE ISSUER AUDIENCE
 *
 * Eight threads share one verifier, each with a scratch of its own. SIGHUP reads
 * the JWK Set anew and swaps the keys under the running threads; when it cannot
 * be read the last good one stays. SIGINT and SIGTERM end the server.
 *
 *     GET /           401, or 200 and the token's sub
 *     GET /orders     403 as well, unless the token has the scope orders:read
 *     GET /metrics    what the verifier has done, for Prometheus
 */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <jot.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define THREADS 8
#define REQUEST_BYTES 16384

static jot_verifier *verifier;
static int listener;

static void send_all(int peer, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t sent = send(peer, bytes, count, MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes += sent, count -= (size_t)sent;
  }
}

static void respond(int peer, const char *status, const char *header, const char *body, size_t length) {
  char head[400];
  int count = snprintf(head, sizeof head,
                       "HTTP/1.1 %s\r\nConnection: close\r\nContent-Type: text/plain\r\n"
                       "Content-Length: %zu\r\n%s\r\n",
                       status, length, header);
  send_all(peer, head, (size_t)count);
  send_all(peer, body, length);
}

/* Reads up to the empty line; 0 when that does not come. */
static size_t read_request(int peer, char *request) {
  size_t length = 0;
  while (length < REQUEST_BYTES - 1) {
    ssize_t count = recv(peer, request + length, REQUEST_BYTES - 1 - length, 0);
    if (count <= 0) return 0;
    length += (size_t)count;
    request[length] = 0;
    if (strstr(request, "\r\n\r\n") != NULL) return length;
  }
  return 0;
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
    found.ptr = (const uint8_t *)value;
    found.len = strcspn(value, " \t\r\n");
  }
  return found;
}

static void metrics(int peer) {
  jot_text *text = jot_text_new();
  jot_verifier_prometheus(verifier, text);
  jot_slice view = jot_text_view(text);
  respond(peer, "200 OK", "", (const char *)view.ptr, view.len);
  jot_text_free(text);
}

/* What RFC 6750 wants for a code, and why in the log. */
static void refuse(int peer, uint32_t code, const char *detail) {
  const char *error = jot_code_bearer_error(code);
  uint32_t number = jot_code_http_status(code);
  char status[40], header[100] = "", body[100];
  snprintf(status, sizeof status, "%u %s", number,
           number == 401   ? "Unauthorized"
           : number == 403 ? "Forbidden"
                           : "Internal Server Error");
  if (error != NULL)
    snprintf(header, sizeof header, "WWW-Authenticate: Bearer error=\"%s\"\r\n", error);
  else if (number == 401) snprintf(header, sizeof header, "WWW-Authenticate: Bearer\r\n");
  int length = snprintf(body, sizeof body, "%s\n", jot_code_name(code));
  fprintf(stderr, "server: %s (%u) %s\n", jot_code_name(code), code, detail);
  respond(peer, status, header, body, (size_t)length);
}

static void guarded(int peer, const char *request, const char *scope, jot_scratch *scratch) {
  jot_slice token = bearer(request), subject = {NULL, 0};
  if (token.ptr == NULL) {
    refuse(peer, JOT_TOKEN_NULL, "");
    return;
  }
  jot_verdict verdict = {.size = sizeof verdict};
  char detail[JOT_DETAIL_BYTES] = "";
  uint32_t code = jot_verifier_verify(verifier, token, jot_clock_now(), scratch, &verdict);
  if (code != JOT_ACCEPTED) {
    jot_verdict_detail(&verdict, token, detail, sizeof detail, NULL);
    refuse(peer, code, detail);
    return;
  }
  jot_slice wanted = {(const uint8_t *)scope, strlen(scope)};
  if (wanted.len > 0 && !jot_claims_has_scope(scratch, wanted)) {
    refuse(peer, JOT_SCOPE_INSUFFICIENT, scope);
    return;
  }
  jot_claims_text(scratch, JOT_TEXT("sub"), &subject);
  /* The view lives until the scratch verifies the next token. */
  respond(peer, "200 OK", "", (const char *)subject.ptr, subject.len);
}

static void *serve(void *unused) {
  (void)unused;
  jot_scratch *scratch = jot_scratch_new();
  char *request = malloc(REQUEST_BYTES);
  for (int peer; request != NULL && (peer = accept(listener, NULL, NULL)) >= 0; close(peer)) {
    struct timeval patience = {.tv_sec = 5};
    setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (read_request(peer, request) == 0) respond(peer, "400 Bad Request", "", "", 0);
    else if (strncmp(request, "GET /metrics ", 13) == 0) metrics(peer);
    else if (strncmp(request, "GET / ", 6) == 0) guarded(peer, request, "", scratch);
    else if (strncmp(request, "GET /orders ", 12) == 0) guarded(peer, request, "orders:read", scratch);
    else respond(peer, "404 Not Found", "", "", 0);
  }
  free(request);
  jot_scratch_free(scratch);
  return NULL;
}

/* Reads the JWK Set; NULL, with a word on why, when it cannot be used. */
static jot_key_set *load(const char *path) {
  jot_error error = {.size = sizeof error};
  jot_key_set *keys = jot_key_set_new();
  static char jwks[1 << 20];
  FILE *file = fopen(path, "rb");
  jot_slice text = {(const uint8_t *)jwks, file != NULL ? fread(jwks, 1, sizeof jwks, file) : 0};
  if (file != NULL) fclose(file);
  if (jot_key_set_add_jwks(keys, text, NULL, &error) == JOT_ACCEPTED) return keys;
  char message[300];
  jot_error_message(&error, message, sizeof message, NULL);
  fprintf(stderr, "server: %s: %s\n", path, message);
  jot_key_set_free(keys);
  return NULL;
}

static jot_verifier *build(jot_key_set *keys, const char *issuer, const char *audience) {
  uint32_t algs[] = {JOT_RS256, JOT_ES256, JOT_EDDSA};
  jot_error error = {.size = sizeof error};
  jot_slice iss = {(const uint8_t *)issuer, strlen(issuer)};
  jot_slice aud = {(const uint8_t *)audience, strlen(audience)};
  jot_policy *policy = NULL;
  jot_verifier_builder *builder = NULL;
  jot_verifier *built = NULL;
  if (jot_policy_new(algs, 3, &policy, &error) == JOT_ACCEPTED) {
    jot_policy_audience(policy, aud);
    jot_policy_leeway(policy, 5);
    if (jot_verifier_builder_new(policy, &builder, &error) == JOT_ACCEPTED) {
      jot_verifier_builder_issuer(builder, iss, keys);
      jot_verifier_builder_cache_entries(builder, 10000);
      jot_verifier_builder_build(builder, &built, &error);
    }
  }
  jot_verifier_builder_free(builder);
  jot_policy_free(policy);
  return built;
}

int main(int argc, char **argv) {
  if (argc != 5) return fprintf(stderr, "server PORT JWKS_FILE ISSUER AUDIENCE\n"), 2;
  jot_key_set *keys = load(argv[2]);
  verifier = build(keys, argv[3], argv[4]);
  jot_key_set_free(keys);
  if (verifier == NULL) return fprintf(stderr, "server: no verifier\n"), 1;

  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int yes = 1;
  listener = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
      listen(listener, 128) != 0)
    return perror("server"), 1;

  /* Signals are for this thread alone. */
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGHUP), sigaddset(&signals, SIGINT), sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, NULL);
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++)
    if (pthread_create(&threads[i], NULL, serve, NULL) != 0) return perror("server"), 1;
  printf("listening\n"), fflush(stdout);

  for (int signal; sigwait(&signals, &signal) == 0 && signal == SIGHUP;) {
    keys = load(argv[2]);
    jot_slice iss = {(const uint8_t *)argv[3], strlen(argv[3])};
    if (keys != NULL && jot_verifier_replace_keys(verifier, iss, keys, NULL) == JOT_ACCEPTED)
      printf("reloaded\n");
    else printf("kept\n");
    fflush(stdout);
    jot_key_set_free(keys);
  }
  shutdown(listener, SHUT_RDWR);
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  close(listener);
  jot_verifier_free(verifier);
  return 0;
}
