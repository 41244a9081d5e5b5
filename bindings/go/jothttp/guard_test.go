package jothttp_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	jot "github.com/libjot/libjot/bindings/go"
	"github.com/libjot/libjot/bindings/go/jothttp"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

var key = must(jot.GenerateKey(jot.ES256, "k"))

func guard(t *testing.T, options jothttp.Options) *jothttp.Guard {
	t.Helper()
	verifier := must(jot.NewVerifier(
		jot.WithAlgorithms(jot.ES256), jot.WithKeys(must(jot.PublicKeys(key))), jot.WithAudience("api"),
	))
	t.Cleanup(verifier.Close)
	return must(jothttp.New(verifier, options))
}

func token(claims string) string {
	text := `{"aud":"api","exp":4102444800,"sub":"alice"` + claims + `}`
	return must(key.Sign(text))
}

func ask(handler http.Handler, fields ...string) *http.Response {
	request := httptest.NewRequest(http.MethodGet, "/orders", nil)
	for _, field := range fields {
		request.Header.Add("Authorization", field)
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder.Result()
}

func TestAnswersAreThoseOfRFC6750(t *testing.T) {
	var told []string
	guarded := guard(t, jothttp.Options{
		Realm: "orders", Metadata: "https://api.example/.well-known/oauth-protected-resource",
		Refused: func(_ *http.Request, refusal *jothttp.Refusal) { told = append(told, refusal.Code.String()) },
	}).Require("read")(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, jothttp.TokenOf(r.Context()).Subject)
	}))
	good, bad := token(`,"scope":"read"`), token(`,"scope":"write"`)
	const where = `, resource_metadata="https://api.example/.well-known/oauth-protected-resource"`
	const nobody = `Bearer realm="orders", scope="read"` + where
	for _, row := range []struct {
		fields    []string
		status    int
		body      string
		challenge string
	}{
		{[]string{"Bearer " + good}, 200, "alice", ""},
		{[]string{"bEARER  " + good}, 200, "alice", ""},
		{nil, 401, "token_null", nobody},
		{[]string{"Basic YTpi"}, 401, "token_null", nobody},
		{[]string{"Basic YTpi", "Bearer " + good}, 200, "alice", ""},
		{[]string{"Bearer"}, 401, "token_empty", `Bearer realm="orders", error="invalid_token", error_description="The token has no bytes."` + where},
		{[]string{"Bearer " + good, "Bearer " + good}, 400, "token_null", `Bearer realm="orders", error="invalid_request", error_description="There is more than one token."` + where},
		{[]string{"Bearer " + good + ", Bearer " + good}, 400, "token_null", `Bearer realm="orders", error="invalid_request", error_description="There is more than one token."` + where},
		{[]string{"Bearer x"}, 401, "token_segments", `Bearer realm="orders", error="invalid_token", error_description="The token does not have exactly three segments."` + where},
		{[]string{"Bearer " + bad}, 403, "scope_insufficient", `Bearer realm="orders", error="insufficient_scope", error_description="The token lacks a scope that the policy demands.", scope="read"` + where},
		{[]string{"Bearer " + good[:len(good)-4] + "AAAA"}, 401, "signature_invalid", `Bearer realm="orders", error="invalid_token", error_description="The JWS Signature does not hold."` + where},
	} {
		told = nil
		answer := ask(guarded, row.fields...)
		body, _ := io.ReadAll(answer.Body)
		if answer.StatusCode != row.status || strings.TrimSpace(string(body)) != row.body ||
			answer.Header.Get("WWW-Authenticate") != row.challenge || len(answer.Header.Values("WWW-Authenticate")) > 1 {
			t.Errorf("%.30v: %d %s %q", row.fields, answer.StatusCode, body, answer.Header.Get("WWW-Authenticate"))
		}
		if (row.status == 200) != (told == nil) || (told != nil && told[0] != row.body) {
			t.Errorf("told of %v", told)
		}
	}
}

