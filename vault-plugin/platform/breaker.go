package platform

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"time"
)

const (
	breakerWindow = 60 * time.Second
	// Calls of one second are counted together.
	breakerStep = time.Second
	openFor     = 30 * time.Second
	mostPercent = 5
	// With fewer calls, the share of failures says nothing.
	leastCalls = 20
)

// Breaker stops calls of an API that fails. It opens for 30 s when more than 5 % of the last minute's
// calls failed, and there were at least 20. Then it lets one call through, the probe: if that works, the
// breaker closes; if it fails, the breaker stays open for another 30 s.
type Breaker struct {
	clock   Clock
	mu      sync.Mutex
	seconds []second
	// Zero while the breaker is closed.
	openUntil time.Time
	probing   bool
}

// second counts the calls that ended in one second.
type second struct {
	from            time.Time
	calls, failures int
}

// NewBreaker returns a breaker that lets calls through.
func NewBreaker(clock Clock) *Breaker { return &Breaker{clock: clock} }

// outcome is what a call says about the API.
type outcome int

const (
	worked outcome = iota
	broken
	unknown
)

// check returns an error while no call may be sent.
func (b *Breaker) check() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.refusal()
}

// begin begins a call, unless none may be sent. The returned function ends it.
func (b *Breaker) begin() (end func(outcome), err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.refusal(); err != nil {
		return nil, err
	}
	probe := !b.openUntil.IsZero()
	b.probing = probe
	return func(ended outcome) { b.end(ended, probe) }, nil
}

func (b *Breaker) refusal() error {
	left := b.openUntil.Sub(b.clock.Now())
	if b.openUntil.IsZero() || left <= 0 && !b.probing {
		return nil
	}
	if left <= 0 {
		left = openFor
	}
	return fmt.Errorf("not sent: too many calls failed in the last minute; try again in %d s", int(math.Ceil(left.Seconds())))
}

func (b *Breaker) end(ended outcome, probe bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	if probe {
		b.probing = false
	}
	switch {
	// A call from before the breaker opened says nothing about the API now.
	case ended == unknown, !probe && !b.openUntil.IsZero():
	case !probe:
		b.count(now, ended)
	case ended == broken:
		b.openUntil = now.Add(openFor)
	default:
		b.openUntil = time.Time{}
	}
}

// count counts a call, and opens the breaker if too many failed. It counts by time: old failures are
// forgotten, however few calls there are.
func (b *Breaker) count(now time.Time, ended outcome) {
	b.seconds = slices.DeleteFunc(b.seconds, func(s second) bool { return now.Sub(s.from) >= breakerWindow })
	if n := len(b.seconds); n == 0 || now.Sub(b.seconds[n-1].from) >= breakerStep {
		b.seconds = append(b.seconds, second{from: now})
	}
	last := &b.seconds[len(b.seconds)-1]
	last.calls++
	if ended == broken {
		last.failures++
	}
	calls, failures := 0, 0
	for _, each := range b.seconds {
		calls, failures = calls+each.calls, failures+each.failures
	}
	if calls >= leastCalls && 100*failures > mostPercent*calls {
		b.openUntil, b.seconds = now.Add(openFor), nil
	}
}
