package jwt

import (
	"crypto/sha256"
	"encoding/binary"
	"sync"
)

// name tells things apart that are made of keys and rules. It has nothing of a secret.
type name [sha256.Size]byte

// nameOf is that of parts, each with its length.
func nameOf(parts ...[]byte) name {
	var text []byte
	for _, part := range parts {
		text = binary.AppendUvarint(text, uint64(len(part)))
		text = append(text, part...)
	}
	return sha256.Sum256(text)
}

// kept are the last things that were made; the oldest make room.
type kept[T any] struct {
	most  int
	lock  sync.RWMutex
	made  map[name]T
	order []name
}

func (k *kept[T]) of(of name, make func() (T, error)) (T, error) {
	k.lock.RLock()
	found, known := k.made[of]
	k.lock.RUnlock()
	if known {
		return found, nil
	}
	made, err := make()
	if err != nil {
		return made, err
	}
	k.lock.Lock()
	defer k.lock.Unlock()
	if found, known := k.made[of]; known {
		return found, nil
	}
	if k.made == nil {
		k.made = map[name]T{}
	}
	if len(k.order) >= k.most {
		delete(k.made, k.order[0])
		k.order = k.order[1:]
	}
	k.made[of] = made
	k.order = append(k.order, of)
	return made, nil
}
