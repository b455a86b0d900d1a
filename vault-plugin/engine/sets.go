package engine

import (
	"sync"
	"time"
)

// keys is a set of keys that several requests share.
type keys struct {
	mu  sync.Mutex
	set map[string]bool
}

// add adds a key, and returns a function that takes it out again.
func (k *keys) add(key string) (done func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.set == nil {
		k.set = map[string]bool{}
	}
	k.set[key] = true
	return func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		delete(k.set, key)
	}
}

func (k *keys) has(key string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.set[key]
}

// times is a time for each name, shared by several requests.
type times struct {
	mu  sync.Mutex
	set map[string]time.Time
}

func (t *times) put(name string, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.set == nil {
		t.set = map[string]time.Time{}
	}
	t.set[name] = at
}

func (t *times) get(name string) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.set[name]
}
