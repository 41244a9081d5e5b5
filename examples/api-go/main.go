// An API with net/http that is guarded by tokens of jotd: api PORT ISSUER AUDIENCE, on this
// machine. The library follows the issuer's keys and what it took back, on a thread of its own.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	jot "github.com/libjot/libjot/bindings/go"
	"github.com/libjot/libjot/bindings/go/jothttp"
)

func main() {
	if len(os.Args) != 4 {
		log.Fatal("api PORT ISSUER AUDIENCE")
	}
	verifier, err := follow(os.Args[2], os.Args[3])
	if err != nil {
		log.Fatal("api: ", err)
	}
	guard, err := jothttp.New(verifier, jothttp.Options{
		Realm: "orders",
		Refused: func(_ *http.Request, refusal *jothttp.Refusal) {
			log.Printf("refused: %v %s", refusal.Code, refusal.Detail())
		},
	})
	if err != nil {
		log.Fatal("api: ", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /orders", guard.Require("orders")(http.HandlerFunc(orders)))
	server := http.Server{Addr: "127.0.0.1:" + os.Args[1], Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	fmt.Println("listening on", server.Addr)
	log.Fatal(server.ListenAndServe())
}

func follow(issuer, audience string) (*jot.Verifier, error) {
	keys, err := jot.Discover(issuer, jot.AllowLoopback())
	if err != nil {
		return nil, err
	}
	soon, end := context.WithTimeout(context.Background(), 10*time.Second)
	defer end()
	if err := keys.Wait(soon); err != nil {
		return nil, fmt.Errorf("%s: %w %s", issuer, err, keys.Reason())
	}
	verifier, err := jot.NewVerifier(
		jot.WithAlgorithms(jot.ES256), jot.AsAccessToken(audience), jot.WithIssuer(issuer, keys),
	)
	if err != nil {
		return nil, err
	}
	// As often as the issuer says, also each second.
	revoked, err := jot.RevocationsAt(
		issuer+"/revocations", issuer, keys, []jot.Algorithm{jot.ES256}, jot.AllowLoopback(),
		jot.PollEvery(5*time.Second, time.Second),
	)
	if err != nil {
		return nil, err
	}
	return verifier, verifier.FollowRevocations(revoked)
}

func orders(w http.ResponseWriter, r *http.Request) {
	claims, err := jot.Claims[struct {
		Username string `json:"username"`
	}](jothttp.TokenOf(r.Context()))
	if err != nil {
		http.Error(w, "claims", http.StatusInternalServerError)
		return
	}
	fmt.Fprintln(w, "two orders of", claims.Username)
}
