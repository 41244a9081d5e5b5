package bench

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	jot "github.com/libjot/libjot/bindings/go"
	"github.com/libjot/libjot/bindings/go/jothttp"
)

// BenchmarkRequests has a client and a server of net/http in this process, over loopback.
func BenchmarkRequests(b *testing.B) {
	w := worldOf(jot.ES256)
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "two orders\n") })
	guarded := func(options ...jot.Option) http.Handler {
		return must(jothttp.New(w.verifier(options...), jothttp.Options{})).Require("read")(answer)
	}
	parse := w.golangJWT()
	for _, row := range []struct {
		name    string
		handler http.Handler
	}{
		{"without", answer},
		{"jothttp", guarded(jot.WithBackend(jot.Accelerated))},
		{"jothttp-cached", guarded(jot.WithBackend(jot.Accelerated), jot.WithCache(1000))},
		{"golang-jwt", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if parse(r.Header.Get("Authorization")[len("Bearer "):]) != nil {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			answer(w, r)
		})},
	} {
		b.Run(row.name, func(b *testing.B) {
			server := httptest.NewServer(row.handler)
			defer server.Close()
			request := must(http.NewRequest(http.MethodGet, server.URL, nil))
			request.Header.Set("Authorization", "Bearer "+w.text)
			client := server.Client()
			began := cpuTime()
			for b.Loop() {
				got := must(client.Do(request))
				_, _ = io.Copy(io.Discard, got.Body)
				_ = got.Body.Close()
				if got.StatusCode != http.StatusOK {
					b.Fatal(got.Status)
				}
			}
			b.ReportMetric(float64(cpuTime()-began)/float64(b.N), "cpu-ns/op")
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
		})
	}
}
