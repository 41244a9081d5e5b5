package jot_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	jot "github.com/libjot/libjot/bindings/go"
)

// site is an issuer on this machine, which counts its requests.
type site struct {
	*httptest.Server
	lock  sync.Mutex
	pages map[string]string
	asked atomic.Int64
	pause time.Duration
	down  bool
}

func newSite(t *testing.T) *site {
	t.Helper()
	made := &site{pages: map[string]string{}}
	made.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		made.lock.Lock()
		page, found, pause, down := made.pages[r.URL.Path], made.pages[r.URL.Path] != "", made.pause, made.down
		made.lock.Unlock()
		if r.URL.Path == "/jwks" {
			made.asked.Add(1)
		}
		time.Sleep(pause)
		if !found || down {
			http.Error(w, "no", http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte(page))
	}))
	t.Cleanup(made.Close)
	return made
}

func (s *site) publish(keys ...*jot.SigningKey) {
	s.lock.Lock()
	defer s.lock.Unlock()
	where := must(json.Marshal(map[string]string{"issuer": s.URL, "jwks_uri": s.URL + "/jwks"}))
	s.pages["/.well-known/openid-configuration"] = string(where)
	s.pages["/jwks"] = string(must(keysOf(keys...).JWKS()))
}

func (s *site) set(pause time.Duration, down bool) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.pause, s.down = pause, down
}

func (s *site) token(key *jot.SigningKey) string {
	return must(key.Sign(map[string]any{"iss": s.URL, "aud": "api", "sub": "alice", "exp": time.Now().Unix() + 600}))
}

func (s *site) verifier(t *testing.T, keys *jot.RemoteKeys, options ...jot.Option) *jot.Verifier {
	t.Helper()
	made := must(jot.NewVerifier(append([]jot.Option{
		jot.WithAlgorithms(jot.ES256), jot.WithIssuer(s.URL, keys), jot.WithAudience("api"),
	}, options...)...))
	t.Cleanup(made.Close)
	return made
}

func TestKeysAreDiscoveredAndFollowed(t *testing.T) {
	site := newSite(t)
	old, fresh := signingKey(jot.ES256, "old"), signingKey(jot.ES256, "fresh")
	site.publish(old)
	keys := must(jot.Discover(site.URL, jot.AllowLoopback(), jot.CoolDown(0)))
	defer keys.Close()
	verifier := site.verifier(t, keys)
	// The first token waits for the keys.
	if token := must(verifier.Verify(ctx, site.token(old))); token.Kid != "old" {
		t.Error(token.Kid)
	}
	if err := keys.Wait(ctx); err != nil {
		t.Error(err)
	}
	// One whose key was published a moment ago causes a fetch.
	site.publish(old, fresh)
	if token := must(verifier.Verify(ctx, site.token(fresh))); token.Kid != "fresh" {
		t.Error(token.Kid)
	}
	health := must(keys.Health())
	if health.Keys != 2 || health.Error != jot.CodeAccepted || health.Successes < 2 || health.LastSuccess.IsZero() {
		t.Errorf("%+v", health)
	}
	if keys.Reason() != "" {
		t.Error(keys.Reason())
	}
	if err := keys.RefreshNow(); err != nil {
		t.Error(err)
	}
}

func TestStrangersCauseOneFetch(t *testing.T) {
	site := newSite(t)
	key := signingKey(jot.ES256, "known")
	site.publish(key)
	keys := must(jot.KeysAt(site.URL+"/jwks", jot.AllowLoopback()))
	defer keys.Close()
	verifier := site.verifier(t, keys)
	must(verifier.Verify(ctx, site.token(key)))
	site.set(300*time.Millisecond, false)
	text := site.token(signingKey(jot.ES256, "stranger"))
	threads := runtime.NumGoroutine()
	var group sync.WaitGroup
	for range 1000 {
		group.Add(1)
		go func() {
			defer group.Done()
			if err := verifier.Check(ctx, text); jot.CodeOf(err) != jot.CodeKidUnknown {
				t.Error(err)
			}
		}()
	}
	group.Wait()
	// The first fetch, and one for all the strangers.
	if asked := site.asked.Load(); asked != 2 {
		t.Errorf("%d fetches", asked)
	}
	if left := runtime.NumGoroutine(); left > threads+5 {
		t.Errorf("%d goroutines, and before %d", left, threads)
	}
}

func TestContextEndsTheWait(t *testing.T) {
	site := newSite(t)
	key := signingKey(jot.ES256, "k")
	site.publish(key)
	site.set(2*time.Second, false)
	keys := must(jot.KeysAt(site.URL+"/jwks", jot.AllowLoopback()))
	defer keys.Close()
	verifier := site.verifier(t, keys)
	impatient, end := context.WithTimeout(ctx, 50*time.Millisecond)
	defer end()
	began := time.Now()
	_, err := verifier.Verify(impatient, site.token(key))
	if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, jot.CodeFetchTimeout) || jot.CodeOf(err).HTTPStatus() != 503 {
		t.Error(err)
	}
	if err := keys.Wait(impatient); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if waited := time.Since(began); waited > time.Second {
		t.Error(waited)
	}
	if err := site.verifier(t, keys, jot.WithWait(0)).Check(ctx, site.token(key)); jot.CodeOf(err) != jot.CodeFetchTimeout {
		t.Error(err)
	}
	// It comes all the same.
	must(verifier.Verify(ctx, site.token(key)))
}

