package engine

import "sync"

// admission counts the requests for clients that are under way, by role.
type admission struct {
	mu    sync.Mutex
	count map[string]int
}

// enter counts a request; the caller holds the lock. The returned function ends it.
func (a *admission) enter(name string) (done func()) {
	if a.count == nil {
		a.count = map[string]int{}
	}
	a.count[name]++
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.count[name]--
	}
}
