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
	busy atomic.Bool
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
	made := &Batch{handle: newHandle(batch, func(b *C.jot_batch) { C.jot_batch_free(b) })}
	runtime.SetFinalizer(made, (*Batch).Close)
	return made, nil
}

// Close ends the threads, once the call in flight has ended.
func (b *Batch) Close() {
	if b != nil {
		b.close()
	}
}

// acquire returns the batch for the only call at a time: the texts that the library keeps for an
// audit are those of its last call.
func (b *Batch) acquire() (*C.jot_batch, error) {
	if b == nil {
		return nil, ErrClosed
	}
	batch, err := b.handle.acquire()
	if err != nil {
		return nil, err
	}
	if b.busy.Swap(true) {
		b.handle.release()
		return nil, &Error{Code: CodeHandleBusy, Name: "batch", Offset: -1}
	}
	return batch, nil
}

func (b *Batch) release() {
	b.busy.Store(false)
	b.handle.release()
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
func (v *Verdicts) KeyIndex(row int) int { return index(v.keys[row]) }

func index(number uint32) int {
	if number == C.JOT_NONE {
		return -1
	}
	return int(number)
}

// Verify verifies tokens; see [Batch.VerifyColumn].
func (b *Batch) Verify(ctx context.Context, verifier *Verifier, tokens []string) (*Verdicts, error) {
	return b.VerifyColumn(ctx, verifier, ColumnOf(tokens), verifier.now())
}

// VerifyColumn verifies the tokens of a column, without copying them, at one instant. If the
// context ends, the rows that were not reached are [CodeBatchCancelled], and the error is that of
// the context. A key that would have to be fetched first is not waited for.
func (b *Batch) VerifyColumn(ctx context.Context, verifier *Verifier, tokens Column, now time.Time) (*Verdicts, error) {
	made := &Verdicts{}
	err := b.run(ctx, verifier, tokens, instants{now: now.Unix()}, made, nil)
	if made.failed(err) {
		return nil, err
	}
	return made, err
}

// failed tells whether there are no verdicts. With an error there are some if the context ended.
func (v *Verdicts) failed(err error) bool { return err != nil && v.Codes == nil }

// instants are those at which a batch judges: one for all rows, or one for each.
type instants struct {
	now   int64
	each  []int64
	known []uint8
}

// run fills in the verdicts, and what an audit tells, if there is one.
func (b *Batch) run(
	ctx context.Context, verifier *Verifier, tokens Column, when instants, made *Verdicts, audit *Audit,
) error {
	object, err := verifier.acquire()
	if err != nil {
		return err
	}
	defer verifier.release()
	batch, err := b.acquire()
	if err != nil {
		return err
	}
	defer b.release()
	rows := tokens.rows()
	if when.each != nil && len(when.each) != rows {
		return &Error{Code: CodeBatchInvalid, Name: "usedAt", Offset: -1}
	}
	if rows == 0 {
		return ctx.Err()
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
	codes := make([]Code, rows)
	made.flags, made.ExpiresAt, made.keys = make([]uint8, rows), make([]int64, rows), make([]uint32, rows)
	columns := C.jot_columns{
		codes:      first[C.uint32_t](codes),
		flags:      first[C.uint8_t](made.flags),
		key_index:  first[C.uint32_t](made.keys),
		expires_at: first[C.int64_t](made.ExpiresAt),
	}
	if audit != nil {
		audit.ask(&columns, rows)
	}
	var asOf *C.int64_t
	var known *C.uint8_t
	if when.each != nil {
		asOf, known = first[C.int64_t](when.each), first[C.uint8_t](when.known)
	}
	var fault failure
	var accepted, distinct C.size_t
	code := C.jot_go_batch(
		batch, object, tokens.lent(), C.int64_t(when.now), asOf, known, watch, columns,
		&accepted, &distinct, fault.out(),
	)
	if err := fault.of(code); err != nil {
		return err
	}
	if audit != nil {
		if err := audit.take(batch); err != nil {
			return err
		}
	}
	made.Codes, made.Accepted, made.Distinct = codes, int(accepted), int(distinct)
	for _, code := range codes {
		if code == CodeBatchCancelled {
			return context.Cause(ctx)
		}
	}
	return nil
}
