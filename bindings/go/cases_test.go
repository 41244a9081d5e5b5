package jot_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	jot "github.com/libjot/libjot/bindings/go"
)

// world is a case in the making: what tests/c/cases.c keeps, too.
type world struct {
	options  []jot.Option
	algs     []jot.Algorithm
	reading  []jot.KeyOption
	keys     *jot.KeySet
	lists    []*jot.StatusList
	now      time.Time
	token    string
	detached []byte
	issuer   string
	fault    error
}

func (w *world) settle(err error) {
	if w.fault == nil {
		w.fault = err
	}
}

func (w *world) read(keys *jot.KeySet, err error) {
	w.settle(err)
	w.keys = keys
}

// outcome is what a token comes to.
type outcome struct {
	code   jot.Code
	signed bool
	claim  string
}

func outcomeOf(err error) outcome {
	var rejection *jot.Rejection
	if errors.As(err, &rejection) {
		return outcome{rejection.Code, rejection.SignatureOK, rejection.Claim}
	}
	return outcome{code: jot.CodeOf(err), signed: err == nil}
}

// judge gives the answer of every way to verify, which must be the same.
func (w *world) judge(t *testing.T, jws bool) outcome {
	t.Helper()
	if w.fault != nil {
		return outcomeOf(w.fault)
	}
	// The rules are given in any order; the algorithms may come last.
	verifier, err := jot.NewVerifier(append(w.options, jot.WithAlgorithms(w.algs...))...)
	if err != nil {
		return outcomeOf(err)
	}
	defer verifier.Close()
	for _, list := range w.lists {
		if err := verifier.PutStatusList(list); err != nil {
			t.Fatal(err)
		}
	}
	if jws {
		_, err := verifier.VerifyJWS(w.token, "", w.detached)
		return outcomeOf(err)
	}
	ctx := context.Background()
	token, err := verifier.Verify(ctx, w.token, jot.At(w.now))
	found := outcomeOf(err)
	if (token == nil) == (err == nil) {
		t.Errorf("a token and an error: %v", err)
	}
	if again := outcomeOf(verifier.Check(ctx, w.token, jot.At(w.now))); again != found {
		t.Errorf("Check: %v, and Verify: %v", again, found)
	}
	read := verifier.Read(ctx, w.token, func(claims *jot.View) error {
		if claims.Payload() != token.Payload() {
			t.Error("another payload")
		}
		return nil
	}, jot.At(w.now))
	if again := outcomeOf(read); again != found {
		t.Errorf("Read: %v, and Verify: %v", again, found)
	}
	batch, err := jot.NewBatch(1)
	if err != nil {
		t.Fatal(err)
	}
	defer batch.Close()
	verdicts, err := batch.VerifyColumn(ctx, verifier, jot.ColumnOf([]string{w.token}), w.now)
	if err != nil {
		t.Fatal(err)
	}
	if verdicts.Codes[0] != found.code || verdicts.SignatureOK(0) != found.signed {
		t.Errorf("the batch: %v %v, and Verify: %v", verdicts.Codes[0], verdicts.SignatureOK(0), found)
	}
	return found
}

// tableCase is a row of tests/cases/tokens.json.
type tableCase struct {
	ID          string                     `json:"id"`
	Token       *string                    `json:"token"`
	TokenB64    *string                    `json:"token_b64"`
	TokenParts  []json.RawMessage          `json:"token_parts"`
	Keys        json.RawMessage            `json:"keys"`
	JWK         json.RawMessage            `json:"jwk"`
	PEM         *string                    `json:"pem"`
	SecretB64   *string                    `json:"secret_b64"`
	IssuerKeys  map[string]json.RawMessage `json:"issuer_keys"`
	Policy      map[string]json.RawMessage `json:"policy"`
	StatusLists []json.RawMessage          `json:"status_lists"`
	Now         int64                      `json:"now"`
	Code        string                     `json:"code"`
	SignatureOK bool                       `json:"signature_ok"`
	Claim       string                     `json:"claim"`
}

func decode[T any](t *testing.T, text json.RawMessage) T {
	t.Helper()
	var value T
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return value
}

func (c *tableCase) token(t *testing.T) string {
	switch {
	case c.Token != nil:
		return *c.Token
	case c.TokenB64 != nil:
		bytes, err := base64.RawURLEncoding.DecodeString(*c.TokenB64)
		if err != nil {
			t.Fatal(err)
		}
		return string(bytes)
	}
	var made strings.Builder
	for _, part := range c.TokenParts {
		if part[0] == '"' {
			made.WriteString(decode[string](t, part))
			continue
		}
		repeated := decode[struct {
			Repeat string
			Times  int
		}](t, part)
		made.WriteString(strings.Repeat(repeated.Repeat, repeated.Times))
	}
	return made.String()
}