func TestIssuerThatIsDownIs503(t *testing.T) {
	site := newSite(t)
	key := signingKey(jot.ES256, "k")
	site.publish(key)
	site.set(0, true)
	keys := must(jot.KeysAt(site.URL+"/jwks", jot.AllowLoopback()))
	defer keys.Close()
	verifier := site.verifier(t, keys)
	err := verifier.Check(ctx, site.token(key))
	if jot.CodeOf(err).HTTPStatus() != 503 || keys.Reason() == "" {
		t.Errorf("%v %q", err, keys.Reason())
	}
	if health := must(keys.Health()); health.Failures == 0 || health.Keys != 0 {
		t.Errorf("%+v", health)
	}
}

func TestTheIssuerOfATokenIsAskedForItsKeys(t *testing.T) {
	first, second := newSite(t), newSite(t)
	one, two, fresh := signingKey(jot.ES256, "1"), signingKey(jot.ES256, "2"), signingKey(jot.ES256, "3")
	first.publish(one)
	second.publish(two)
	follow := func(s *site) *jot.RemoteKeys {
		return must(jot.KeysAt(s.URL+"/jwks", jot.AllowLoopback(), jot.CoolDown(0)))
	}
	verifier := must(jot.NewVerifier(
		jot.WithAlgorithms(jot.ES256), jot.WithAudience("api"), jot.WithIssuer(issuer, keysOf(one)),
		jot.WithIssuer(first.URL, follow(first)), jot.WithIssuer(second.URL, follow(second)),
	))
	must(verifier.Verify(ctx, first.token(one)))
	must(verifier.Verify(ctx, second.token(two)))
	second.publish(two, fresh)
	// What only the verifier keeps is followed all the same.
	runtime.GC()
	runtime.GC()
	must(verifier.Verify(ctx, second.token(fresh)))
	if first.asked.Load() != 1 {
		t.Errorf("the other issuer was asked %d times", first.asked.Load())
	}
	if err := verifier.Check(ctx, first.token(fresh)); !errors.Is(err, jot.CodeKidUnknown) {
		t.Error(err)
	}
	// Looking for the issuer loses nothing of what the rejection says.
	expired := must(two.Sign(map[string]any{"iss": second.URL, "aud": "api", "exp": 1}))
	var rejection *jot.Rejection
	if err := verifier.Check(ctx, expired); !errors.As(err, &rejection) || rejection.Claim != "exp" {
		t.Errorf("%v, the claim %q", err, rejection.Claim)
	}
}

func TestRevocationsAreFollowed(t *testing.T) {
	site := newSite(t)
	key := signingKey(jot.ES256, "k")
	site.publish(key)
	at := time.Now().Unix()
	list := must(key.Sign(map[string]any{
		"iss": site.URL, "iat": at, "exp": at + 600, "ttl": 1,
		"revocations": []map[string]any{{"jti": "7", "until": at + 600}},
	}, jot.Typ("revocations+jwt")))
	site.lock.Lock()
	site.pages["/revocations"] = list
	site.lock.Unlock()
	keys := must(jot.KeysAt(site.URL+"/jwks", jot.AllowLoopback()))
	verifier := site.verifier(t, keys)
	must(verifier.Verify(ctx, site.token(key)))
	revoked := must(jot.RevocationsAt(
		site.URL+"/revocations", site.URL, keys, []jot.Algorithm{jot.ES256}, jot.AllowLoopback(),
		jot.PollEvery(time.Second, time.Second),
	))
	if err := verifier.FollowRevocations(revoked); err != nil {
		t.Fatal(err)
	}
	soon, end := context.WithTimeout(ctx, 10*time.Second)
	defer end()
	if err := revoked.Wait(soon); err != nil {
		t.Fatal(err, revoked.Reason())
	}
	must(verifier.Verify(ctx, site.token(key)))
	taken := must(key.Sign(map[string]any{"iss": site.URL, "aud": "api", "exp": at + 600, "jti": "7"}))
	if err := verifier.Check(ctx, taken); !errors.Is(err, jot.CodeJtiRevoked) {
		t.Error(err)
	}
}

