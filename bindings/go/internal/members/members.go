// Package members compares the names of JSON objects as encoding/json does, which takes a member Sub
// for a field sub.
package members

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Ambiguous tells whether an object has two names that are equal to encoding/json. The engine has
// read the text, so it is well formed, and exact repetitions are not in it.
func Ambiguous(text string) bool {
	var names []string
	var open []object
	for at := 0; at < len(text); at++ {
		switch text[at] {
		case '{', '[':
			open = append(open, object{first: len(names)})
		case '}', ']':
			if len(open) == 0 {
				return false
			}
			names = names[:open[len(open)-1].first]
			open = open[:len(open)-1]
		case '"':
			end := endOfString(text, at)
			if len(open) != 0 && isName(text, end) {
				name := unquoted(text[at:end])
				inner := &open[len(open)-1]
				if inner.has(names[inner.first:], name) {
					return true
				}
				names = append(names, name)
			}
			at = end - 1
		}
	}
	return false
}

// object is an object or an array whose end is still to come.
type object struct {
	// Where its names begin among those of all.
	first int
	// Its names as encoding/json compares them, once there are many.
	folded map[string]bool
}

// Up to so many names are compared one by one.
const fewNames = 16

func (o *object) has(names []string, name string) bool {
	if len(names) < fewNames {
		for _, other := range names {
			if strings.EqualFold(other, name) {
				return true
			}
		}
		return false
	}
	if o.folded == nil {
		o.folded = map[string]bool{}
		for _, other := range names {
			o.folded[folded(other)] = true
		}
	}
	key := folded(name)
	found := o.folded[key]
	o.folded[key] = true
	return found
}

// endOfString returns the offset behind the string that begins at its quotation mark.
func endOfString(text string, at int) int {
	for at++; at < len(text); at++ {
		switch text[at] {
		case '\\':
			at++
		case '"':
			return at + 1
		}
	}
	return len(text)
}

func isName(text string, at int) bool {
	for at < len(text) && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r') {
		at++
	}
	return at < len(text) && text[at] == ':'
}

func unquoted(text string) string {
	inner := text[1 : len(text)-1]
	if strings.IndexByte(inner, '\\') < 0 {
		return inner
	}
	var name string
	if json.Unmarshal([]byte(text), &name) != nil {
		return inner
	}
	return name
}

// folded is the name as encoding/json compares it.
func folded(name string) string {
	made := make([]byte, 0, len(name))
	for _, r := range name {
		made = utf8.AppendRune(made, smallest(r))
	}
	return string(made)
}

// smallest is the smallest of the runes that differ only in case.
func smallest(r rune) rune {
	for {
		next := unicode.SimpleFold(r)
		if next <= r {
			return next
		}
		r = next
	}
}