func TestFaultsOfTheServerAreNoChallenge(t *testing.T) {
	keys := must(jot.KeysAt("https://127.0.0.1:1/jwks"))
	defer keys.Close()
	down := must(jot.NewVerifier(jot.WithAlgorithms(jot.ES256), jot.WithIssuer("https://a", keys), jot.WithWait(time.Second)))
	nobody := http.NotFoundHandler()
	answer := ask(must(jothttp.New(down, jothttp.Options{})).Require()(nobody), "Bearer "+token(`,"iss":"https://a"`))
	if answer.StatusCode != 503 || answer.Header.Get("WWW-Authenticate") != "" {
		t.Error(answer.Status)
	}
	down.Close()
	answer = ask(must(jothttp.New(down, jothttp.Options{})).Require()(nobody), "Bearer "+token(""))
	if answer.StatusCode != 500 || answer.Header.Get("WWW-Authenticate") != "" {
		t.Error(answer.Status)
	}
	for _, wrong := range []jothttp.Options{{Metadata: "https://a\r"}, {Realm: "a\nb"}, {Realm: "ü"}} {
		if _, err := jothttp.New(down, wrong); err == nil {
			t.Errorf("%+v", wrong)
		}
	}
	if jothttp.TokenOf(context.Background()) != nil {
		t.Error("a token of nobody")
	}
}

func TestChallengesAreQuotedByTheEngine(t *testing.T) {
	answer := ask(guard(t, jothttp.Options{Realm: `a "b"\`}).Require("read")(http.NotFoundHandler()))
	if text := answer.Header.Get("WWW-Authenticate"); text != `Bearer realm="a \"b\"\\"` {
		t.Error(text)
	}
}

func TestGuardsThatWereNeverMadeLetNobodyPass(t *testing.T) {
	if _, err := jothttp.New(nil, jothttp.Options{}); !errors.Is(err, jot.ErrClosed) {
		t.Error(err)
	}
	for _, guarded := range []*jothttp.Guard{nil, {}} {
		answer := ask(guarded.Require("read")(http.NotFoundHandler()), "Bearer "+token(""))
		if answer.StatusCode != 500 || answer.Header.Get("WWW-Authenticate") != "" {
			t.Error(answer.Status)
		}
	}
	_, refusal := guard(t, jothttp.Options{}).Judge(context.Background(), nil, []string{"\xff"})
	if refusal == nil || refusal.Status != 500 || refusal.Code != jot.CodeArgumentText {
		t.Errorf("%+v", refusal)
	}
}

func TestMetadataAreWhereRFC9728HasThem(t *testing.T) {
	for resource, wanted := range map[string]string{
		"https://a.example":             "https://a.example/.well-known/oauth-protected-resource",
		"https://a.example/":            "https://a.example/.well-known/oauth-protected-resource",
		"https://a.example/mcp":         "https://a.example/.well-known/oauth-protected-resource/mcp",
		"http://localhost:8080/a/b?c=d": "http://localhost:8080/.well-known/oauth-protected-resource/a/b?c=d",
		"https://a.example/#x":          "",
		"ftp://a.example":               "",
		"a.example":                     "",
		"":                              "",
	} {
		if found, err := (jothttp.Resource{Resource: resource}).MetadataURL(); found != wanted || (err == nil) != (wanted != "") {
			t.Errorf("%s: %s %v", resource, found, err)
		}
	}
	resource := jothttp.Resource{Resource: "https://a.example/mcp", AuthorizationServers: []string{"https://login.example"}}
	handler := must(resource.Handler())
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/", nil))
	var served map[string]any
	if err := json.Unmarshal(recorder.Body.Bytes(), &served); err != nil || len(served) != 2 || served["resource"] != "https://a.example/mcp" {
		t.Error(recorder.Body)
	}
	recorder = httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodPost, "/", nil))
	if recorder.Code != http.StatusMethodNotAllowed {
		t.Error(recorder.Code)
	}
	if _, err := (jothttp.Resource{}).Handler(); err == nil {
		t.Error("a resource without a name")
	}
}