func (c *tableCase) world(t *testing.T) *world {
	made := &world{token: c.token(t), now: time.Unix(c.Now, 0)}
	for name, value := range c.Policy {
		made.rule(t, name, value)
	}
	for _, list := range c.StatusLists {
		made.lists = append(made.lists, statusList(t, list))
	}
	if c.IssuerKeys != nil {
		for issuer, set := range c.IssuerKeys {
			made.read(jot.KeysFromJWKS(set, made.reading...))
			made.options = append(made.options, jot.WithIssuer(issuer, made.keys))
		}
		return made
	}
	switch {
	case c.Keys != nil:
		made.read(jot.KeysFromJWKS(c.Keys, made.reading...))
	case c.JWK != nil:
		made.read(jot.KeyFromJWK(c.JWK, made.reading...))
	case c.PEM != nil:
		made.read(jot.KeyFromPEM([]byte(*c.PEM), made.reading...))
	default:
		secret, err := base64.RawURLEncoding.DecodeString(*c.SecretB64)
		if err != nil {
			t.Fatal(err)
		}
		made.read(jot.KeyFromSecret(secret, made.reading...))
	}
	issuers, named := c.Policy["issuers"]
	if !named {
		made.options = append(made.options, jot.WithKeys(made.keys))
		return made
	}
	for _, issuer := range decode[[]string](t, issuers) {
		made.options = append(made.options, jot.WithIssuer(issuer, made.keys))
	}
	return made
}

func statusList(t *testing.T, text []byte) *jot.StatusList {
	absent := decode[struct {
		Absent string
		Sub    string
	}](t, text)
	var list *jot.StatusList
	var err error
	switch absent.Absent {
	case "":
		list, err = jot.ParseStatusList(text, 1<<10)
	case "status_list_not_yet":
		list, err = jot.StatusListNotYet(absent.Sub)
	case "status_list_stale":
		list, err = jot.StatusListStale(absent.Sub)
	default:
		t.Fatalf("%s: what is that?", absent.Absent)
	}
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func (w *world) rule(t *testing.T, name string, value json.RawMessage) {
	add := func(option jot.Option) { w.options = append(w.options, option) }
	texts := func() []string { return decode[[]string](t, value) }
	text := func() string { return decode[string](t, value) }
	seconds := func() time.Duration { return time.Duration(decode[int64](t, value)) * time.Second }
	switch name {
	case "algorithms":
		for _, name := range texts() {
			alg, err := jot.ParseAlgorithm(name)
			if err != nil {
				t.Fatal(err)
			}
			w.algs = append(w.algs, alg)
		}
	case "issuers":
	case "allow_weak_keys":
		w.reading = append(w.reading, jot.AllowWeakKeys())
	case "key_alg":
		alg, err := jot.ParseAlgorithm(text())
		if err != nil {
			t.Fatal(err)
		}
		w.reading = append(w.reading, jot.ForAlgorithm(alg))
	case "access_token":
		add(jot.AsAccessToken(text()))
	case "id_token":
		add(jot.AsIDToken(text()))
	case "audiences":
		add(jot.WithAudience(texts()...))
	case "typs":
		add(jot.WithType(texts()...))
	case "required":
		add(jot.WithRequired(texts()...))
	case "scopes":
		add(jot.WithScopes(texts()...))
	case "understand_critical":
		add(jot.WithCritical(texts()...))
	case "claims":
		for _, text := range texts() {
			add(jot.WithConditions(jot.MustCondition(text)))
		}
	case "subject":
		add(jot.WithSubject(text()))
	case "nonce":
		add(jot.WithNonce(text()))
	case "authorized_party":
		add(jot.WithAuthorizedParty(text()))
	case "leeway":
		add(jot.WithLeeway(seconds()))
	case "max_age":
		add(jot.WithMaxAge(seconds()))
	case "token_bytes":
		add(jot.WithLimits(decode[int](t, value), 0))
	case "header_bytes":
		add(jot.WithLimits(0, decode[int](t, value)))
	default:
		flags := map[string]func() jot.Option{
			"any_audience": jot.WithAnyAudience, "allow_missing_exp": jot.AllowMissingExp,
			"allow_future_iat": jot.AllowFutureIat, "issuer_required": jot.RequireIssuer,
			"check_status": jot.WithStatus, "require_status": jot.WithRequiredStatus,
		}
		option, known := flags[name]
		if !known || string(value) != "true" {
			t.Fatalf("the policy has an unknown setting: %s", name)
		}
		add(option())
	}
}

// The shared table: every language runs it.
func TestSharedCases(t *testing.T) {
	text, err := os.ReadFile("../../tests/cases/tokens.json")
	if err != nil {
		t.Fatal(err)
	}
	cases := decode[[]tableCase](t, text)
	if len(cases) < 1500 {
		t.Fatalf("only %d cases", len(cases))
	}
	for _, c := range cases {
		wanted := jot.CodeAccepted
		for _, code := range jot.Codes() {
			if code.String() == c.Code {
				wanted = code
			}
		}
		if wanted.String() != c.Code {
			t.Fatalf("%s: no such code: %s", c.ID, c.Code)
		}
		found := c.world(t).judge(t, false)
		if found != (outcome{wanted, c.SignatureOK, c.Claim}) {
			t.Errorf("%s: %v, and wanted is %s %v %q", c.ID, found, c.Code, c.SignatureOK, c.Claim)
		}
	}
}

// The table, the examples of the RFCs and the vectors of Wycheproof, as tests/c_cases.rs writes
// them for C. JOT_C_CASES names the file.
func TestCasesOfC(t *testing.T) {
	path := os.Getenv("JOT_C_CASES")
	if path == "" {
		t.Skip("JOT_C_CASES names no file: scripts/go.sh makes it")
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewReaderSize(file, 1<<20)
	made, id, cases, announced := &world{}, "", 0, -1
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			break
		}
		word, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		arguments := strings.Fields(rest)
		switch word {
		case "case":
			made, id, cases = &world{}, string(unhex(t, arguments[0])), cases+1
		case "end":
			announced, _ = strconv.Atoi(arguments[0])
		case "verify", "jws":
			number, _ := strconv.Atoi(arguments[0])
			wanted := outcome{jot.Code(number), arguments[1] == "1", string(unhex(t, arguments[2]))}
			found := made.judge(t, word == "jws")
			// Where no claim is named, none is expected, and none is forbidden.
			if wanted.claim == "" {
				found.claim = ""
			}
			if found != wanted {
				t.Errorf("%s: %v, and wanted is %v", id, found, wanted)
			}
		default:
			made.obey(t, word, arguments)
		}
	}
	if cases != announced || cases < 2000 {
		t.Errorf("%d cases, and %d were announced", cases, announced)
	}
}

