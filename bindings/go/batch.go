package jot

// #include "bridge.h"
import "C"

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"
	"unsafe"
)

// Batch has the threads and the memory for verifying many tokens at once. Make one and use it
// again, one call at a time: a second one at the same time is [CodeHandleBusy].
type Batch struct {
	*handle[*C.jot_batch]
}

// NewBatch makes a batch that works on this many threads: 1 is only the calling one, and 0 one
// for each processor.
func NewBatch(threads int) (*Batch, error) {
	if threads < 0 {
		return nil, &Error{Code: CodeBatchInvalid, Name: "threads", Offset: -1}
	}
	var batch *C.jot_batch
	var fault failure
	if err := fault.of(C.jot_batch_new(C.size_t(threads), &batch, fault.out())); err != nil {
		return nil, err
	}
	made := &Batch{newHandle(batch, func(b *C.jot_batch) { C.jot_batch_free(b) })}
	runtime.SetFinalizer(made, (*Batch).Close)
	return made, nil
}

// Close ends the threads, once the call in flight has ended.
func (b *Batch) Close() {
	if b != nil {
		b.close()
	}
}

func (b *Batch) acquire() (*C.jot_batch, error) {
	if b == nil {
		return nil, ErrClosed
	}
	return b.handle.acquire()
}

// Column is many tokens in one text: token i is Data[Offsets[i]:Offsets[i+1]]. It is the layout
// of a large string column of Arrow.
type Column struct {
	Data    []byte
	Offsets []int64
}

// ColumnOf copies tokens into a column.
func ColumnOf(tokens []string) Column {
	length := 0
	for _, token := range tokens {
		length += len(token)
	}
	made := Column{Data: make([]byte, 0, length), Offsets: make([]int64, 1, len(tokens)+1)}
	for _, token := range tokens {
		made.Data = append(made.Data, token...)
		made.Offsets = append(made.Offsets, int64(len(made.Data)))
	}
	return made
}

// Verdicts are the outcomes of a batch, row by row.
type Verdicts struct {
	// Codes are [CodeAccepted], or why the token was rejected; [CodeBatchCancelled] for rows that
	// were not reached.
	Codes []Code
	// ExpiresAt is the whole seconds of exp; 0 if unknown.
	ExpiresAt []int64
	// Accepted is the number of rows that were accepted, and Distinct that of different tokens.
	Accepted, Distinct int

	flags []uint8
	keys  []uint32
}

// SignatureOK tells whether the signature of a row held.
func (v *Verdicts) SignatureOK(row int) bool { return v.flags[row]&C.JOT_SIGNATURE_OK != 0 }

// FromCache tells whether the verifier remembered the token of a row.
func (v *Verdicts) FromCache(row int) bool { return v.flags[row]&C.JOT_FROM_CACHE != 0 }

// Repeated tells whether an earlier row has the same token.
func (v *Verdicts) Repeated(row int) bool { return v.flags[row]&C.JOT_REPEATED != 0 }

// KeyIndex returns the index of the key that verified a row, in its set; -1 for none.
func (v *Verdicts) KeyIndex(row int) int {
	if v.keys[row] == C.JOT_NONE {
		return -1
	}
	return int(v.keys[row])
}

// Verify verifies tokens; see [Batch.VerifyColumn].
func (b *Batch) Verify(ctx context.Context, verifier *Verifier, tokens []string) (*Verdicts, error) {
	return b.VerifyColumn(ctx, verifier, ColumnOf(tokens), verifier.now())
}

// VerifyColumn verifies the tokens of a column, without copying them, at one instant. If the
// context ends, the rows that were not reached are [CodeBatchCancelled], and the error is that of
// the context. A key that would have to be fetched first is not waited for.
func (b *Batch) VerifyColumn(ctx context.Context, verifier *Verifier, tokens Column, now time.Time) (*Verdicts, error) {
	object, err := verifier.acquire()
	if err != nil {
		return nil, err
	}
	defer verifier.release()
	batch, err := b.acquire()
	if err != nil {
		return nil, err
	}
	defer b.release()
	rows := max(len(tokens.Offsets)-1, 0)
	if rows == 0 {
		return &Verdicts{}, ctx.Err()
	}
	watch := (*C.jot_watch)(C.calloc(1, C.sizeof_jot_watch))
	defer C.free(unsafe.Pointer(watch))
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		atomic.StoreUint32((*uint32)(unsafe.Pointer(&watch.cancel)), 1)
		close(ended)
	})
	// The memory that it writes to is freed after it has written.
	defer func() {
		if !stop() {
			<-ended
		}
	}()
	made := &Verdicts{
		Codes:     make([]Code, rows),
		flags:     make([]uint8, rows),
		ExpiresAt: make([]int64, rows),
		keys:      make([]uint32, rows),
	}
	data := view(tokens.Data)
	var fault failure
	var accepted, distinct C.size_t
	code := C.jot_go_batch(
		batch, object, data.ptr, data.len, (*C.int64_t)(unsafe.Pointer(&tokens.Offsets[0])), C.size_t(rows),
		C.int64_t(now.Unix()), watch,
		(*C.uint32_t)(unsafe.Pointer(&made.Codes[0])), (*C.uint8_t)(unsafe.Pointer(&made.flags[0])), nil,
		(*C.uint32_t)(unsafe.Pointer(&made.keys[0])), (*C.int64_t)(unsafe.Pointer(&made.ExpiresAt[0])),
		&accepted, &distinct, fault.out(),
	)
	if err := fault.of(code); err != nil {
		return nil, err
	}
	made.Accepted, made.Distinct = int(accepted), int(distinct)
	for _, code := range made.Codes {
		if code == CodeBatchCancelled {
			return made, context.Cause(ctx)
		}
	}
	return made, nil
}
