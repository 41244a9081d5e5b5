package jwt

import (
	"encoding/json"
	"slices"
	"strconv"

	jot "github.com/libjot/libjot/bindings/go"
)

// agree tells whether a type of the program's has the registered claims of the text that was signed. It
// may have others: of members whose names differ in case, or because its methods say so.
func agree(claims Claims, text *jot.View) bool {
	return agreeDate(claims.GetExpirationTime, text, "exp") && agreeDate(claims.GetNotBefore, text, "nbf") &&
		agreeDate(claims.GetIssuedAt, text, "iat") && agreeText(claims.GetIssuer, text, "iss") &&
		agreeText(claims.GetSubject, text, "sub") && agreeAudience(claims, text)
}

func agreeDate(of func() (*NumericDate, error), text *jot.View, name string) bool {
	date, err := of()
	signed, found := text.Date(name)
	if err != nil || (date != nil) != found {
		return false
	}
	return !found || date.Unix() == signed.Unix()
}

func agreeText(of func() (string, error), text *jot.View, name string) bool {
	own, err := of()
	signed, _ := text.Text(name)
	return err == nil && own == signed
}

func agreeAudience(claims Claims, text *jot.View) bool {
	own, err := claims.GetAudience()
	if err != nil {
		return false
	}
	kind, signed, found := text.Lookup("aud")
	switch {
	case !found:
		return len(own) == 0
	case kind == jot.String:
		return len(own) == 1 && own[0] == signed
	}
	var list []string
	return json.Unmarshal([]byte(signed), &list) == nil && slices.Equal(list, own)
}

// registered writes the registered claims that a type of the program's has.
func registered(claims Claims) ([]byte, error) {
	members := map[string]any{}
	var errs []error
	dates := []struct {
		name string
		of   func() (*NumericDate, error)
	}{{"exp", claims.GetExpirationTime}, {"nbf", claims.GetNotBefore}, {"iat", claims.GetIssuedAt}}
	for _, date := range dates {
		found, err := date.of()
		if err != nil {
			errs = append(errs, err)
		} else if found != nil {
			members[date.name] = secondsOf(found)
		}
	}
	texts := []struct {
		name string
		of   func() (string, error)
	}{{"iss", claims.GetIssuer}, {"sub", claims.GetSubject}}
	for _, text := range texts {
		found, err := text.of()
		if err != nil {
			errs = append(errs, err)
		} else if found != "" {
			members[text.name] = found
		}
	}
	audience, err := claims.GetAudience()
	if err != nil {
		errs = append(errs, err)
	} else if len(audience) != 0 {
		members["aud"] = []string(audience)
	}
	if len(errs) != 0 {
		return nil, joinErrors(errs...)
	}
	return json.Marshal(members)
}

// secondsOf keeps the fraction, which counts.
func secondsOf(date *NumericDate) json.Number {
	whole := strconv.FormatInt(date.Unix(), 10)
	if date.Nanosecond() == 0 || date.Unix() < 0 {
		return json.Number(whole)
	}
	fraction := strconv.Itoa(1_000_000_000 + date.Nanosecond())
	return json.Number(whole + "." + fraction[1:])
}