func unhex(t *testing.T, word string) []byte {
	bytes, err := hex.DecodeString(strings.TrimPrefix(word, "="))
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

func (w *world) obey(t *testing.T, word string, arguments []string) {
	var text []byte
	if len(arguments) != 0 && strings.HasPrefix(arguments[0], "=") {
		text = unhex(t, arguments[0])
	}
	quoted := func() json.RawMessage {
		made, err := json.Marshal(string(text))
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	switch word {
	case "alg":
		w.rule(t, "algorithms", append(append([]byte{'['}, quoted()...), ']'))
	case "policy":
	case "weak":
		w.rule(t, "allow_weak_keys", nil)
	case "jwks":
		w.read(jot.KeysFromJWKS(text, w.reading...))
	case "jwk":
		w.read(jot.KeyFromJWK(text, w.reading...))
	case "pem":
		w.read(jot.KeyFromPEM(text, w.reading...))
	case "secret":
		w.read(jot.KeyFromSecret(text, w.reading...))
	case "anyone":
		w.options = append(w.options, jot.WithKeys(w.keys))
	case "issuer":
		w.options = append(w.options, jot.WithIssuer(string(text), w.keys))
	case "status_list", "status_list_not_yet", "status_list_stale":
		if word != "status_list" {
			text = []byte(`{"absent":"` + word + `","sub":` + string(quoted()) + `}`)
		}
		w.lists = append(w.lists, statusList(t, text))
	case "now":
		seconds, err := strconv.ParseInt(arguments[0], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		w.now = time.Unix(seconds, 0)
	case "token":
		w.token = string(text)
	case "detached":
		w.detached = text
		if text == nil {
			w.detached = []byte{}
		}
	case "access_token", "id_token", "subject", "nonce", "authorized_party", "key_alg":
		w.rule(t, word, quoted())
	case "leeway", "max_age", "token_bytes", "header_bytes":
		w.rule(t, word, json.RawMessage(arguments[0]))
	case "audiences", "typs", "required", "scopes", "understand_critical", "claims":
		w.rule(t, word, append(append([]byte{'['}, quoted()...), ']'))
	default:
		w.rule(t, word, json.RawMessage("true"))
	}
}