func TestStatusListsAreFollowed(t *testing.T) {
	site := newSite(t)
	key := signingKey(jot.ES256, "k")
	site.publish(key)
	at, uri := time.Now().Unix(), site.URL+"/status/1"
	// One bit for each token: the one with the index 9 is revoked.
	var packed bytes.Buffer
	writer := zlib.NewWriter(&packed)
	must(writer.Write([]byte{0, 2}))
	writer.Close()
	site.lock.Lock()
	for _, path := range []string{"/status/1", "/other/1"} {
		site.pages[path] = must(key.Sign(map[string]any{
			"sub": site.URL + path, "iat": at, "exp": at + 600,
			"status_list": map[string]any{"bits": 1, "lst": base64.RawURLEncoding.EncodeToString(packed.Bytes())},
		}, jot.Typ("statuslist+jwt")))
	}
	site.lock.Unlock()
	token := func(uri string, index int) string {
		return must(key.Sign(map[string]any{
			"iss": site.URL, "aud": "api", "exp": at + 600,
			"status": map[string]any{"status_list": map[string]any{"idx": index, "uri": uri}},
		}))
	}
	keys := must(jot.KeysAt(site.URL+"/jwks", jot.AllowLoopback()))
	verifier := site.verifier(t, keys, jot.WithStatus())
	if err := verifier.Check(ctx, token(uri, 8)); !errors.Is(err, jot.CodeStatusListUnknown) {
		t.Error(err)
	}
	lists := must(jot.StatusListsAt(
		jot.StatusPlaces{URIs: []string{site.URL + "/status/"}}, keys, []jot.Algorithm{jot.ES256}, jot.AllowLoopback(),
	))
	if err := verifier.FollowStatusLists(lists); err != nil {
		t.Fatal(err)
	}
	// The first token that names the list has it followed, and waits for it.
	if err := verifier.Check(ctx, token(uri, 8)); err != nil {
		t.Error(err)
	}
	if err := verifier.Check(ctx, token(uri, 9)); !errors.Is(err, jot.CodeStatusRevoked) {
		t.Error(err)
	}
	if found := must(lists.URIs()); len(found) != 1 || found[0] != uri || lists.Refused() != 0 || must(lists.Reason(uri)) != "" {
		t.Error(found)
	}
	soon, end := context.WithTimeout(ctx, 10*time.Second)
	defer end()
	if err := errors.Join(lists.RefreshNow(), lists.Wait(soon)); err != nil {
		t.Error(err)
	}
	// A list of the others is waited for, too, although these are all there.
	others := must(jot.StatusListsAt(
		jot.StatusPlaces{URIs: []string{site.URL + "/other/"}}, keys, []jot.Algorithm{jot.ES256}, jot.AllowLoopback(),
	))
	if err := verifier.FollowStatusLists(others); err != nil {
		t.Fatal(err)
	}
	if err := verifier.Check(ctx, token(site.URL+"/other/1", 8)); err != nil {
		t.Error(err)
	}
	// One that cannot be fetched is 503, and its reason is told.
	lost := site.URL + "/status/2"
	impatient := site.verifier(t, keys, jot.WithStatus(), jot.WithWait(200*time.Millisecond))
	if err := impatient.FollowStatusLists(lists); err != nil {
		t.Fatal(err)
	}
	if code := jot.CodeOf(impatient.Check(ctx, token(lost, 1))); code.HTTPStatus() != 503 {
		t.Error(code)
	}
	if reason := must(lists.Reason(lost)); reason == "" {
		t.Error("no reason")
	}
	if _, err := lists.Reason(site.URL + "/status/3"); !errors.Is(err, jot.CodeStatusListUnknown) {
		t.Error(err)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if code := jot.CodeOf(impatient.Check(ended, token(site.URL+"/status/4", 1))); code.HTTPStatus() != 503 {
		t.Error(code)
	}
	for _, places := range []jot.StatusPlaces{
		{URIs: []string{"http://issuer.example/"}}, {URIs: []string{uri}, Most: -1},
		{URIs: []string{uri}, ForgetAfter: time.Millisecond},
	} {
		if lists, err := jot.StatusListsAt(places, keys, []jot.Algorithm{jot.ES256}, jot.AllowLoopback()); err == nil || lists != nil {
			t.Errorf("%+v", places)
		}
	}
}

func TestRemoteSettingsAreChecked(t *testing.T) {
	for _, made := range []func() (*jot.RemoteKeys, error){
		func() (*jot.RemoteKeys, error) { return jot.KeysAt("http://issuer.example/jwks") },
		func() (*jot.RemoteKeys, error) { return jot.Discover("") },
		func() (*jot.RemoteKeys, error) { return jot.KeysAt("https://a.example", jot.FetchTimeout(-1)) },
		func() (*jot.RemoteKeys, error) {
			return jot.KeysAt("https://a.example", jot.CoolDown(time.Millisecond))
		},
	} {
		if keys, err := made(); err == nil || keys != nil {
			t.Error("that is no setting")
		}
	}
	if _, err := jot.NewFetcher(jot.FetcherOptions{Authorities: []byte("no PEM")}); err == nil {
		t.Error("no certificates")
	}
	own := must(jot.NewFetcher(jot.FetcherOptions{WithoutProxy: true, Threads: 2}))
	keys := must(jot.KeysAt("https://127.0.0.1:1/jwks", jot.ByFetcher(own)))
	keys.Close()
	own.Close()
	if _, err := jot.KeysAt("https://127.0.0.1:1/jwks", jot.ByFetcher(own)); !errors.Is(err, jot.ErrClosed) {
		t.Error(err)
	}
}
