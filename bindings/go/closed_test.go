package jot_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"reflect"
	"sort"
	"strings"
	"testing"

	jot "github.com/libjot/libjot/bindings/go"
)

// closers makes one of each type that has a Close.
func closers() map[string]any {
	key := signingKey(jot.ES256, "")
	keys := must(jot.KeysAt("https://127.0.0.1:1/jwks"))
	return map[string]any{
		"Batch":      must(jot.NewBatch(1)),
		"Condition":  must(jot.ParseCondition("sub present")),
		"Fetcher":    must(jot.NewFetcher(jot.FetcherOptions{})),
		"KeySet":     keysOf(key),
		"RemoteKeys": keys,
		"RemoteRevocations": must(jot.RevocationsAt(
			"https://127.0.0.1:1/list", "https://127.0.0.1:1", keys, []jot.Algorithm{jot.ES256},
		)),
		"RemoteStatusLists": must(jot.StatusListsAt(
			jot.StatusPlaces{URIs: []string{"https://127.0.0.1:1/status/"}}, keys, []jot.Algorithm{jot.ES256},
		)),
		"Revocations":        jot.NewRevocations(1),
		"SelfSignedVerifier": proofVerifier(),
		"SigningKey":         key,
		"StatusList":         must(jot.StatusListNotYet("https://127.0.0.1:1/status")),
		"Verifier":           verifierOf(jot.ES256, keysOf(key)),
	}
}

func TestEveryTypeWithACloseIsAmongThem(t *testing.T) {
	packages, err := parser.ParseDir(token.NewFileSet(), ".", func(info fs.FileInfo) bool {
		return !strings.HasSuffix(info.Name(), "_test.go")
	}, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found, known []string
	for _, file := range packages["jot"].Files {
		for _, declared := range file.Decls {
			method, ok := declared.(*ast.FuncDecl)
			if !ok || method.Recv == nil || method.Name.Name != "Close" {
				continue
			}
			found = append(found, method.Recv.List[0].Type.(*ast.StarExpr).X.(*ast.Ident).Name)
		}
	}
	for name := range closers() {
		known = append(known, name)
	}
	sort.Strings(found)
	sort.Strings(known)
	if !reflect.DeepEqual(found, known) {
		t.Errorf("%v have a Close, and the test knows %v", found, known)
	}
}

// Each method of what was never made, or was closed, says so, and none crashes.
func TestMethodsOfWhatIsClosedOrNilSaySo(t *testing.T) {
	for name, object := range closers() {
		kind := reflect.TypeOf(object)
		closed := reflect.ValueOf(object)
		closed.MethodByName("Close").Call(nil)
		for state, of := range map[string]reflect.Value{
			"nil": reflect.Zero(kind), "empty": reflect.New(kind.Elem()), "closed": closed,
		} {
			for at := range kind.NumMethod() {
				says(t, name+"."+kind.Method(at).Name+" of one that is "+state, of.Method(at))
			}
		}
	}
}

// says calls a method with zero values: what it returns must be zero values, and ErrClosed.
func says(t *testing.T, what string, method reflect.Value) {
	t.Helper()
	defer func() {
		if fault := recover(); fault != nil {
			t.Errorf("%s: %v", what, fault)
		}
	}()
	takes := method.Type()
	var arguments []reflect.Value
	for at := range takes.NumIn() {
		if takes.IsVariadic() && at == takes.NumIn()-1 {
			break
		}
		arguments = append(arguments, reflect.Zero(takes.In(at)))
	}
	for _, result := range method.Call(arguments) {
		if err, ok := result.Interface().(error); ok && !errors.Is(err, jot.ErrClosed) {
			t.Errorf("%s: %v", what, err)
		}
		if isError := result.Type().Implements(reflect.TypeFor[error]()); isError == result.IsZero() {
			t.Errorf("%s returns %v", what, result)
		}
	}
}

func TestWhatIsClosedOrNilIsNoArgument(t *testing.T) {
	key := signingKey(jot.ES256, "")
	verifier := verifierOf(jot.ES256, keysOf(key))
	batch := must(jot.NewBatch(1))
	var none []any
	for _, object := range closers() {
		reflect.ValueOf(object).MethodByName("Close").Call(nil)
		none = append(none, object, reflect.Zero(reflect.TypeOf(object)).Interface())
	}
	for _, object := range none {
		var errs []error
		switch object := object.(type) {
		case *jot.KeySet:
			_, err := jot.NewVerifier(jot.WithAlgorithms(jot.ES256), jot.WithKeys(object))
			errs = append(errs, err, verifier.ReplaceKeys(issuer, object))
		case *jot.RemoteKeys:
			_, err := jot.NewVerifier(jot.WithAlgorithms(jot.ES256), jot.WithKeys(object))
			_, other := jot.RevocationsAt("https://127.0.0.1:1/list", "", object, []jot.Algorithm{jot.ES256})
			_, third := jot.StatusListsAt(
				jot.StatusPlaces{URIs: []string{"https://127.0.0.1:1/status/"}}, object, []jot.Algorithm{jot.ES256},
			)
			errs = append(errs, err, other, third)
		case *jot.SigningKey:
			_, err := jot.PublicKeys(object)
			errs = append(errs, err)
		case *jot.Condition:
			_, err := jot.NewVerifier(
				jot.WithAlgorithms(jot.ES256), jot.WithKeys(keysOf(key)), jot.WithConditions(object),
			)
			errs = append(errs, err, verifier.Check(ctx, tokenOf(key), jot.NeedCondition(object)))
		case *jot.Fetcher:
			_, err := jot.KeysAt("https://127.0.0.1:1/jwks", jot.ByFetcher(object))
			errs = append(errs, err)
		case *jot.Revocations:
			errs = append(errs, verifier.SetRevocations(object))
		case *jot.RemoteRevocations:
			errs = append(errs, verifier.FollowRevocations(object))
		case *jot.RemoteStatusLists:
			errs = append(errs, verifier.FollowStatusLists(object))
		case *jot.StatusList:
			errs = append(errs, verifier.PutStatusList(object))
		case *jot.Verifier:
			_, err := batch.Verify(ctx, object, []string{"x"})
			_, other := batch.Audit(ctx, object, jot.ColumnOf([]string{"x"}), nil)
			errs = append(errs, err, other)
		case *jot.SelfSignedVerifier:
			_, err := batch.VerifySelfSigned(ctx, object, []string{"x"})
			_, other := batch.VerifySelfSignedWithKeys(ctx, object, []string{"x"}, nil)
			errs = append(errs, err, other)
		}
		for _, err := range errs {
			if !errors.Is(err, jot.ErrClosed) {
				t.Errorf("%T: %v", object, err)
			}
		}
	}
}

func TestNilIsNoTokenAndHasNoClaims(t *testing.T) {
	var none *jot.Token
	if none.Payload() != "" || none.Header() != "" {
		t.Error("texts of nothing")
	}
	if _, err := jot.Claims[map[string]any](none); !errors.Is(err, jot.ErrClosed) {
		t.Error(err)
	}
	var proof *jot.SelfSigned
	if proof.Payload() != "" || proof.SignedBy("") || new(jot.SelfSigned).SignedBy("") {
		t.Error("nothing was signed")
	}
	if _, err := jot.SelfSignedClaims[map[string]any](proof); !errors.Is(err, jot.ErrClosed) {
		t.Error(err)
	}
	view := reflect.ValueOf((*jot.View)(nil))
	for at := range view.NumMethod() {
		says(t, "View."+view.Type().Method(at).Name, view.Method(at))
	}
}
