package jwt

import "encoding/json"

// Claims are the registered claims of any type that holds a Claims Set.
type Claims interface {
	GetExpirationTime() (*NumericDate, error)
	GetIssuedAt() (*NumericDate, error)
	GetNotBefore() (*NumericDate, error)
	GetIssuer() (string, error)
	GetSubject() (string, error)
	GetAudience() (ClaimStrings, error)
}

// ClaimsValidator are claims with a rule of the program's, which is asked once the engine accepted the
// token.
type ClaimsValidator interface {
	Claims
	Validate() error
}

// RegisteredClaims are the registered claims of RFC 7519 §4.1, to use or to embed.
type RegisteredClaims struct {
	Issuer    string       `json:"iss,omitempty"`
	Subject   string       `json:"sub,omitempty"`
	Audience  ClaimStrings `json:"aud,omitempty"`
	ExpiresAt *NumericDate `json:"exp,omitempty"`
	NotBefore *NumericDate `json:"nbf,omitempty"`
	IssuedAt  *NumericDate `json:"iat,omitempty"`
	ID        string       `json:"jti,omitempty"`
}

// GetExpirationTime returns exp.
func (c RegisteredClaims) GetExpirationTime() (*NumericDate, error) { return c.ExpiresAt, nil }

// GetNotBefore returns nbf.
func (c RegisteredClaims) GetNotBefore() (*NumericDate, error) { return c.NotBefore, nil }

// GetIssuedAt returns iat.
func (c RegisteredClaims) GetIssuedAt() (*NumericDate, error) { return c.IssuedAt, nil }

// GetAudience returns aud.
func (c RegisteredClaims) GetAudience() (ClaimStrings, error) { return c.Audience, nil }

// GetIssuer returns iss.
func (c RegisteredClaims) GetIssuer() (string, error) { return c.Issuer, nil }

// GetSubject returns sub.
func (c RegisteredClaims) GetSubject() (string, error) { return c.Subject, nil }

// MapClaims are claims as encoding/json reads them without a type.
type MapClaims map[string]any

// GetExpirationTime returns exp.
func (m MapClaims) GetExpirationTime() (*NumericDate, error) { return m.date("exp") }

// GetNotBefore returns nbf.
func (m MapClaims) GetNotBefore() (*NumericDate, error) { return m.date("nbf") }

// GetIssuedAt returns iat.
func (m MapClaims) GetIssuedAt() (*NumericDate, error) { return m.date("iat") }

// GetIssuer returns iss.
func (m MapClaims) GetIssuer() (string, error) { return m.text("iss") }

// GetSubject returns sub.
func (m MapClaims) GetSubject() (string, error) { return m.text("sub") }

// GetAudience returns aud, which is a string or an array of them.
func (m MapClaims) GetAudience() (ClaimStrings, error) {
	switch found := m["aud"].(type) {
	case nil:
		return nil, nil
	case string:
		return ClaimStrings{found}, nil
	case []string:
		return found, nil
	case ClaimStrings:
		return found, nil
	case []any:
		return textsOf(found)
	}
	return nil, invalidType("aud")
}

func textsOf(list []any) (ClaimStrings, error) {
	var texts ClaimStrings
	for _, one := range list {
		text, ok := one.(string)
		if !ok {
			return nil, invalidType("aud")
		}
		texts = append(texts, text)
	}
	return texts, nil
}

// date takes what a program may have put there, and what encoding/json puts.
func (m MapClaims) date(name string) (*NumericDate, error) {
	found, ok := m[name]
	if !ok {
		return nil, nil
	}
	switch found := found.(type) {
	case float64:
		return dateOfSeconds(found), nil
	case json.Number:
		seconds, err := found.Float64()
		if err != nil {
			return nil, invalidType(name)
		}
		return dateOfSeconds(seconds), nil
	case int64:
		return dateOfSeconds(float64(found)), nil
	case int:
		return dateOfSeconds(float64(found)), nil
	case *NumericDate:
		return found, nil
	}
	return nil, invalidType(name)
}

func (m MapClaims) text(name string) (string, error) {
	found, ok := m[name]
	if !ok {
		return "", nil
	}
	text, ok := found.(string)
	if !ok {
		return "", invalidType(name)
	}
	return text, nil
}
