// Verifies tokens with go-oidc: go_oidc URL ISSUER SECONDS
// Lines are `number token`, and are answered by `number yes` or `number no`.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
)

func main() {
	background := context.Background()
	keys := oidc.NewRemoteKeySet(background, os.Args[1])
	config := oidc.Config{ClientID: "api", SupportedSigningAlgs: []string{"ES256"}}
	verifier := oidc.NewVerifier(os.Args[2], keys, &config)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		number, token, _ := strings.Cut(lines.Text(), " ")
		go func() {
			answer := "yes"
			if _, err := verifier.Verify(background, token); err != nil {
				answer = "no"
			}
			fmt.Println(number, answer)
		}()
	}
}
