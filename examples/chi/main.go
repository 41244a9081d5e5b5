// A chi server that asks for a bearer token: `go run .` here with an installed libjot, then
// `curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:3000/`.
package main

import (
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	jot "github.com/libjot/libjot/bindings/go"
	"github.com/libjot/libjot/bindings/go/jothttp"
)

func main() {
	guard, token, err := world()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("TOKEN=%s\n", token)
	server := http.Server{Addr: "127.0.0.1:3000", Handler: router(guard), ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.ListenAndServe())
}

func router(guard *jothttp.Guard) http.Handler {
	made := chi.NewRouter()
	made.Use(guard.Require())
	made.Get("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "hello,", jothttp.TokenOf(r.Context()).Subject)
	})
	made.With(guard.Require("orders:write")).Post("/orders", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusCreated)
	})
	return made
}

// world makes a guard and a token for it. A real server has the keys of its issuer, by jot.Discover.
func world() (*jothttp.Guard, string, error) {
	key, err := jot.GenerateKey(jot.ES256, "")
	if err != nil {
		return nil, "", err
	}
	keys, err := jot.PublicKeys(key)
	if err != nil {
		return nil, "", err
	}
	verifier, err := jot.NewVerifier(jot.WithAlgorithms(jot.ES256), jot.WithKeys(keys), jot.WithAudience("api"))
	if err != nil {
		return nil, "", err
	}
	guard, err := jothttp.New(verifier, jothttp.Options{Realm: "hello"})
	if err != nil {
		return nil, "", err
	}
	token, err := key.Sign(map[string]any{"sub": "alice", "aud": "api", "exp": time.Now().Unix() + 3600})
	return guard, token, err
}
