/* Follows the keys at a URL in an event loop (libevent), and verifies the tokens that it
 * reads, a line each: follow URL. A real program speaks TLS (evhttp over
 * bufferevent_openssl); this one takes http from this machine. */
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <jot.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct event_base *loop;
static struct event *timer, *input;
static jot_keeper *keeper;
static jot_budget *budget;
static jot_verifier *verifier;
static jot_scratch *scratch;
static uint64_t ticket;   /* of the request under way */
static char *waiting;     /* a token that the answer decides; its line holds up the next */

static void poll_keeper(void);

static void judge(const char *token, int may_wait) {
  jot_slice text = {(const uint8_t *)token, strlen(token)};
  const uint32_t code = jot_verifier_verify(verifier, text, jot_clock_now(), scratch, NULL);
  uint32_t pending = code == JOT_KEYS_NOT_YET;
  if (may_wait && code == JOT_KID_UNKNOWN)
    jot_keeper_unknown_kid(keeper, budget, jot_clock_now(), &pending);
  if (may_wait && pending) {
    waiting = strdup(token);
    event_del(input);
    poll_keeper();
    return;
  }
  printf("%d %s\n", jot_code_http_status(code), jot_code_name(code));
  fflush(stdout);
}

/* Whether it failed or not, the answer decides the token that waits. */
static void decide(uint32_t failed) {
  char *token = waiting;
  if (token == NULL) return;
  waiting = NULL;
  if (failed == JOT_ACCEPTED) judge(token, 0);
  else printf("%d %s\n", jot_code_http_status(failed), jot_code_name(failed)), fflush(stdout);
  free(token);
  event_add(input, NULL);
}

static void answered(struct evhttp_request *request, void *unused) {
  (void)unused;
  jot_field fields[32];
  jot_reply reply = {.size = sizeof reply, .outcome = JOT_FAILED};
  if (request != NULL && evhttp_request_get_response_code(request) != 0) {
    struct evbuffer *body = evhttp_request_get_input_buffer(request);
    struct evkeyval *header = evhttp_request_get_input_headers(request)->tqh_first;
    for (; header != NULL && reply.field_count < 32; header = header->next.tqe_next) {
      fields[reply.field_count].name = (jot_slice){(uint8_t *)header->key, strlen(header->key)};
      fields[reply.field_count++].value = (jot_slice){(uint8_t *)header->value, strlen(header->value)};
    }
    reply.outcome = JOT_REPLIED;
    reply.status = (uint32_t)evhttp_request_get_response_code(request);
    reply.fields = fields;
    reply.body = (jot_slice){evbuffer_pullup(body, -1), evbuffer_get_length(body)};
  }
  uint32_t change = 0;
  jot_error why = {.size = sizeof why};
  const uint32_t code = jot_keeper_answer(keeper, ticket, &reply, jot_clock_now(), &change, &why);
  if (code != JOT_ACCEPTED) fprintf(stderr, "follow: %s\n", jot_code_meaning(code));
  if (change == JOT_CHANGE_KEYS) {
    jot_key_set *set = NULL;
    jot_keeper_keys(keeper, jot_clock_now(), &set);
    jot_verifier_replace_keys(verifier, (jot_slice){NULL, 0}, set, NULL);
    jot_key_set_free(set);
  }
  if (change != JOT_CHANGE_ELSEWHERE) decide(code);
  poll_keeper();
}

static void get(const jot_request *request) {
  char url[2049];
  snprintf(url, sizeof url, "%.*s", (int)request->url.len, (const char *)request->url.ptr);
  struct evhttp_uri *uri = evhttp_uri_parse(url);
  const int port = evhttp_uri_get_port(uri);
  struct evhttp_connection *connection =
      evhttp_connection_base_new(loop, NULL, evhttp_uri_get_host(uri), (unsigned short)(port < 0 ? 80 : port));
  struct evhttp_request *out = evhttp_request_new(answered, NULL);
  evhttp_connection_set_timeout(connection, (int)request->timeout);
  evhttp_connection_set_max_body_size(connection, (ev_ssize_t)request->most_bytes + 1);
  evhttp_connection_free_on_completion(connection);
  evhttp_add_header(evhttp_request_get_output_headers(out), "Host", evhttp_uri_get_host(uri));
  if (request->etag.len != 0) {
    char etag[256];
    snprintf(etag, sizeof etag, "%.*s", (int)request->etag.len, (const char *)request->etag.ptr);
    evhttp_add_header(evhttp_request_get_output_headers(out), "If-None-Match", etag);
  }
  ticket = request->ticket;
  evhttp_make_request(connection, out, EVHTTP_REQ_GET, evhttp_uri_get_path(uri));
  evhttp_uri_free(uri);
}

static void poll_keeper(void) {
  jot_request request = {.size = sizeof request};
  jot_keeper_poll(keeper, jot_clock_now(), &request);
  if (request.ticket != 0) {
    get(&request);
    jot_keeper_poll(keeper, jot_clock_now(), &request);
  }
  const int64_t seconds = request.until - jot_clock_now();
  struct timeval sleep = {seconds < 1 ? 1 : seconds > 3600 ? 3600 : seconds, 0};
  event_add(timer, &sleep);
}

static void woken(evutil_socket_t socket, short what, void *unused) {
  (void)socket, (void)what, (void)unused;
  poll_keeper();
}

static void line(evutil_socket_t socket, short what, void *unused) {
  (void)socket, (void)what, (void)unused;
  char token[65536];
  if (fgets(token, sizeof token, stdin) == NULL) event_base_loopbreak(loop);
  else token[strcspn(token, "\n")] = '\0', judge(token, 1);
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  jot_keeper_options options = {.size = sizeof options};
  jot_keeper_options_default(&options);
  options.flags = JOT_ALLOW_LOOPBACK;
  jot_slice url = {(const uint8_t *)argv[1], strlen(argv[1])};
  const uint64_t seed = (uint64_t)jot_clock_now();
  const uint32_t algs[] = {JOT_ES256, JOT_EDDSA};
  jot_key_set *none = NULL;
  jot_policy *policy = NULL;
  jot_verifier_builder *builder = NULL;
  jot_error why = {.size = sizeof why};
  setvbuf(stdin, NULL, _IONBF, 0); /* so that each line wakes the loop */
  uint32_t code;
  if ((code = jot_keeper_new(url, &options, seed, &keeper, &why)) ||
      (code = jot_keeper_keys(keeper, jot_clock_now(), &none)) || (code = jot_policy_new(algs, 2, &policy, &why)) ||
      (code = jot_verifier_builder_new(policy, &builder, &why)) || (code = jot_verifier_builder_keys(builder, none)) ||
      (code = jot_verifier_builder_build(builder, &verifier, &why))) {
    fprintf(stderr, "follow: %s\n", jot_code_meaning(code));
    return 1;
  }
  budget = jot_budget_new(10, 60);
  scratch = jot_scratch_new();
  loop = event_base_new();
  timer = evtimer_new(loop, woken, NULL);
  input = event_new(loop, fileno(stdin), EV_READ | EV_PERSIST, line, NULL);
  event_add(input, NULL);
  poll_keeper();
  event_base_dispatch(loop);
  event_free(timer), event_free(input), event_base_free(loop);
  jot_scratch_free(scratch), jot_budget_free(budget), jot_keeper_free(keeper), jot_verifier_free(verifier);
  jot_verifier_builder_free(builder), jot_policy_free(policy), jot_key_set_free(none);
  return 0;
}
