package jothttp_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	jot "github.com/libjot/libjot/bindings/go"
	"github.com/libjot/libjot/bindings/go/jothttp"
)

func ExampleGuard_Require() {
	key, _ := jot.GenerateKey(jot.ES256, "")
	keys, _ := jot.PublicKeys(key)
	verifier, _ := jot.NewVerifier(jot.WithAlgorithms(jot.ES256), jot.WithKeys(keys))
	guard, _ := jothttp.New(verifier, jothttp.Options{Realm: "orders"})

	orders := func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "two orders of", jothttp.TokenOf(r.Context()).Subject)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /orders", guard.Require("read")(http.HandlerFunc(orders)))

	text, _ := key.Sign(`{"sub":"alice","scope":"read","exp":4102444800}`)
	for _, authorization := range []string{"Bearer " + text, ""} {
		request := httptest.NewRequest("GET", "/orders", nil)
		if authorization != "" {
			request.Header.Set("Authorization", authorization)
		}
		answer := httptest.NewRecorder()
		mux.ServeHTTP(answer, request)
		fmt.Print(answer.Code, " ", answer.Body, answer.Header().Get("WWW-Authenticate"))
	}
	// Output:
	// 200 two orders of alice
	// 401 token_null
	// Bearer realm="orders"
}

func ExampleResource_Handler() {
	resource := jothttp.Resource{
		Resource: "https://api.example", AuthorizationServers: []string{"https://login.example"},
	}
	handler, _ := resource.Handler()
	where, _ := resource.MetadataURL()
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest("GET", where, nil))
	fmt.Println(where)
	fmt.Println(answer.Body)
	// Output:
	// https://api.example/.well-known/oauth-protected-resource
	// {"resource":"https://api.example","authorization_servers":["https://login.example"]}
}
