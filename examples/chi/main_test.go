package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestOnlyAGoodTokenIsGreeted(t *testing.T) {
	guard, token, err := world()
	if err != nil {
		t.Fatal(err)
	}
	app := router(guard)
	for _, row := range []struct {
		method, path, authorization string
		status                      int
		said, challenge             string
	}{
		{"GET", "/", "Bearer " + token, 200, "hello, alice\n", ""},
		{"GET", "/", "Bearer a.b.c", 401, "header_encoding\n", `Bearer realm="hello", error="invalid_token"`},
		{"GET", "/", "", 401, "token_null\n", `Bearer realm="hello"`},
		{"POST", "/orders", "Bearer " + token, 403, "scope_insufficient\n", `error="insufficient_scope"`},
	} {
		request := httptest.NewRequest(row.method, row.path, nil)
		if row.authorization != "" {
			request.Header.Set("Authorization", row.authorization)
		}
		answer := httptest.NewRecorder()
		app.ServeHTTP(answer, request)
		challenge := answer.Header().Get("WWW-Authenticate")
		if answer.Code != row.status || answer.Body.String() != row.said || !strings.Contains(challenge, row.challenge) ||
			(challenge == "") != (row.status == http.StatusOK) {
			t.Errorf("%s %.20s: %d %q %s", row.path, row.authorization, answer.Code, answer.Body, challenge)
		}
	}
}
