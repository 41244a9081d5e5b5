// A gin server that asks for a bearer token: `go run .` here with an installed libjot, then
// `curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:3000/`.
package main

import (
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
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
	gin.SetMode(gin.ReleaseMode)
	made := gin.New()
	made.Use(require(guard))
	made.GET("/", func(c *gin.Context) {
		c.String(http.StatusOK, "hello, %s\n", jothttp.TokenOf(c.Request.Context()).Subject)
	})
	made.POST("/orders", require(guard, "orders:write"), func(c *gin.Context) { c.Status(http.StatusCreated) })
	return made
}

// require is guard.Require in the form of gin's handlers.
func require(guard *jothttp.Guard, scopes ...string) gin.HandlerFunc {
	return func(c *gin.Context) {
		token, refusal := guard.Judge(c.Request.Context(), c.Request.Header.Values("Authorization"), scopes)
		if refusal != nil {
			guard.Refuse(c.Writer, c.Request, refusal)
			c.Abort()
			return
		}
		c.Request = c.Request.WithContext(jothttp.WithToken(c.Request.Context(), token))
		c.Next()
	}
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
