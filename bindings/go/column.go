package jot

// #include "bridge.h"
import "C"

import "unsafe"

// Column is many tokens in one text: token i is Data[Offsets[i]:Offsets[i+1]]. It is the layout
// of a large string column of Arrow.
type Column struct {
	Data    []byte
	Offsets []int64
	// Validity has a bit for each row, the lowest bit of a byte first, that is set if there is a
	// token; nil if no row is without one. A row without a token is [CodeTokenNull].
	Validity []byte
}

// ColumnOf copies tokens into a column.
func ColumnOf(tokens []string) Column { return columnOf(tokens) }

func columnOf[T string | []byte](texts []T) Column {
	length := 0
	for _, text := range texts {
		length += len(text)
	}
	made := Column{Data: make([]byte, 0, length), Offsets: make([]int64, 1, len(texts)+1)}
	for _, text := range texts {
		made.Data = append(made.Data, text...)
		made.Offsets = append(made.Offsets, int64(len(made.Data)))
	}
	return made
}

func (c Column) rows() int { return max(len(c.Offsets)-1, 0) }

// part has some rows, the first of which begins a byte of the validity.
func (c Column) part(from, to int) Column {
	made := Column{Data: c.Data, Offsets: c.Offsets[from : to+1]}
	if c.Validity != nil {
		made.Validity = c.Validity[from/8:]
	}
	return made
}

// lent is the column for one call; it has at least one row.
func (c Column) lent() C.jot_go_column {
	lent := C.jot_go_column{
		data:    view(c.Data),
		offsets: (*C.int64_t)(unsafe.Pointer(&c.Offsets[0])),
		rows:    C.size_t(c.rows()),
	}
	if c.Validity != nil {
		lent.validity = view(c.Validity)
	}
	return lent
}

// first returns a pointer to the first element, for columns of at least one row.
func first[To, From any](column []From) *To { return (*To)(unsafe.Pointer(&column[0])) }
