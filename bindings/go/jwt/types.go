package jwt

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"
)

// TimePrecision is how finely dates are kept and written; whole seconds unless set.
var TimePrecision = time.Second

// MarshalSingleStringAsArray says whether [ClaimStrings] with one string are written as an array, which
// they are unless set, or as that string.
var MarshalSingleStringAsArray = true

// NumericDate is seconds since 1970 (RFC 7519 §2).
type NumericDate struct {
	time.Time
}

// NewNumericDate makes a date, cut to [TimePrecision].
func NewNumericDate(t time.Time) *NumericDate { return &NumericDate{t.Truncate(TimePrecision)} }

func dateOfSeconds(seconds float64) *NumericDate {
	whole, fraction := math.Modf(seconds)
	return NewNumericDate(time.Unix(int64(whole), int64(fraction*1e9)))
}

// MarshalJSON writes the date as a number, with as many digits as [TimePrecision] has.
func (d NumericDate) MarshalJSON() ([]byte, error) {
	digits := 0
	if TimePrecision < time.Second {
		digits = int(math.Log10(float64(time.Second) / float64(TimePrecision)))
	}
	cut := d.Truncate(TimePrecision)
	text := strconv.AppendInt(nil, cut.Unix(), 10)
	if digits == 0 {
		return text, nil
	}
	// A float64 of the whole date would not have all digits.
	fraction := strconv.FormatFloat(float64(cut.Nanosecond())/float64(time.Second), 'f', digits, 64)
	return append(text, fraction[1:]...), nil
}

// UnmarshalJSON reads a number, with or without a fraction.
func (d *NumericDate) UnmarshalJSON(text []byte) error {
	var number json.Number
	if err := json.Unmarshal(text, &number); err != nil {
		return fmt.Errorf("could not parse NumericDate: %w", err)
	}
	seconds, err := number.Float64()
	if err != nil {
		return fmt.Errorf("could not convert json number value to float: %w", err)
	}
	*d = *dateOfSeconds(seconds)
	return nil
}

// ClaimStrings are strings that may be written as one, as aud may.
type ClaimStrings []string

// UnmarshalJSON reads a string, an array of strings, or null.
func (s *ClaimStrings) UnmarshalJSON(text []byte) error {
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return err
	}
	switch value := value.(type) {
	case nil:
		return nil
	case string:
		*s = ClaimStrings{value}
		return nil
	case []any:
		texts := ClaimStrings(nil)
		for _, one := range value {
			text, ok := one.(string)
			if !ok {
				return ErrInvalidType
			}
			texts = append(texts, text)
		}
		*s = texts
		return nil
	}
	return ErrInvalidType
}

// MarshalJSON writes an array, or what [MarshalSingleStringAsArray] says.
func (s ClaimStrings) MarshalJSON() ([]byte, error) {
	if len(s) == 1 && !MarshalSingleStringAsArray {
		return json.Marshal(s[0])
	}
	return json.Marshal([]string(s))
}
